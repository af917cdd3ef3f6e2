import { crc32 } from 'node:zlib';
import type { StoredEvent } from './prepared-append.ts';

const fields = new Float64Array(4);
const fieldBytes = new Uint8Array(fields.buffer);

/**
 * CRC-32 over an event as it is kept: its place, time, epoch, progress and body. Finds what a disk did to it; it keeps
 * nobody from changing a log on purpose.
 */
export function checksumOf(event: StoredEvent): number {
  fields[0] = event.sequence;
  fields[1] = event.time;
  fields[2] = event.epoch;
  fields[3] = event.progress;
  return crc32(event.body, crc32(fieldBytes));
}
