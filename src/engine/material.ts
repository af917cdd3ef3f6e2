import { hash } from 'node:crypto';
import type { PassageText } from '../orchestrator/orchestrator.ts';
import type { Blob, EventStore } from '../store/event-store.ts';
import type { DocumentLibrary, DocumentSet, SourceDocument } from '../tool/document-library.ts';
import type { PassageRef } from '../workflow/event.ts';
import { limits } from '../workflow/limits.ts';
import { materialOf, type WorkflowState } from '../workflow/state.ts';

/** Lower-case hexadecimal SHA-256 of a text's UTF-8 bytes. */
export function sha256Of(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/** Hashes of the texts that the log refers to, and that are in the store therefore. */
export function keptTexts(state: WorkflowState): Set<string> {
  const kept = new Set(state.sources.map(({ sha256 }) => sha256));
  for (const agent of state.agents.values()) for (const { sha256 } of materialOf(agent)) kept.add(sha256);
  return kept;
}

const noTexts: ReadonlyMap<string, string> = new Map();
const nothing = (): void => undefined;

/** A document named by the log is not in the store. */
export class MissingSourceError extends Error {
  override readonly name = 'MissingSourceError';
}

/** What a decision asks of a workflow's documents. */
export interface Passages {
  find(query: string): readonly PassageRef[];
  textsOf(passages: readonly PassageRef[]): readonly PassageText[];
  /** Those of the passages whose texts are at hand. */
  knownTextsOf(passages: readonly PassageRef[]): readonly PassageText[];
  /** The documents these passages stand in and the log does not refer to yet, to be kept with the event that does. */
  newBlobs(state: WorkflowState, passages: readonly PassageRef[]): readonly Blob[];
}

/** Of a workflow without documents; one for all of them. */
export const noMaterial: Passages = {
  find: () => [],
  textsOf: (passages) => passages.map(notLoaded),
  knownTextsOf: () => [],
  newBlobs: () => [],
};

function notLoaded({ documentName, sha256 }: PassageRef): never {
  throw new MissingSourceError(`document ${documentName} (${sha256}) is not loaded`);
}

/**
 * The documents of one workflow. Read when it begins to run; after that every look-up is synchronous, so a decision
 * never waits in its middle.
 */
export class Material implements Passages {
  readonly #store: EventStore;
  readonly #library: DocumentLibrary;
  #texts = noTexts;
  #set: DocumentSet | undefined;
  #ready = false;
  /** Raised by `close`, so that a load that was under way then changes nothing. */
  #generation = 0;
  /** Releases what is this workflow's alone. */
  #release = nothing;

  constructor(store: EventStore, library: DocumentLibrary) {
    this.#store = store;
    this.#library = library;
  }

  /** Whether every document the workflow may need is at hand. */
  get isReady(): boolean {
    return this.#ready;
  }

  /** Rejects with MissingSourceError, CorpusError or StoreUnavailableError when a document cannot be had. */
  async load(state: WorkflowState): Promise<void> {
    const generation = this.#generation;
    const texts = new Map<string, string>();
    const read = async (name: string, sha256: string): Promise<string> => {
      const bytes = await this.#store.blob(sha256);
      if (!bytes) throw new MissingSourceError(`document ${name} (${sha256}) is not in the store`);
      return Buffer.from(bytes).toString('utf8');
    };
    const set = await this.#open(state, read);
    for (const document of set.documents) texts.set(document.sha256, document.text);
    // A corpus may have changed since a passage was frozen; what was frozen is in the store.
    for (const agent of state.agents.values()) {
      for (const { documentName, sha256 } of materialOf(agent)) {
        if (!texts.has(sha256)) texts.set(sha256, await read(documentName, sha256));
      }
    }
    const release = (): void => {
      if (state.corpus === undefined) set.close();
    };
    if (generation !== this.#generation) {
      release();
      return;
    }
    this.#texts = texts;
    this.#set = set;
    this.#release = release;
    this.#ready = true;
  }

  async #open(
    state: WorkflowState,
    read: (name: string, sha256: string) => Promise<string>,
  ): Promise<DocumentSet> {
    if (state.corpus !== undefined) return this.#library.corpus(state.corpus);
    const documents = await Promise.all(
      state.sources.map(
        async ({ name, sha256 }): Promise<SourceDocument> => ({
          name,
          sha256,
          text: await read(name, sha256),
        }),
      ),
    );
    return this.#library.index(documents);
  }

  /** What tools may read; undefined: the workflow has no documents. */
  get documents(): DocumentSet | undefined {
    return this.#set;
  }

  find(query: string): readonly PassageRef[] {
    if (!this.#set) return [];
    return this.#set
      .search(query, { passagesMax: limits.passagesPerAgentMax, bytesMax: limits.passageBytesPerAgentMax })
      .map(({ handle, documentName, sha256, start, end }) => ({ handle, documentName, sha256, start, end }));
  }

  textsOf(passages: readonly PassageRef[]): readonly PassageText[] {
    return passages.map((passage) => {
      const { handle, documentName, sha256, start, end } = passage;
      const text = this.#texts.get(sha256) ?? notLoaded(passage);
      return { handle, documentName, text: text.slice(start, end).toWellFormed() };
    });
  }

  knownTextsOf(passages: readonly PassageRef[]): readonly PassageText[] {
    return this.textsOf(passages.filter(({ sha256 }) => this.#texts.has(sha256)));
  }

  newBlobs(state: WorkflowState, passages: readonly PassageRef[]): readonly Blob[] {
    if (passages.length === 0) return [];
    const kept = keptTexts(state);
    return passages.flatMap(({ sha256 }) => {
      const text = this.#texts.get(sha256);
      if (text === undefined || kept.has(sha256)) return [];
      kept.add(sha256);
      return [{ sha256, bytes: Buffer.from(text, 'utf8') }];
    });
  }

  /** Lets go of the texts; they can be loaded again. May be called twice. */
  close(): void {
    this.#generation++;
    this.#release();
    this.#release = nothing;
    this.#set = undefined;
    this.#texts = noTexts;
    this.#ready = false;
  }
}
