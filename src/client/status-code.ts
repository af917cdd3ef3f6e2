import type { status } from '@grpc/grpc-js';

/**
 * The codes a call can end with. The library has the same list; this one is known without loading the library, which
 * takes longer than all else a command needs before its first call.
 */
const statusCodes = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const satisfies { readonly [Name in keyof typeof status]: (typeof status)[Name] };

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(statusCodes).map(([name, code]) => [code, name]),
);

/** Name of a code, for example NOT_FOUND; an unknown one is its number. */
export function statusName(code: number): string {
  return names.get(code) ?? String(code);
}
