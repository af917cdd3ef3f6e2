// Original file: proto/orchestrator/v1/workflow.proto

import type { Failure__Input as _orchestrator_v1_Failure__Input, Failure__Output as _orchestrator_v1_Failure__Output } from '../../orchestrator/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

// Original file: proto/orchestrator/v1/workflow.proto

/**
 * Where a document stands.
 */
export const _orchestrator_v1_Document_State = {
  /**
   * Never sent.
   */
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  /**
   * Being rendered.
   */
  STATE_STARTED: 'STATE_STARTED',
  /**
   * Can be downloaded.
   */
  STATE_COMPLETED: 'STATE_COMPLETED',
  /**
   * Not rendered; `failure` says why. The workflow goes on.
   */
  STATE_FAILED: 'STATE_FAILED',
} as const;

/**
 * Where a document stands.
 */
export type _orchestrator_v1_Document_State__Input =
  /**
   * Never sent.
   */
  | 'STATE_UNSPECIFIED'
  | 0
  /**
   * Being rendered.
   */
  | 'STATE_STARTED'
  | 1
  /**
   * Can be downloaded.
   */
  | 'STATE_COMPLETED'
  | 2
  /**
   * Not rendered; `failure` says why. The workflow goes on.
   */
  | 'STATE_FAILED'
  | 3

/**
 * Where a document stands.
 */
export type _orchestrator_v1_Document_State__Output = typeof _orchestrator_v1_Document_State[keyof typeof _orchestrator_v1_Document_State]

/**
 * A rendered document, or the attempt at one.
 */
export interface Document__Input {
  /**
   * markdown, docx or pdf.
   */
  'format'?: (string);
  /**
   * Where it stands.
   */
  'state'?: (_orchestrator_v1_Document_State__Input);
  /**
   * Chosen by the server; empty until completed.
   */
  'fileName'?: (string);
  /**
   * IANA media type; empty until completed.
   */
  'mediaType'?: (string);
  /**
   * Lower-case hexadecimal SHA-256 of the bytes; empty until completed.
   */
  'sha256'?: (string);
  /**
   * Size in bytes; 0 until completed.
   */
  'sizeBytes'?: (number | string | Long);
  /**
   * Why it was not rendered; absent otherwise.
   */
  'failure'?: (_orchestrator_v1_Failure__Input | null);
}

/**
 * A rendered document, or the attempt at one.
 */
export interface Document__Output {
  /**
   * markdown, docx or pdf.
   */
  'format': (string);
  /**
   * Where it stands.
   */
  'state': (_orchestrator_v1_Document_State__Output);
  /**
   * Chosen by the server; empty until completed.
   */
  'fileName': (string);
  /**
   * IANA media type; empty until completed.
   */
  'mediaType': (string);
  /**
   * Lower-case hexadecimal SHA-256 of the bytes; empty until completed.
   */
  'sha256': (string);
  /**
   * Size in bytes; 0 until completed.
   */
  'sizeBytes': (string);
  /**
   * Why it was not rendered; absent otherwise.
   */
  'failure': (_orchestrator_v1_Failure__Output | null);
}
