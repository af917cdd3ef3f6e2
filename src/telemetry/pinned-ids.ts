import { RandomIdGenerator } from '@opentelemetry/sdk-trace';
import type { IdGenerator } from '@opentelemetry/sdk-trace';

/** The identity of a span that was announced before it was made. */
export interface SpanIdentity {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Random ids, except for the one root span made inside `during`. A workflow's trace context is in its log before any
 * span exists, and the span made from that log has to be the one the context names.
 */
export class PinnedIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #pinned: SpanIdentity | undefined;

  generateTraceId(): string {
    return this.#pinned?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#pinned?.spanId ?? this.#random.generateSpanId();
  }

  /** Runs `make`, which starts exactly one root span, synchronously. */
  during<T>(identity: SpanIdentity, make: () => T): T {
    this.#pinned = identity;
    try {
      return make();
    } finally {
      this.#pinned = undefined;
    }
  }
}
