import {
  type Attributes,
  type Context,
  isSpanContextValid,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** A span under way, with times taken from the log. */
export class OpenSpan {
  readonly span: Span;
  readonly #startTime: number;

  constructor(span: Span, startTime: number) {
    this.span = span;
    this.#startTime = startTime;
  }

  /** The context its children are started in. */
  within(context: Context): Context {
    return trace.setSpan(context, this.span);
  }

  /** The wall clock of the log may have stepped back; a span never ends before it began. */
  end(time: number, attributes: Attributes = {}): void {
    this.span.setAttributes(attributes);
    this.span.end(Math.max(this.#startTime, time));
  }

  fail(time: number, message: string, attributes: Attributes): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR, message });
    this.end(time, attributes);
  }
}

/** W3C `traceparent` of a span; undefined for one that a switched-off SDK gave, which has no identity. */
export function traceparentOf(span: Span): string | undefined {
  const context = span.spanContext();
  if (!isSpanContextValid(context)) return undefined;
  const { traceId, spanId, traceFlags } = context;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

export interface ParsedTraceparent {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote: true;
}

/** Undefined when absent or not valid. */
export function parseTraceparent(text: string | undefined): ParsedTraceparent | undefined {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text ?? '');
  const [, traceId, spanId, flags] = match ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
