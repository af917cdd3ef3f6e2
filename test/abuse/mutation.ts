import type { SeededRandom } from '../e2e/seeded-random.ts';
import {
  decodeFields,
  encodeField,
  groupEndType,
  groupStartType,
  lengthType,
  tag,
  varint,
  varintType,
  type WireField,
  type WireType,
} from './wire.ts';

const depths = [17, 30, 31, 99, 100, 101, 5_000] as const;
const fieldNumberMax = 2 ** 29 - 1;
const hugeLengths = [2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 63n, 2n ** 64n - 1n] as const;
/** UTF-8 that is none: a lone half of an emoji, an over-long slash, a byte that never occurs, a cut-off character. */
const brokenTexts = ['eda0bd', 'c0af', 'ff', 'e282'] as const;

type Change = (bytes: Buffer, random: SeededRandom) => Buffer;

/** What can be done to the bytes of a message, by name; each is one way that a broken or hostile client writes. */
export const mutations: Readonly<Record<string, Change>> = {
  none: (bytes) => bytes,
  'bit flips': (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let flips = random.whole(1, 8); flips > 0 && changed.length > 0; flips--) {
      const at = random.whole(0, changed.length - 1);
      changed[at] = (changed[at] ?? 0) ^ (1 << random.whole(0, 7));
    }
    return changed;
  },
  truncation: (bytes, random) => bytes.subarray(0, random.whole(0, bytes.length)),
  'random bytes': (_, random) => randomBytes(random, random.whole(1, 64)),
  'inserted bytes': (bytes, random) => {
    const at = random.whole(0, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), randomBytes(random, 4), bytes.subarray(at)]);
  },
  'wrong wire type': (bytes, random) =>
    changedField(bytes, random, ({ number, payload }) =>
      Buffer.concat([tag(number, random.whole(0, 7) as WireType), payload]),
    ),
  'over-long varint': (bytes, random) =>
    changedField(bytes, random, ({ number, wireType, payload }) => {
      const length = random.pick([5, 10, 11, 64]);
      if (wireType === varintType) return Buffer.concat([tag(number, wireType), varint(1, length)]);
      return Buffer.concat([varint((number << 3) | wireType, length), payload]);
    }),
  'huge length': (bytes, random) =>
    changedField(bytes, random, ({ number, payload }) =>
      Buffer.concat([tag(number, lengthType), varint(random.pick(hugeLengths)), payload]),
    ),
  'broken UTF-8': (bytes, random) =>
    changedField(bytes, random, (field) =>
      encodeField({
        ...field,
        wireType: lengthType,
        payload: Buffer.concat([field.payload, Buffer.from(random.pick(brokenTexts), 'hex')]),
      }),
    ),
  'repeated field': (bytes, random) =>
    changedField(bytes, random, (field) =>
      Buffer.concat(Array.from({ length: random.pick([2, 3, 1_000]) }, () => encodeField(field))),
    ),
  'unknown field': (bytes, random) => {
    const number = random.pick([0, 19_000, 1_000, fieldNumberMax]);
    const payload = randomBytes(random, 16);
    return Buffer.concat([bytes, encodeField({ number, wireType: lengthType, payload })]);
  },
  groups: (bytes, random) => {
    const depth = random.pick(depths);
    const open = Buffer.concat(Array.from({ length: depth }, () => tag(1_000, groupStartType)));
    const close = Buffer.concat(
      Array.from({ length: random.pick([0, depth]) }, () => tag(1_000, groupEndType)),
    );
    return Buffer.concat([bytes, open, close]);
  },
  'deep message': (bytes, random) =>
    changedField(bytes, random, ({ number, payload }) => nested(number, payload, random.pick(depths))),
  'deep Struct': (bytes, random) =>
    changedField(bytes, random, ({ number }) =>
      encodeField({ number, wireType: lengthType, payload: deepStruct(random.pick(depths)) }),
    ),
};

/** One field, at any depth, in other bytes. */
function changedField(bytes: Buffer, random: SeededRandom, change: (field: WireField) => Buffer): Buffer {
  const fields = decodeFields(bytes);
  if (fields.length === 0) return change({ number: 1, wireType: lengthType, payload: Buffer.from('x') });
  const chosen = random.whole(0, fields.length - 1);
  return Buffer.concat(
    fields.map((field, index) => {
      if (index !== chosen) return encodeField(field);
      const inner =
        field.wireType === lengthType && random.next() < 0.5 ? messageIn(field.payload) : undefined;
      if (!inner) return change(field);
      return encodeField({ ...field, payload: changedField(inner, random, change) });
    }),
  );
}

/** The payload if it reads as a message with fields; a text sometimes does, which is as good a place to break. */
function messageIn(payload: Buffer): Buffer | undefined {
  try {
    return decodeFields(payload).length > 0 ? payload : undefined;
  } catch {
    // A text or a number: there is nothing inside to change.
    return undefined;
  }
}

/** A message in a message in a message. */
function nested(number: number, innermost: Buffer, depth: number): Buffer {
  return wrapped(innermost, depth, (length) => Buffer.concat([tag(number, lengthType), varint(length)]));
}

/** A google.protobuf.Struct whose one field holds a Struct, and so on. */
export function deepStruct(depth: number): Buffer {
  const key = encodeField({ number: 1, wireType: lengthType, payload: Buffer.from('k') });
  return wrapped(Buffer.alloc(0), depth - 1, (length) => {
    const value = Buffer.concat([tag(5, lengthType), varint(length)]);
    const member = Buffer.concat([tag(2, lengthType), varint(value.length + length)]);
    const entryLength = key.length + member.length + value.length + length;
    return Buffer.concat([tag(1, lengthType), varint(entryLength), key, member, value]);
  });
}

/** The innermost bytes behind as many heads, each made of the length of what follows it; one pass, however deep. */
function wrapped(innermost: Buffer, depth: number, head: (length: number) => Buffer): Buffer {
  const parts = [innermost];
  let length = innermost.length;
  for (let level = 0; level < depth; level++) {
    const part = head(length);
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat(parts.toReversed());
}

function randomBytes(random: SeededRandom, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.whole(0, 255)));
}
