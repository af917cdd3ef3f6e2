import { status as Code } from '@grpc/grpc-js';
import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import type { RpcError } from './rpc-error.ts';

/** Called before each wait that precedes another attempt to connect. */
export type OnReconnect = (error: RpcError, delayMs: number) => void;

/** Codes the library gives to a call whose connection broke; with a reason they are the server's own words. */
const connectionCodes: ReadonlySet<Code> = new Set([Code.INTERNAL, Code.UNKNOWN, Code.CANCELLED]);

/** Whether the same call may succeed on another connection: the old one broke, or the server is leaving. */
export function isPassing({ code, reason }: RpcError): boolean {
  if (code === Code.UNAVAILABLE) return true;
  if (code === Code.RESOURCE_EXHAUSTED) return reason === 'SLOW_CONSUMER';
  return reason === '' && connectionCodes.has(code);
}

/** Doubles up to `limits.reconnectMsMax`; up to half of it is chance, so that clients do not come back together. */
export function reconnectDelayMs(failures: number, clock: Clock): number {
  const ceiling = Math.min(limits.reconnectMsMax, limits.reconnectBaseMs * 2 ** failures);
  return ceiling * (1 - clock.random() / 2);
}
