import {
  Metadata,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerInterceptingCall,
  status as Code,
} from '@grpc/grpc-js';
import { constants, type Http2Stream } from 'node:http2';
import {
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import type { Clock, Timer } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import type { OpenCalls } from './open-calls.ts';
import { acceptedEncodingHeader, encodingRefusal } from './request-encoding.ts';
import { allowReset, isTraceparent, type RequestContext, requests } from './request-context.ts';

export interface CallObservers {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracer: Tracer | undefined;
  readonly openCalls: OpenCalls;
}

/**
 * Gives every call its request id, trace context, span and log line, and answers the first two in the initial
 * metadata.
 */
export function callInterceptor(observers: CallObservers): ServerInterceptor {
  return (method, call) => {
    let record: CallRecord | undefined;
    let requestEnded = false;
    let answered = false;
    let late: Timer | undefined;
    const answer = (): void => {
      if (!record || answered) return;
      answered = true;
      late?.cancel();
      call.sendMetadata(record.initialMetadata());
    };
    // grpc-js has statuses of its own (deadline, a reply that cannot be encoded), which it sends by this method of its
    // innermost call and past every interceptor.
    const sendStatus = call.sendStatus.bind(call);
    call.sendStatus = (status) => {
      answer();
      record?.end(status.code ?? Code.UNKNOWN);
      sendStatus(status);
    };
    const run = (next: () => void): void => (record ? record.run(next) : next());
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, nextMetadata) => {
            record = new CallRecord(observers, method.path.slice(1), metadata, call);
            // Clients read ENHANCE_YOUR_CALM as RESOURCE_EXHAUSTED.
            allowReset(metadata, () => streamOf(call)?.close(constants.NGHTTP2_ENHANCE_YOUR_CALM));
            // Where the request is there already, a reply that comes soon takes them along: they would cost a packet of
            // their own.
            if (method.responseStream) answer();
            else
              observers.clock.soon(() => {
                if (!requestEnded) answer();
                else if (!answered) late = observers.clock.after(limits.metadataWithReplyMs, answer);
              });
            const refusal = encodingRefusal(call);
            if (refusal) {
              call.sendStatus(refusal);
              return;
            }
            record.endOnShutdown(call, method.responseStream);
            run(() => nextMetadata(metadata));
          },
          onReceiveMessage: (message, nextMessage) => run(() => nextMessage(message)),
          onReceiveHalfClose: (nextHalfClose) => {
            requestEnded = true;
            run(nextHalfClose);
          },
          onCancel: () => {
            answered = true;
            late?.cancel();
            record?.end(overdue(call, observers.clock) ? Code.DEADLINE_EXCEEDED : Code.CANCELLED);
            if (!requestEnded) closeLater(call, observers.clock);
          },
        }),
      sendMetadata: (metadata, next) => {
        answer();
        next(metadata);
      },
    });
  };
}

function overdue(call: ServerInterceptingCallInterface, clock: Clock): boolean {
  return Number(call.getDeadline()) <= clock.now();
}

/** Codes that are the server's fault; the others are answers. */
const serverFaults: ReadonlySet<Code> = new Set([
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.UNIMPLEMENTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]);

class CallRecord {
  readonly #observers: CallObservers;
  readonly #request: RequestContext;
  readonly #span: Span | undefined;
  readonly #startTime: number;
  readonly #peer: string;
  #ended = false;
  #done: () => void = () => undefined;

  constructor(
    observers: CallObservers,
    method: string,
    metadata: Metadata,
    call: ServerInterceptingCallInterface,
  ) {
    const { clock, tracer } = observers;
    const incoming = firstText(metadata, 'traceparent');
    const parent = incoming !== undefined && isTraceparent(incoming) ? incoming : undefined;
    this.#observers = observers;
    this.#startTime = clock.monotonic();
    this.#peer = call.getPeer();
    this.#span = tracer && startSpan(tracer, method, parent, call);
    this.#request = {
      method,
      requestId: acceptedRequestId(firstText(metadata, 'x-request-id')) ?? clock.hex(16),
      traceparent: spanTraceparent(this.#span) ?? parent ?? `00-${clock.hex(16)}-${clock.hex(8)}-01`,
    };
    this.#span?.setAttribute('orchestrator.request.id', this.#request.requestId);
  }

  run(next: () => void): void {
    if (!this.#span) requests.run(this.#request, next);
    else context.with(trace.setSpan(context.active(), this.#span), () => requests.run(this.#request, next));
  }

  initialMetadata(): Metadata {
    const metadata = new Metadata();
    metadata.set('x-request-id', this.#request.requestId);
    metadata.set('traceparent', this.#request.traceparent);
    metadata.set(acceptedEncodingHeader.name, acceptedEncodingHeader.value);
    return metadata;
  }

  /**
   * Streams of health and reflection end only when their client wants it, and have no handler of ours that would. A
   * unary health check is answered to the end: it is how a balancer learns that this server drains.
   */
  endOnShutdown(call: ServerInterceptingCallInterface, streams: boolean): void {
    if (!streams || !this.#request.method.startsWith('grpc.')) return;
    const controller = new AbortController();
    controller.signal.addEventListener('abort', () => {
      this.end(Code.UNAVAILABLE);
      call.sendStatus({ code: Code.UNAVAILABLE, details: 'the server is shutting down' });
    });
    this.#done = this.#observers.openCalls.add(controller);
  }

  end(code: Code): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#done();
    const name = Code[code] ?? String(code);
    this.#span?.setAttribute('rpc.response.status_code', name);
    if (serverFaults.has(code)) {
      this.#span?.setAttribute('error.type', name);
      this.#span?.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span?.end();
    const fields = {
      method: this.#request.method,
      code: name,
      duration_ms: Math.round(this.#observers.clock.monotonic() - this.#startTime),
      peer: this.#peer,
      request_id: this.#request.requestId,
      trace_id: this.#request.traceparent.slice(3, 35),
    };
    if (serverFaults.has(code)) this.#observers.logger.warn(fields, 'call failed');
    else this.#observers.logger.debug(fields, 'call ended');
  }
}

function firstText(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === 'string' ? value : undefined;
}

function acceptedRequestId(text: string | undefined): string | undefined {
  const accepted =
    text !== undefined && text.length <= limits.metadataRequestIdCharsMax && /^[!-~]+$/.test(text);
  return accepted ? text : undefined;
}

function startSpan(
  tracer: Tracer,
  method: string,
  parent: string | undefined,
  call: ServerInterceptingCallInterface,
): Span {
  const peer = call.getConnectionInfo();
  const attributes = {
    'rpc.system.name': 'grpc',
    'rpc.method': method,
    'server.address': call.getHost(),
    'network.peer.address': peer.remoteAddress,
    'network.peer.port': peer.remotePort,
  };
  return tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parentContext(parent));
}

function parentContext(traceparent: string | undefined): typeof ROOT_CONTEXT {
  if (traceparent === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53, 55), 16),
    isRemote: true,
  });
}

/** Undefined also for a span that nobody records. */
function spanTraceparent(span: Span | undefined): string | undefined {
  if (!span) return undefined;
  const { traceId, spanId, traceFlags } = span.spanContext();
  const text = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  return isTraceparent(text) ? text : undefined;
}

/** A client that never completes a request that is answered already would keep its stream, and send, for ever. */
function closeLater(call: ServerInterceptingCallInterface, clock: Clock): void {
  const stream = streamOf(call);
  if (!stream || stream.closed) return;
  // Not at once: a reset may overtake the status.
  const timer = clock.after(limits.requestRestMs, () => stream.close(constants.NGHTTP2_NO_ERROR));
  stream.once('close', () => timer.cancel());
}

/** grpc-js has no way to give up on a peer, so this takes the HTTP/2 stream of its innermost call. */
function streamOf(call: ServerInterceptingCallInterface): Http2Stream | undefined {
  const stream: unknown = Reflect.get(call, 'stream');
  const closes = typeof stream === 'object' && stream !== null && 'close' in stream && 'closed' in stream;
  return closes ? (stream as Http2Stream) : undefined;
}
