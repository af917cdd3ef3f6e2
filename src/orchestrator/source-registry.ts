import type { PassageRef, ToolSourceRef } from '../workflow/event.ts';
import { canonicalUrl } from '../workflow/source-url.ts';
import type { WorkflowState } from '../workflow/state.ts';
import type { SourceEntry } from './orchestrator.ts';
import { resemblance, sketchOf, type TextSketch } from './text-sketch.ts';

/** From here on two tool answers are taken for copies of one text. */
const sameTextFrom = 0.9;

/** Something a report may cite. */
export interface KnownSource extends PassageRef, Pick<ToolSourceRef, 'url' | 'title'> {
  /** The whole of what a tool said, where the log holds it. */
  readonly text?: string | undefined;
}

/** All that a workflow's agents were given or found. */
export function sourcesOf(state: WorkflowState): readonly KnownSource[] {
  return [...state.agents.values()].flatMap(({ passages, toolCalls }): readonly KnownSource[] => [
    ...passages,
    ...toolCalls.flatMap(({ end }) =>
      (end?.sources ?? []).map((source): KnownSource => {
        const whole = end?.output !== undefined && source.start === 0 && source.end === end.output.length;
        return whole ? { ...source, text: end.output } : source;
      }),
    ),
  ]);
}

interface Entry {
  readonly source: SourceEntry & { readonly handles: string[] };
  readonly sketch: TextSketch | undefined;
}

/**
 * The sources of one workflow, numbered in order of first citation. What several agents found is one source, whatever
 * they call it: the same passage, the same page by its address, the same text, or nearly the same one.
 */
export class SourceRegistry {
  readonly #sources: ReadonlyMap<string, KnownSource>;
  readonly #byKey = new Map<string, Entry>();
  readonly #byHandle = new Map<string, Entry>();
  readonly #entries: Entry[] = [];

  constructor(sources: readonly KnownSource[]) {
    this.#sources = new Map(sources.map((source) => [source.handle, source]));
  }

  /** The number a citation of this handle gets; undefined: no source has it. */
  numberOf(handle: string): number | undefined {
    const known = this.#byHandle.get(handle);
    if (known) return known.source.number;
    const source = this.#sources.get(handle);
    if (!source) return undefined;
    const entry = this.#entryOf(source);
    entry.source.handles.push(handle);
    this.#byHandle.set(handle, entry);
    return entry.source.number;
  }

  get entries(): readonly SourceEntry[] {
    return this.#entries.map(({ source }) => source);
  }

  #entryOf(source: KnownSource): Entry {
    const keys = keysOf(source);
    const sketch = source.text === undefined ? undefined : sketchOf(source.text);
    const entry =
      keys.map((key) => this.#byKey.get(key)).find((known) => known !== undefined) ??
      this.#entries.find((known) => isCopy(known.sketch, sketch)) ??
      this.#added(source, sketch);
    // A page that was known by its address is from now on known by this text too.
    for (const key of keys) if (!this.#byKey.has(key)) this.#byKey.set(key, entry);
    return entry;
  }

  #added(source: KnownSource, sketch: TextSketch | undefined): Entry {
    const { handle, documentName, sha256, start, end, url, title } = source;
    const entry: Entry = {
      source: {
        number: this.#entries.length + 1,
        ...{ handle, documentName, sha256, start, end },
        ...(url !== undefined && { url }),
        ...(title !== undefined && { title }),
        handles: [],
      },
      sketch,
    };
    this.#entries.push(entry);
    return entry;
  }
}

function keysOf({ sha256, start, end, url }: KnownSource): readonly string[] {
  const address = url === undefined ? undefined : canonicalUrl(url);
  const text = `${sha256}:${start}:${end}`;
  return address === undefined ? [text] : [address, text];
}

const isCopy = (one: TextSketch | undefined, other: TextSketch | undefined): boolean =>
  one !== undefined && other !== undefined && resemblance(one, other) >= sameTextFrom;
