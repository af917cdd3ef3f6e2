/**
 * A message whose every string is well-formed UTF-16. A text cut inside an emoji would otherwise become invalid UTF-8
 * on the wire, and strict clients refuse the whole message. A value that is fine, as nearly all are, is answered as it is.
 */
export function wellFormed<T>(value: T): T {
  return isWellFormed(value) ? value : repaired(value);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  // Buffers and replies that are encoded already.
  if (Object.getPrototypeOf(value) !== Object.prototype) return true;
  for (const key in value) {
    if (!key.isWellFormed() || !isWellFormed(value[key as keyof typeof value])) return false;
  }
  return true;
}

function repaired<T>(value: T): T {
  // The replacement is a string again; T is string here.
  if (typeof value === 'string') return value.toWellFormed() as T & string;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => repaired(member));
    // Same length and same types, only strings differ.
    return members as T & unknown[];
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    // Keys of maps and Structs come from callers; defineProperty, because __proto__ would set the prototype.
    Object.defineProperty(fields, key.toWellFormed(), {
      value: repaired<unknown>(member),
      enumerable: true,
    });
  }
  // Same fields and same types, only strings differ.
  return fields as T & object;
}
