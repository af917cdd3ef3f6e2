import { AsyncLocalStorage } from 'node:async_hooks';

/** Which call is being served; follows it through everything it awaits. */
export interface RequestContext {
  /** The caller's `x-request-id`, or one made here. */
  readonly requestId: string;
  /** W3C trace context of the call's server span, else the caller's, else one made here. */
  readonly traceparent: string;
  /** Full name, for example `orchestrator.v1.WorkflowService/GetWorkflow`. */
  readonly method: string;
  /** Resets the HTTP/2 stream, for a peer that takes nothing any more, not even a status. */
  readonly reset: () => void;
}

export const requests = new AsyncLocalStorage<RequestContext>();

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
