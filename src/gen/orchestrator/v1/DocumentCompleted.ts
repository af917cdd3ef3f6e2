// Original file: proto/orchestrator/v1/event.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A document can be downloaded.
 */
export interface DocumentCompleted__Input {
  /**
   * markdown, docx or pdf.
   */
  'format'?: (string);
  /**
   * Chosen by the server.
   */
  'fileName'?: (string);
  /**
   * IANA media type.
   */
  'mediaType'?: (string);
  /**
   * Lower-case hexadecimal SHA-256 of the bytes.
   */
  'sha256'?: (string);
  /**
   * Size in bytes.
   */
  'sizeBytes'?: (number | string | Long);
  /**
   * How long rendering took.
   */
  'duration'?: (_google_protobuf_Duration__Input | null);
}

/**
 * A document can be downloaded.
 */
export interface DocumentCompleted__Output {
  /**
   * markdown, docx or pdf.
   */
  'format': (string);
  /**
   * Chosen by the server.
   */
  'fileName': (string);
  /**
   * IANA media type.
   */
  'mediaType': (string);
  /**
   * Lower-case hexadecimal SHA-256 of the bytes.
   */
  'sha256': (string);
  /**
   * Size in bytes.
   */
  'sizeBytes': (string);
  /**
   * How long rendering took.
   */
  'duration': (_google_protobuf_Duration__Output | null);
}
