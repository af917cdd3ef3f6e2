/**
 * A message whose every string is well-formed UTF-16. A text cut inside an emoji would otherwise become invalid UTF-8
 * on the wire, and strict clients refuse the whole message. Values that are fine are shared, not copied.
 */
export function wellFormed<T>(value: T): T {
  if (typeof value === 'string') {
    // The replacement is a string again; T is string here.
    return (value.isWellFormed() ? value : value.toWellFormed()) as T & string;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => wellFormed(member));
    // Same length and same types, only strings differ.
    return members as T & unknown[];
  }
  // Buffers and replies that are encoded already.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    // Keys of maps and Structs come from callers; defineProperty, because __proto__ would set the prototype.
    Object.defineProperty(fields, key.toWellFormed(), {
      value: wellFormed<unknown>(member),
      enumerable: true,
    });
  }
  // Same fields and same types, only strings differ.
  return fields as T & object;
}
