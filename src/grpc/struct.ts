import type { Struct__Input, Struct__Output } from '../gen/google/protobuf/Struct.ts';
import type { Value__Input, Value__Output } from '../gen/google/protobuf/Value.ts';
import { limits } from '../workflow/limits.ts';
import { invalid } from './request-field.ts';

// Struct and plain JSON values. Protobuf decoders give up at about 30 levels, so both directions are bounded.

/** Plain values as a Struct. What is nested deeper than `limits.inputDepthMax` becomes its JSON text. */
export function structMessage(value: Readonly<Record<string, unknown>>, depth = 1): Struct__Input {
  const fields: Record<string, Value__Input> = {};
  for (const [key, member] of Object.entries(value)) {
    // defineProperty, because a key named __proto__ would set the prototype.
    if (member !== undefined) {
      Object.defineProperty(fields, key, { value: valueMessage(member, depth + 1), enumerable: true });
    }
  }
  return { fields };
}

function valueMessage(value: unknown, depth: number): Value__Input {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isFinite(value) ? { numberValue: value } : { nullValue: 'NULL_VALUE' };
    case 'bigint':
      return { stringValue: value.toString() };
    case 'object':
      if (value === null) return { nullValue: 'NULL_VALUE' };
      if (depth > limits.inputDepthMax) return { stringValue: JSON.stringify(value) };
      if (Array.isArray(value)) {
        return { listValue: { values: value.map((member: unknown) => valueMessage(member, depth + 1)) } };
      }
      return { structValue: structMessage(Object.fromEntries(Object.entries(value)), depth) };
    case 'function':
    case 'symbol':
    case 'undefined':
      return { nullValue: 'NULL_VALUE' };
  }
  throw new Error(`a value of type ${typeof value} has no JSON form`);
}

/** A caller's Struct as plain values; throws `invalid` when it is nested deeper than `limits.inputDepthMax`. */
export function plainOf(struct: Struct__Output, ...path: string[]): Record<string, unknown> {
  return plainFields(struct, path, 1);
}

function plainFields(
  struct: Struct__Output,
  path: readonly (string | number)[],
  depth: number,
): Record<string, unknown> {
  if (depth > limits.inputDepthMax)
    throw invalid(path, `must be nested at most ${limits.inputDepthMax} deep`, 'TOO_DEEP');
  // fromEntries defines own properties, also for a key named __proto__.
  return Object.fromEntries(
    Object.entries(struct.fields).map(([key, value]) => [key, plainValue(value, [...path, key], depth + 1)]),
  );
}

function plainValue(value: Value__Output, path: readonly (string | number)[], depth: number): unknown {
  switch (value.kind) {
    case 'stringValue':
      return value.stringValue ?? '';
    case 'boolValue':
      return value.boolValue ?? false;
    case 'numberValue': {
      const number = value.numberValue ?? 0;
      if (!Number.isFinite(number)) throw invalid(path, 'must be a finite number', 'NOT_FINITE');
      return number;
    }
    case 'structValue':
      return plainFields(value.structValue ?? { fields: {} }, path, depth);
    case 'listValue':
      if (depth > limits.inputDepthMax) {
        throw invalid(path, `must be nested at most ${limits.inputDepthMax} deep`, 'TOO_DEEP');
      }
      return (value.listValue?.values ?? []).map((member, index) =>
        plainValue(member, [...path, index], depth + 1),
      );
    case 'nullValue':
    case undefined:
      return null;
  }
}
