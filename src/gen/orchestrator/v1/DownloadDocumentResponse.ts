// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Document__Input as _orchestrator_v1_Document__Input, Document__Output as _orchestrator_v1_Document__Output } from '../../orchestrator/v1/Document.ts';

/**
 * A part of a document.
 */
export interface DownloadDocumentResponse__Input {
  /**
   * First message.
   */
  'metadata'?: (_orchestrator_v1_Document__Input | null);
  /**
   * All following messages; at most 64 KiB each.
   */
  'chunk'?: (Buffer | Uint8Array | string);
  /**
   * What this message is.
   */
  'part'?: "metadata"|"chunk";
}

/**
 * A part of a document.
 */
export interface DownloadDocumentResponse__Output {
  /**
   * First message.
   */
  'metadata'?: (_orchestrator_v1_Document__Output | null);
  /**
   * All following messages; at most 64 KiB each.
   */
  'chunk'?: (Buffer);
  /**
   * What this message is.
   */
  'part'?: "metadata"|"chunk";
}
