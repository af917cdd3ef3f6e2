import type { SeededRandom } from '../e2e/seeded-random.ts';
import type { Descriptor, FieldShape } from './descriptor.ts';
import { hostileNumber, hostileText } from './hostile-value.ts';
import {
  encodeFields,
  fixed32Type,
  fixed64Type,
  lengthType,
  varint,
  varintType,
  type WireField,
} from './wire.ts';

/** FieldDescriptorProto.Type, those that the API uses. */
const fieldType = { double: 1, float: 2, bool: 8, string: 9, message: 11, bytes: 12 } as const;

const depthMax = 6;
const repeatsMax = 3;
/** How often a field has a value that its method may accept, so that a message comes past the first check. */
const plausibleShare = 0.85;
/** How often a field is there at all; those of the request itself more often than those of its parts. */
const presentShare = [0.9, 0.15, 0.5, 0.5] as const;

/** Makes messages of any type of the descriptor, mostly plausible ones, always the same for the same random numbers. */
export class MessageMaker {
  readonly #descriptor: Descriptor;
  readonly #workflowIds: readonly [string, ...string[]];

  /** `workflowIds`: of workflows that have ended, for a watch of another one would last. */
  constructor(descriptor: Descriptor, workflowIds: readonly [string, ...string[]]) {
    this.#descriptor = descriptor;
    this.#workflowIds = workflowIds;
  }

  make(typeName: string, random: SeededRandom, depth = 0): Buffer {
    const fields = this.#descriptor.messages.get(typeName);
    if (!fields) throw new Error(`the descriptor has no message ${typeName}`);
    return encodeFields(
      fields.flatMap((field) => {
        const share = presentShare[Math.min(depth, presentShare.length - 1)] ?? 0;
        // A start without a provider of this test would use the default one.
        if (field.name !== 'provider_name' && random.next() >= share) return [];
        const count = field.repeated ? random.whole(1, repeatsMax) : 1;
        return Array.from({ length: count }, () => this.#field(field, random, depth));
      }),
    );
  }

  #field(field: FieldShape, random: SeededRandom, depth: number): WireField {
    const { number, type } = field;
    const plausible = random.next() < plausibleShare;
    if (type === fieldType.message) {
      const payload =
        plausible && field.name === 'input'
          ? structOf({ task: 'What is known about durable logs?', numAgents: 1 })
          : depth < depthMax
            ? this.make(field.typeName, random, depth + 1)
            : Buffer.alloc(0);
      return { number, wireType: lengthType, payload };
    }
    if (type === fieldType.string || type === fieldType.bytes) {
      const text = plausible ? this.#plausibleText(field.name, random) : hostileText(random);
      return { number, wireType: lengthType, payload: Buffer.from(text) };
    }
    const value = plausible ? random.whole(0, 2) : hostileNumber(random);
    if (type === fieldType.double) {
      const payload = Buffer.alloc(8);
      payload.writeDoubleLE(value);
      return { number, wireType: fixed64Type, payload };
    }
    if (type === fieldType.float) {
      const payload = Buffer.alloc(4);
      payload.writeFloatLE(value);
      return { number, wireType: fixed32Type, payload };
    }
    const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
    return { number, wireType: varintType, payload: varint(whole) };
  }

  #plausibleText(name: string, random: SeededRandom): string {
    switch (name) {
      case 'workflow_id':
        return random.pick([...this.#workflowIds, 'research_000000000000']);
      case 'task':
        return `What is known about durable logs in the year ${random.whole(1900, 2100)}?`;
      case 'provider_name':
        return 'offline';
      case 'orchestrator':
        return 'research';
      case 'request_id':
        return `abuse-${random.whole(0, 1_000_000_000)}`;
      case 'document_formats':
      case 'format':
        return 'markdown';
      case 'on_limit':
        return 'fail';
      case 'text':
        return '# Logs\n\nA log survives a crash, because what it says is on the disk first.\n';
      // Unset as far as the server is concerned: a value would have to be known to it.
      case 'model':
      case 'worker_model':
      case 'synthesis_model':
      case 'corpus':
      case 'webhook_url':
      case 'page_token':
        return '';
      default:
        return `text ${random.whole(0, 99)}`;
    }
  }
}

/** A google.protobuf.Struct of texts and numbers. */
function structOf(value: Readonly<Record<string, string | number>>): Buffer {
  return encodeFields(
    Object.entries(value).map(([key, member]) => {
      const number = Buffer.alloc(8);
      if (typeof member === 'number') number.writeDoubleLE(member);
      const payload = encodeFields([
        { number: 1, wireType: lengthType, payload: Buffer.from(key) },
        {
          number: 2,
          wireType: lengthType,
          payload: encodeFields([
            typeof member === 'number'
              ? { number: 2, wireType: fixed64Type, payload: number }
              : { number: 3, wireType: lengthType, payload: Buffer.from(member) },
          ]),
        },
      ]);
      return { number: 1, wireType: lengthType, payload };
    }),
  );
}
