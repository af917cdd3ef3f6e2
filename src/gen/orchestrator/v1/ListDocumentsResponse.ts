// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Document__Input as _orchestrator_v1_Document__Input, Document__Output as _orchestrator_v1_Document__Output } from '../../orchestrator/v1/Document.ts';

/**
 * The documents of a workflow; at most one per format.
 */
export interface ListDocumentsResponse__Input {
  /**
   * In the order rendering began.
   */
  'documents'?: (_orchestrator_v1_Document__Input)[];
}

/**
 * The documents of a workflow; at most one per format.
 */
export interface ListDocumentsResponse__Output {
  /**
   * In the order rendering began.
   */
  'documents': (_orchestrator_v1_Document__Output)[];
}
