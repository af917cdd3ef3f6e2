import type { MethodDefinition } from '@grpc/grpc-js';
import type { Logger } from '../workflow/logger.ts';
import type { ReplyMemory } from './reply-memory.ts';
import { requests } from './request-context.ts';

/** A method of any service; what goes in and out is known to its handler. */
// oxlint-disable-next-line typescript/no-explicit-any -- as grpc-js types a service whose handlers are added by name
export type AnyMethod = MethodDefinition<any, any>;

export interface ReplyObservers {
  readonly logger: Logger;
  readonly memory: ReplyMemory;
}

/**
 * The service with an encoder of replies that says how large each is, and writes into the log why one fails: grpc-js ends
 * the call with INTERNAL and keeps the cause to itself. The reply is not written, only the error.
 */
export function observingReplies(
  service: Readonly<Record<string, AnyMethod>>,
  observers: ReplyObservers,
): Readonly<Record<string, AnyMethod>> {
  const methods = Object.entries(service).map(([name, method]) => [name, observing(method, observers)]);
  return Object.fromEntries(methods) as Readonly<Record<string, AnyMethod>>;
}

function observing<Request, Reply>(
  method: MethodDefinition<Request, Reply>,
  { logger, memory }: ReplyObservers,
): MethodDefinition<Request, Reply> {
  const responseSerialize = (reply: Reply): Buffer => {
    try {
      const bytes = method.responseSerialize(reply);
      memory.sent(bytes.length);
      return bytes;
    } catch (error) {
      const request_id = requests.getStore()?.requestId;
      logger.error({ error, method: method.path.slice(1), request_id }, 'a reply could not be encoded');
      throw error;
    }
  };
  return { ...method, responseSerialize };
}
