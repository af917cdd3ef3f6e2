// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Orchestrator__Input as _orchestrator_v1_Orchestrator__Input, Orchestrator__Output as _orchestrator_v1_Orchestrator__Output } from '../../orchestrator/v1/Orchestrator.ts';

/**
 * All orchestrators.
 */
export interface ListOrchestratorsResponse__Input {
  /**
   * In a stable order.
   */
  'orchestrators'?: (_orchestrator_v1_Orchestrator__Input)[];
}

/**
 * All orchestrators.
 */
export interface ListOrchestratorsResponse__Output {
  /**
   * In a stable order.
   */
  'orchestrators': (_orchestrator_v1_Orchestrator__Output)[];
}
