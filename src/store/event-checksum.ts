import { crc32 } from 'node:zlib';
import type { StoredEvent } from './prepared-append.ts';

/** An event whose body may also come as the bytes of its text. */
type Summed = Omit<StoredEvent, 'body'> & { readonly body: string | Uint8Array };

const fields = new Float64Array(4);
const words = new Int32Array(fields.buffer);
/** An odd multiplier with well-spread bits. */
const multiplier = 0x9e3779b1;

/**
 * CRC-32 over an event as it is kept: its place, time, epoch, progress and body. Finds what a disk did to it; it keeps
 * nobody from changing a log on purpose.
 */
export function checksumOf(event: Summed): number {
  fields[0] = event.sequence;
  fields[1] = event.time;
  fields[2] = event.epoch;
  fields[3] = event.progress;
  // Every step can be undone, so a change of one field always changes the value the body's sum starts from.
  let start = 0;
  // Not `of`: until the compiler has taken it in hand that makes an object of each word, for every event.
  for (let at = 0; at < words.length; at++) start = Math.imul(start ^ (words[at] ?? 0), multiplier);
  return crc32(event.body, start >>> 0);
}
