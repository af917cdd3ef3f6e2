/** What any value costs beside its text: its place in what holds it, and a header of its own. */
const valueBytes = 16;

/**
 * About what a plain value of a log takes in memory, rather too much than too little: texts and names as UTF-16. Looks
 * at each value once and into no text, so that a large event costs no more than a small one.
 */
export function memoryBytesOf(value: unknown): number {
  if (typeof value === 'string') return valueBytes + 2 * value.length;
  if (typeof value !== 'object' || value === null) return valueBytes;
  let bytes = valueBytes;
  if (Array.isArray(value)) {
    for (const member of value) bytes += memoryBytesOf(member);
  } else {
    // Without a list of the names, which would cost more than all the rest: this is done for every event of a young
    // log. What is in one is plain, so there is nothing to inherit.
    for (const name in value) bytes += 2 * name.length + memoryBytesOf(value[name as keyof typeof value]);
  }
  return bytes;
}
