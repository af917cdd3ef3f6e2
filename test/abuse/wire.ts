/** How the bytes of a protobuf field are delimited; 3 and 4 open and close a group. */
export type WireType = 0 | 1 | 2 | 3 | 4 | 5;

export const varintType = 0;
export const fixed64Type = 1;
export const lengthType = 2;
export const groupStartType = 3;
export const groupEndType = 4;
export const fixed32Type = 5;

/** One field as it stands on the wire. */
export interface WireField {
  readonly number: number;
  readonly wireType: WireType;
  /** Without the length in front of it; of a varint its own bytes. */
  readonly payload: Buffer;
}

const continues = 0x80;

/** A varint, negative numbers as 64-bit two's complement; with `length` it is padded to as many bytes, which is legal up to ten. */
export function varint(value: bigint | number, length = 1): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | continues);
    rest >>= 7n;
  } while (rest > 0n);
  while (bytes.length < length) bytes.push(continues);
  bytes.push((bytes.pop() ?? 0) & 0x7f);
  return Buffer.from(bytes);
}

export function tag(number: number, wireType: WireType): Buffer {
  return varint((BigInt(number) << 3n) | BigInt(wireType));
}

export function encodeField({ number, wireType, payload }: WireField): Buffer {
  const head = tag(number, wireType);
  return wireType === lengthType
    ? Buffer.concat([head, varint(payload.length), payload])
    : Buffer.concat([head, payload]);
}

export function encodeFields(fields: readonly WireField[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

/** The fields of well-formed bytes, in order; throws on bytes that are no message. */
export function decodeFields(bytes: Buffer): WireField[] {
  const fields: WireField[] = [];
  let position = 0;
  const take = (count: number): Buffer => {
    if (count > bytes.length - position) throw new Error(`no ${count} bytes at ${position}`);
    position += count;
    return bytes.subarray(position - count, position);
  };
  const number = (): bigint => numberOf(take(varintLength(bytes, position)));
  while (position < bytes.length) {
    const head = number();
    const wireType = Number(head & 7n);
    const payload = payloadOf(wireType);
    fields.push({ number: Number(head >> 3n), wireType: wireType as WireType, payload });
  }
  return fields;

  function payloadOf(wireType: number): Buffer {
    if (wireType === varintType) return take(varintLength(bytes, position));
    if (wireType === fixed64Type) return take(8);
    if (wireType === lengthType) return take(Number(number()));
    if (wireType === fixed32Type) return take(4);
    throw new Error(`wire type ${wireType} at ${position}`);
  }
}

/** The value of a varint's bytes. */
export function numberOf(payload: Buffer): bigint {
  return payload.reduce((value, byte, index) => value | (BigInt(byte & 0x7f) << BigInt(index * 7)), 0n);
}

function varintLength(bytes: Buffer, from: number): number {
  let length = 1;
  while ((bytes[from + length - 1] ?? 0) >= continues) length++;
  return length;
}
