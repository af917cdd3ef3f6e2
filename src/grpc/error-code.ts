import { Metadata, status as Code, type StatusObject } from '@grpc/grpc-js';
import type { ApplicationError, ApplicationErrorKind, Violation } from '../engine/application-error.ts';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { rpc } from './definition.ts';
import { durationMessage } from './timestamp.ts';

/** The one table from what went wrong to what a gRPC client sees. */
const codes: Readonly<Record<ApplicationErrorKind, Code>> = {
  invalid: Code.INVALID_ARGUMENT,
  not_found: Code.NOT_FOUND,
  conflict: Code.ALREADY_EXISTS,
  wrong_state: Code.FAILED_PRECONDITION,
  exhausted: Code.RESOURCE_EXHAUSTED,
  out_of_range: Code.OUT_OF_RANGE,
  damaged: Code.DATA_LOSS,
  unavailable: Code.UNAVAILABLE,
};

const domain = 'orchestrator.v1';

interface Detail {
  readonly type_url: string;
  readonly value: Buffer;
}

/** Where the status of a refused call goes: `error.metadata` holds the details. */
export type RpcStatus = Pick<StatusObject, 'code' | 'details' | 'metadata'>;

/**
 * An application's error as a status with google.rpc details. The message has at most `limits.errorMessageBytesMax`,
 * message and details together `limits.errorTrailersBytesMax`, both counted as they stand in the trailers.
 */
export function applicationStatus(error: ApplicationError): RpcStatus {
  const message = clipPercentEncoded(messageOf(error), limits.errorMessageBytesMax);
  const room = limits.errorTrailersBytesMax - percentEncodedBytes(message);
  const code = codes[error.kind];
  const fits = (details: Detail[]): Buffer | undefined => {
    const encoded = rpc.Status.serialize({ code, message, details });
    return base64Bytes(encoded) <= room ? encoded : undefined;
  };
  for (let count = Math.min(error.violations.length, limits.fieldViolationsMax); ; count = count >> 1) {
    const encoded = fits(detailsOf(error, message, error.violations.slice(0, count)));
    if (encoded) return rpcStatus(code, message, encoded);
    if (count === 0) break;
  }
  // ErrorInfo says the most in the least room.
  const least = fits([errorInfo(error.reason, error.metadata)]) ?? fits([errorInfo(error.reason, {})]);
  return rpcStatus(code, message, least);
}

/** gRPC sends a message percent-encoded: a character of three bytes takes nine. */
function percentEncodedBytes(text: string): number {
  return encodeURI(text).length;
}

function base64Bytes(bytes: Buffer): number {
  return Math.ceil(bytes.length / 3) * 4;
}

/** The beginning of a text that takes at most so many bytes in the trailers, well-formed. */
function clipPercentEncoded(text: string, bytesMax: number): string {
  let clipped = '';
  let bytes = 0;
  for (const character of clip(text, bytesMax)) {
    bytes += percentEncodedBytes(character);
    if (bytes > bytesMax) break;
    clipped += character;
  }
  return clipped;
}

/** Bad fields are named as the request of this protocol names them. */
function messageOf(error: ApplicationError): string {
  const [first, ...more] = error.violations;
  if (!first) return error.message;
  return `${fieldPath(first.path)}: ${first.message}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
}

/** A defect: the client learns nothing but the id to report; the log has the rest. */
export function internalStatus(requestId: string): RpcStatus {
  const message = 'internal error; the server log has the details under the request id';
  const details = [errorInfo('INTERNAL', { request_id: requestId })];
  return rpcStatus(Code.INTERNAL, message, rpc.Status.serialize({ code: Code.INTERNAL, message, details }));
}

function rpcStatus(code: Code, details: string, encoded: Buffer | undefined): RpcStatus {
  const metadata = new Metadata();
  if (encoded) metadata.set('grpc-status-details-bin', encoded);
  return { code, details, metadata };
}

function detailsOf(error: ApplicationError, message: string, violations: readonly Violation[]): Detail[] {
  const details = [errorInfo(error.reason, error.metadata)];
  if (violations.length > 0) {
    const fieldViolations = violations.map((violation) => ({
      field: fieldPath(violation.path).toWellFormed(),
      description: clip(violation.message, limits.violationCharsMax),
      reason: violation.code,
    }));
    details.push(any('BadRequest', rpc.BadRequest.serialize({ fieldViolations })));
  }
  if (error.retryDelayMs !== undefined) {
    details.push(
      any('RetryInfo', rpc.RetryInfo.serialize({ retryDelay: durationMessage(error.retryDelayMs) })),
    );
  }
  const subject = (error.metadata['workflow_id'] ?? '').toWellFormed();
  if (error.kind === 'wrong_state') {
    const violation = { type: error.reason, subject, description: message };
    details.push(any('PreconditionFailure', rpc.PreconditionFailure.serialize({ violations: [violation] })));
  }
  if (error.kind === 'not_found') {
    const info = { resourceType: resourceType(error.reason), resourceName: subject, description: message };
    details.push(any('ResourceInfo', rpc.ResourceInfo.serialize(info)));
  }
  return details;
}

function resourceType(reason: string): string {
  return reason.startsWith('DOCUMENT') ? 'orchestrator.v1.Document' : 'orchestrator.v1.Workflow';
}

function errorInfo(reason: string, metadata: Readonly<Record<string, string>>): Detail {
  const entries = Object.entries(metadata).map(([key, value]) => [
    key,
    clip(value, limits.violationCharsMax),
  ]);
  const info = { reason, domain, metadata: Object.fromEntries(entries) as Record<string, string> };
  return any('ErrorInfo', rpc.ErrorInfo.serialize(info));
}

function any(type: string, value: Buffer): Detail {
  return { type_url: `type.googleapis.com/google.rpc.${type}`, value };
}

/** Fields whose members are named by the caller. */
const callerNamed = new Set(['input', 'labels']);

/** Names of the application that carry their unit, which the message does not need. */
const renamed: Readonly<Record<string, string>> = {
  workflowTimeoutMs: 'workflow_timeout',
  agentTimeoutMs: 'agent_timeout',
};

/** `['options', 'documentFormats', 1]` as `options.document_formats[1]`. */
export function fieldPath(path: readonly (string | number)[]): string {
  let field = '';
  let verbatim = false;
  for (const part of path) {
    if (typeof part === 'number') {
      field += `[${part}]`;
      continue;
    }
    const name = verbatim ? part : (renamed[part] ?? snakeCase(part));
    field += field === '' ? name : `.${name}`;
    verbatim ||= callerNamed.has(part);
  }
  return field;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
