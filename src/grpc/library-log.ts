import { setLogger } from '@grpc/grpc-js';
import type { Logger } from '../workflow/logger.ts';

/**
 * Lets grpc-js write into our log instead of on stderr. What it calls an error is mostly a header of a peer that it
 * cannot read, so any client could fill the log with it: it is written for debugging only, and the call itself has its
 * own line.
 */
export function logLibrary(logger: Logger): void {
  const write = (...parts: readonly unknown[]): void =>
    logger.debug({ detail: parts.map(String).join(' ') }, 'grpc-js');
  setLogger({ error: write, info: write, debug: write });
}
