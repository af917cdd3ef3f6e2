// Original file: proto/orchestrator/v1/event.proto

import type { Receipt__Input as _orchestrator_v1_Receipt__Input, Receipt__Output as _orchestrator_v1_Receipt__Output } from '../../orchestrator/v1/Receipt.ts';

/**
 * Last event: a cancel took effect.
 */
export interface WorkflowCancelled__Input {
  /**
   * What was done and billed until then.
   */
  'receipt'?: (_orchestrator_v1_Receipt__Input | null);
}

/**
 * Last event: a cancel took effect.
 */
export interface WorkflowCancelled__Output {
  /**
   * What was done and billed until then.
   */
  'receipt': (_orchestrator_v1_Receipt__Output | null);
}
