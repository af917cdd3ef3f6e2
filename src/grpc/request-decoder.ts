import type { ServiceDefinition } from '@grpc/grpc-js';
import { ApplicationError } from '../engine/application-error.ts';
import { limits } from '../workflow/limits.ts';
import type { AnyMethod } from './reply-encoder.ts';

/** Stands in the place of a request that was not decoded; the handler wrapper answers with its error. */
export class RefusedRequest {
  readonly error: ApplicationError;

  constructor(error: ApplicationError) {
    this.error = error;
  }
}

/**
 * The service with requests that never fail to decode: grpc-js would answer by itself, without details. A handler gets
 * its request or a RefusedRequest.
 */
export function refusingInHandler(service: Readonly<Record<string, AnyMethod>>): ServiceDefinition {
  const methods = Object.entries(service).map(([name, method]) => [
    name,
    { ...method, requestDeserialize: decoder(method.requestDeserialize) },
  ]);
  return Object.fromEntries(methods) as ServiceDefinition;
}

function decoder<Request>(
  deserialize: (bytes: Buffer) => Request,
): (bytes: Buffer) => Request | RefusedRequest {
  return (bytes) => {
    if (bytes.length > limits.requestBytesMax) return new RefusedRequest(tooLarge(bytes.length));
    try {
      return deserialize(bytes);
    } catch (error) {
      return new RefusedRequest(undecodable(error));
    }
  };
}

function tooLarge(size: number): ApplicationError {
  const limit = limits.requestBytesMax;
  const message = `must have at most ${limit} bytes, not ${size}; put larger texts into a corpus and name it in options.corpus`;
  return new ApplicationError('exhausted', message, {
    reason: 'REQUEST_TOO_LARGE',
    metadata: { size: String(size), limit: String(limit) },
    violations: [{ path: ['request'], message, code: 'TOO_BIG' }],
  });
}

function undecodable(error: unknown): ApplicationError {
  const cause = error instanceof Error ? error.message : String(error);
  const message = `cannot be decoded as the protobuf message of this method: ${cause}`;
  return new ApplicationError('invalid', message, {
    reason: 'UNDECODABLE_REQUEST',
    violations: [{ path: ['request'], message, code: 'INVALID_FORMAT' }],
    cause: error,
  });
}
