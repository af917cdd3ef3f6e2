import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** A change of one product source, by text. */
export interface Patch {
  /** Below `src/`. */
  readonly file: string;
  /** Occurs exactly once, so that a mutant cannot rot unnoticed. */
  readonly find: string;
  readonly replace: string;
}

/** A rule of ours, broken on purpose: the simulation must notice. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
}

/** A mutant that lives through this many seeds has survived: then the simulation is too weak. */
export const mutantSeedsMax = 3_000;

const sourceRoot = new URL('../../src/', import.meta.url);

/** The mutated sources by address. Throws when a patch does not fit its file exactly once. */
export function mutatedSources({ name, patches }: Mutant): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { file, find, replace } of patches) {
    const url = new URL(file, sourceRoot).href;
    const source = sources.get(url) ?? readFileSync(new URL(url), 'utf8');
    const parts = source.split(find);
    if (parts.length !== 2) {
      throw new Error(
        `mutant "${name}": expected its text once in src/${file}, found it ${parts.length - 1} times: ${find}`,
      );
    }
    sources.set(url, parts.join(replace));
  }
  return sources;
}

/** Every module imported from now on is the mutant's. Call it before the engine is imported. */
export function mutate(mutant: Mutant): void {
  const sources = mutatedSources(mutant);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const source = sources.get(url);
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}
