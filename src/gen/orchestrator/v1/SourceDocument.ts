// Original file: proto/orchestrator/v1/workflow.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A document the workflow reads, by content.
 */
export interface SourceDocument__Input {
  /**
   * The name given with it.
   */
  'name'?: (string);
  /**
   * Lower-case hexadecimal SHA-256 of its UTF-8 bytes.
   */
  'sha256'?: (string);
  /**
   * Size in bytes.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * A document the workflow reads, by content.
 */
export interface SourceDocument__Output {
  /**
   * The name given with it.
   */
  'name': (string);
  /**
   * Lower-case hexadecimal SHA-256 of its UTF-8 bytes.
   */
  'sha256': (string);
  /**
   * Size in bytes.
   */
  'sizeBytes': (string);
}
