import { limits } from '../workflow/limits.ts';

const bytesAtFirst = 64 * 1_024;
/** Up to here a loop over the characters is faster than two calls into the runtime. */
const shortChars = 48;

/**
 * Writes protobuf from the end to the beginning, so that the length of a member is known when its prefix is written.
 * Whoever writes fields in ascending order on the wire hands them over in descending order.
 */
export class WireWriter {
  #bytes = Buffer.allocUnsafeSlow(bytesAtFirst);
  /** Where what is written so far begins. */
  #at = bytesAtFirst;

  /** How many bytes are written. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** A copy of what is written, and an empty writer. */
  take(): Buffer {
    const taken = Buffer.allocUnsafe(this.length);
    this.#bytes.copy(taken, 0, this.#at);
    if (this.#bytes.length > limits.encoderBytesKept) this.#bytes = Buffer.allocUnsafeSlow(bytesAtFirst);
    this.#at = this.#bytes.length;
    return taken;
  }

  /** Throws away what is written. */
  clear(): void {
    this.#at = this.#bytes.length;
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    if (value < 0x80) {
      this.#reserve(1);
      this.#bytes[--this.#at] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
    this.#reserve(size);
    this.#at -= size;
    let at = this.#at;
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[at] = rest;
  }

  /** A whole number of 64 bits; negative ones in two's complement, as int32 and int64 have them. */
  varint64(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    const septets: number[] = [];
    do {
      septets.push(Number(rest & 0x7fn));
      rest >>= 7n;
    } while (rest > 0n);
    this.#reserve(septets.length);
    for (const [index, septet] of septets.toReversed().entries())
      this.#bytes[--this.#at] = index === 0 ? septet : septet | 0x80;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#at -= 8;
    this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** Text as UTF-8 behind its length. Half a surrogate pair becomes U+FFFD: strict clients refuse invalid UTF-8. */
  text(text: string): void {
    if (this.#shortAscii(text)) {
      this.varint(text.length);
      return;
    }
    const size = Buffer.byteLength(text);
    this.#reserve(size);
    this.#at -= size;
    this.#bytes.write(text, this.#at, size, size === text.length ? 'latin1' : 'utf8');
    this.varint(size);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#at -= value.length;
    this.#bytes.set(value, this.#at);
    this.varint(value.length);
  }

  #shortAscii(text: string): boolean {
    const { length } = text;
    if (length > shortChars) return false;
    this.#reserve(length);
    const start = this.#at - length;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return false;
      this.#bytes[start + index] = code;
    }
    this.#at = start;
    return true;
  }

  #reserve(size: number): void {
    if (this.#at >= size) return;
    const { length } = this;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, length + size));
    this.#bytes.copy(grown, grown.length - length, this.#at);
    this.#bytes = grown;
    this.#at = grown.length - length;
  }
}
