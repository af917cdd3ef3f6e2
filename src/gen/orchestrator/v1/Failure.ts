// Original file: proto/orchestrator/v1/workflow.proto

import type { Duration__Input as _google_protobuf_Duration__Input, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.ts';

/**
 * Why one call, agent or document did not succeed.
 */
export interface Failure__Input {
  /**
   * rate_limited, overloaded, connection, timeout, malformed, truncated, refused, rejected, authentication,
   * unconfigured, invalid_answer, aborted, deadline, concluded, crash, budget, quorum, limit or internal. More may come.
   */
  'code'?: (string);
  /**
   * For people, at most 4,000 characters; never holds a secret.
   */
  'message'?: (string);
  /**
   * Whether another attempt may succeed.
   */
  'retryable'?: (boolean);
  /**
   * The provider's own wish how long to wait before the next attempt; absent when it has none.
   */
  'retryAfter'?: (_google_protobuf_Duration__Input | null);
}

/**
 * Why one call, agent or document did not succeed.
 */
export interface Failure__Output {
  /**
   * rate_limited, overloaded, connection, timeout, malformed, truncated, refused, rejected, authentication,
   * unconfigured, invalid_answer, aborted, deadline, concluded, crash, budget, quorum, limit or internal. More may come.
   */
  'code': (string);
  /**
   * For people, at most 4,000 characters; never holds a secret.
   */
  'message': (string);
  /**
   * Whether another attempt may succeed.
   */
  'retryable': (boolean);
  /**
   * The provider's own wish how long to wait before the next attempt; absent when it has none.
   */
  'retryAfter': (_google_protobuf_Duration__Output | null);
}
