import type { handleServerStreamingCall, handleUnaryCall, Metadata } from '@grpc/grpc-js';
import type { EventEmitter } from 'node:events';
import type { Clock } from '../clock/clock.ts';
import { ApplicationError } from '../engine/application-error.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import { applicationStatus, internalStatus, type RpcStatus } from './error-code.ts';
import { MessageSender, type Send, StalledError } from './message-sender.ts';
import type { OpenCalls } from './open-calls.ts';
import { type RequestContext, requests, resetCall } from './request-context.ts';
import { RefusedRequest } from './request-decoder.ts';

/** What every handler needs. */
export interface HandlerContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly openCalls: OpenCalls;
}

export interface Call {
  readonly request: RequestContext;
  /**
   * Aborts when the call is over before its handler has succeeded, for whatever reason, and when the server shuts down
   * and cannot wait for it.
   */
  readonly signal: AbortSignal;
}

/** How a handler is run. */
export interface HandlerOptions {
  /** The call may last as long as a workflow, so a shutdown ends it. Default false. */
  readonly longLived?: boolean;
}

/** The one wrapper of unary handlers: exactly one reply, also when `handle` throws; errors by the one table. */
export function unary<Request, Reply>(
  context: HandlerContext,
  handle: (request: Request, call: Call) => Promise<Reply>,
  options: HandlerOptions = {},
): handleUnaryCall<Request, Reply> {
  return (surface, callback) => {
    const { call, succeeded, done } = begin(context, surface, options);
    const answer = async (): Promise<void> => {
      let reply: Reply;
      try {
        reply = await handle(decoded(surface.request), call);
        succeeded();
      } catch (error) {
        callback(statusOf(context, call, error));
        return;
      } finally {
        done();
      }
      callback(null, reply);
    };
    settled(context, call, answer());
  };
}

/** The one wrapper of server streams: messages one after the other at the client's pace, then OK or one error. */
export function serverStream<Request, Reply>(
  context: HandlerContext,
  handle: (request: Request, call: Call, send: Send<Reply>) => Promise<void>,
  options: HandlerOptions = {},
): handleServerStreamingCall<Request, Reply> {
  return (surface) => {
    const { call, succeeded, done } = begin(context, surface, options);
    const sender = new MessageSender(surface, context.clock, call.signal);
    const stream = async (): Promise<void> => {
      try {
        await handle(decoded(surface.request), call, (message, sending) => sender.send(message, sending));
        succeeded();
        surface.end();
      } catch (error) {
        if (!surface.cancelled) surface.emit('error', statusOf(context, call, error));
        if (error instanceof StalledError) await giveUp(context, call, surface);
      } finally {
        sender.close();
        done();
      }
    };
    settled(context, call, stream());
  };
}

function begin(
  context: HandlerContext,
  surface: EventEmitter & { readonly cancelled: boolean },
  options: HandlerOptions,
): { call: Call; succeeded: () => void; done: () => void } {
  const request = requests.getStore();
  if (!request) throw new Error('a handler runs outside its call');
  const controller = new AbortController();
  let success = false;
  // Fires after every call, also after a good one, of which nobody is left who would have to hear it.
  surface.once('cancelled', () => {
    if (!success) controller.abort(new Error('the call is over'));
  });
  if (surface.cancelled) controller.abort(new Error('the call is over'));
  const done = options.longLived ? context.openCalls.add(controller) : () => undefined;
  const succeeded = (): void => {
    success = true;
  };
  return { call: { request, signal: controller.signal }, succeeded, done };
}

/** The request; throws the error of one that was not decoded. */
function decoded<Request>(request: Request | RefusedRequest): Request {
  if (request instanceof RefusedRequest) throw request.error;
  return request;
}

/** A handler reports every failure itself; what still gets here is a defect of the wrapper. */
function settled(context: HandlerContext, call: Call, work: Promise<void>): void {
  work.catch((error: unknown) => {
    context.logger.error({ error, method: call.request.method }, 'a call could not be answered');
  });
}

function statusOf(context: HandlerContext, call: Call, error: unknown): RpcStatus {
  if (error instanceof ApplicationError) return applicationStatus(error);
  // Whoever waits with the signal rejects with its reason or with an error of its own.
  const reason: unknown = call.signal.reason;
  if (reason instanceof ApplicationError) return applicationStatus(reason);
  if (!call.signal.aborted) {
    const { requestId, method } = call.request;
    context.logger.error({ error, method, request_id: requestId }, 'a call failed by a defect');
  }
  return internalStatus(call.request.requestId);
}

/** The status waits behind the message that the client does not take. If it never does, the stream is reset. */
async function giveUp(
  { clock }: HandlerContext,
  { signal }: Call,
  surface: { readonly cancelled: boolean; readonly metadata: Metadata },
): Promise<void> {
  // Rejects when the call is over, because the client read the rest or went away, and when the server shuts down.
  await clock.sleep(limits.watchStalledMs, signal).catch(() => undefined);
  if (!surface.cancelled) resetCall(surface.metadata);
}
