// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Workflow__Input as _orchestrator_v1_Workflow__Input, Workflow__Output as _orchestrator_v1_Workflow__Output } from '../../orchestrator/v1/Workflow.ts';
import type { Receipt__Input as _orchestrator_v1_Receipt__Input, Receipt__Output as _orchestrator_v1_Receipt__Output } from '../../orchestrator/v1/Receipt.ts';

/**
 * What the cancel did.
 */
export interface CancelWorkflowResponse__Input {
  /**
   * The workflow after it.
   */
  'workflow'?: (_orchestrator_v1_Workflow__Input | null);
  /**
   * False: it had ended otherwise before, see its state.
   */
  'cancelled'?: (boolean);
  /**
   * What was done and billed until then; absent unless cancelled.
   */
  'receipt'?: (_orchestrator_v1_Receipt__Input | null);
}

/**
 * What the cancel did.
 */
export interface CancelWorkflowResponse__Output {
  /**
   * The workflow after it.
   */
  'workflow': (_orchestrator_v1_Workflow__Output | null);
  /**
   * False: it had ended otherwise before, see its state.
   */
  'cancelled': (boolean);
  /**
   * What was done and billed until then; absent unless cancelled.
   */
  'receipt': (_orchestrator_v1_Receipt__Output | null);
}
