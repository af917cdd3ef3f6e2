import type { Struct__Input } from '../gen/google/protobuf/Struct.ts';
import type { Value__Input } from '../gen/google/protobuf/Value.ts';
import { limits } from '../workflow/limits.ts';

/** A JSON object as the Struct a request takes. Throws RangeError when it is nested deeper than a server reads. */
export function structOf(value: object, depth = 1): Struct__Input {
  if (depth > limits.inputDepthMax) {
    throw new RangeError(`it is nested deeper than ${limits.inputDepthMax} levels`);
  }
  const fields: Record<string, Value__Input> = {};
  for (const [key, member] of Object.entries(value)) {
    // defineProperty, because a key named __proto__ would set the prototype.
    Object.defineProperty(fields, key, { value: valueOf(member, depth + 1), enumerable: true });
  }
  return { fields };
}

function valueOf(value: unknown, depth: number): Value__Input {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (Array.isArray(value)) {
    if (depth > limits.inputDepthMax) {
      throw new RangeError(`it is nested deeper than ${limits.inputDepthMax} levels`);
    }
    return { listValue: { values: value.map((member: unknown) => valueOf(member, depth + 1)) } };
  }
  return typeof value === 'object' && value !== null
    ? { structValue: structOf(value, depth) }
    : { nullValue: 'NULL_VALUE' };
}
