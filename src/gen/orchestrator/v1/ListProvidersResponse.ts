// Original file: proto/orchestrator/v1/catalog_service.proto

import type { Provider__Input as _orchestrator_v1_Provider__Input, Provider__Output as _orchestrator_v1_Provider__Output } from '../../orchestrator/v1/Provider.ts';

/**
 * All providers.
 */
export interface ListProvidersResponse__Input {
  /**
   * In a stable order.
   */
  'providers'?: (_orchestrator_v1_Provider__Input)[];
}

/**
 * All providers.
 */
export interface ListProvidersResponse__Output {
  /**
   * In a stable order.
   */
  'providers': (_orchestrator_v1_Provider__Output)[];
}
