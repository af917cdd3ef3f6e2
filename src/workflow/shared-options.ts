import type { RunOptions } from './event.ts';
import { limits } from './limits.ts';

const byText = new Map<string, RunOptions>();

/**
 * One object for all workflows with the same options. Most of a server have the same, and each is held for as long as
 * its workflow is.
 */
export function sharedOptions(options: RunOptions): RunOptions {
  const text = JSON.stringify(options);
  const known = byText.get(text);
  if (known) return known;
  // Options that differ from run to run, for example by a label, push out only what can be made again.
  if (byText.size >= limits.sharedOptionsMax) byText.clear();
  byText.set(text, frozen(options));
  return options;
}

/** What is shared cannot be changed by anybody. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) frozen(part);
  }
  return Object.freeze(value);
}
