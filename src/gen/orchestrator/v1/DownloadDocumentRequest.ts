// Original file: proto/orchestrator/v1/workflow_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which document to download.
 */
export interface DownloadDocumentRequest__Input {
  /**
   * The workflow.
   */
  'workflowId'?: (string);
  /**
   * Lower-case hexadecimal SHA-256 of the document.
   */
  'sha256'?: (string);
  /**
   * markdown, docx or pdf.
   */
  'format'?: (string);
  /**
   * Bytes to skip, to go on after an interruption; at most the size of the document, else OUT_OF_RANGE.
   */
  'offset'?: (number | string | Long);
  /**
   * Exactly one must be set. NOT_FOUND: the workflow has no such document (yet).
   */
  'document'?: "sha256"|"format";
}

/**
 * Which document to download.
 */
export interface DownloadDocumentRequest__Output {
  /**
   * The workflow.
   */
  'workflowId': (string);
  /**
   * Lower-case hexadecimal SHA-256 of the document.
   */
  'sha256'?: (string);
  /**
   * markdown, docx or pdf.
   */
  'format'?: (string);
  /**
   * Bytes to skip, to go on after an interruption; at most the size of the document, else OUT_OF_RANGE.
   */
  'offset': (string);
  /**
   * Exactly one must be set. NOT_FOUND: the workflow has no such document (yet).
   */
  'document'?: "sha256"|"format";
}
