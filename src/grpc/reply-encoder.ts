import type { MethodDefinition } from '@grpc/grpc-js';
import type { Logger } from '../workflow/logger.ts';
import { requests } from './request-context.ts';

/** A method of any service; what goes in and out is known to its handler. */
// oxlint-disable-next-line typescript/no-explicit-any -- as grpc-js types a service whose handlers are added by name
export type AnyMethod = MethodDefinition<any, any>;

/**
 * The service with an encoder of replies that writes into the log why it fails: grpc-js ends the call with INTERNAL and
 * keeps the cause to itself. The reply is not written, only the error.
 */
export function reportingFailures(
  service: Readonly<Record<string, AnyMethod>>,
  logger: Logger,
): Readonly<Record<string, AnyMethod>> {
  const methods = Object.entries(service).map(([name, method]) => [name, reporting(method, logger)]);
  return Object.fromEntries(methods) as Readonly<Record<string, AnyMethod>>;
}

function reporting<Request, Reply>(
  method: MethodDefinition<Request, Reply>,
  logger: Logger,
): MethodDefinition<Request, Reply> {
  const responseSerialize = (reply: Reply): Buffer => {
    try {
      return method.responseSerialize(reply);
    } catch (error) {
      const request_id = requests.getStore()?.requestId;
      logger.error({ error, method: method.path.slice(1), request_id }, 'a reply could not be encoded');
      throw error;
    }
  };
  return { ...method, responseSerialize };
}
