/** Something that must never happen has happened. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** Throws unless it holds; the text is made only then. */
export function must(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Violation(what());
}
