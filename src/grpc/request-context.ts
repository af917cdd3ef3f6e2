import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';

/** Which call is being served; follows it through everything it awaits. Plain values only: what inherits it may live long. */
export interface RequestContext {
  /** The caller's `x-request-id`, or one made here. */
  readonly requestId: string;
  /** W3C trace context of the call's server span, else the caller's, else one made here. */
  readonly traceparent: string;
  /** Full name, for example `orchestrator.v1.WorkflowService/GetWorkflow`. */
  readonly method: string;
}

export const requests = new AsyncLocalStorage<RequestContext>();

/**
 * Runs what may begin work that outlives the call: its timers and actors see neither the call nor its span, so they
 * do not hold the call in memory and write no log lines in its name. Whoever awaits the result keeps both.
 */
export function detached<T>(run: () => T): T {
  return requests.exit(() => context.with(ROOT_CONTEXT, run));
}

const resets = new WeakMap<object, () => void>();

/** Makes it possible to reset the HTTP/2 stream of a call, which its handler knows by the metadata it received. */
export function allowReset(metadata: object, reset: () => void): void {
  resets.set(metadata, reset);
}

/** Resets the call's HTTP/2 stream, for a peer that takes nothing any more, not even a status. */
export function resetCall(metadata: object): void {
  resets.get(metadata)?.();
}

/** Fields for every log line that is written while a call is served; empty elsewhere. */
export function requestFields(): Record<string, string> {
  const request = requests.getStore();
  return request ? { request_id: request.requestId, trace_id: request.traceparent.slice(3, 35) } : {};
}

const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether a text is a W3C traceparent of version 00. */
export function isTraceparent(text: string): boolean {
  return traceparentPattern.test(text);
}
