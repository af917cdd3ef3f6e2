import type { ServiceError } from '@grpc/grpc-js';
import { rpc } from './definition.ts';
import { RpcError, type RpcErrorDetail } from './rpc-error.ts';
import { millisecondsOf } from './time-message.ts';

/** The one place where errors of the gRPC library become ours. Anything else comes back as it is. */
export function rpcErrorFrom(error: unknown): unknown {
  if (error instanceof RpcError || !isServiceError(error)) return error;
  // The library ends what it says of a lost connection with a note on name resolution, mostly an empty one.
  const message = (error.details || error.message).replace(/\s*Resolution note:.*$/s, '');
  return new RpcError(error.code, message, { ...detailsOf(error), cause: error });
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
}

const typePrefix = 'type.googleapis.com/google.rpc.';

function detailsOf(error: ServiceError): RpcErrorDetail {
  const [encoded] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!Buffer.isBuffer(encoded)) return {};
  try {
    return decode(encoded);
  } catch {
    // Another server's details; code and message say the rest.
    return {};
  }
}

function decode(encoded: Buffer): RpcErrorDetail {
  const found: { -readonly [Key in keyof RpcErrorDetail]: RpcErrorDetail[Key] } = {};
  for (const any of rpc.Status.deserialize(encoded).details) {
    const { type_url: url, value } = any;
    if (!url.startsWith(typePrefix)) continue;
    switch (url.slice(typePrefix.length)) {
      case 'ErrorInfo': {
        const { reason, metadata } = rpc.ErrorInfo.deserialize(value);
        Object.assign(found, { reason, metadata });
        break;
      }
      case 'BadRequest': {
        found.violations = rpc.BadRequest.deserialize(value).fieldViolations.map(
          ({ field, description, reason }) => ({ field, description, reason }),
        );
        break;
      }
      case 'RetryInfo':
        found.retryDelayMs = millisecondsOf(rpc.RetryInfo.deserialize(value).retryDelay);
        break;
    }
  }
  return found;
}
