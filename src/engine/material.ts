import { createHash } from 'node:crypto';
import type { PassageText } from '../orchestrator/orchestrator.ts';
import type { Blob, EventStore } from '../store/event-store.ts';
import type { DocumentLibrary, DocumentSet, SourceDocument } from '../tool/document-library.ts';
import type { PassageRef } from '../workflow/event.ts';
import { limits } from '../workflow/limits.ts';
import type { WorkflowState } from '../workflow/state.ts';

/** Lower-case hexadecimal SHA-256 of a text's UTF-8 bytes. */
export function sha256Of(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A document named by the log is not in the store. */
export class MissingSourceError extends Error {
  override readonly name = 'MissingSourceError';
}

/**
 * The documents of one workflow. Loaded once, when it begins to run; after that every look-up is synchronous, so a
 * decision never waits in its middle.
 */
export class Material {
  readonly #store: EventStore;
  readonly #library: DocumentLibrary;
  readonly #texts = new Map<string, string>();
  #set: DocumentSet | undefined;
  #owned = false;
  #loaded = false;

  constructor(store: EventStore, library: DocumentLibrary) {
    this.#store = store;
    this.#library = library;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** Rejects with MissingSourceError or CorpusError when a document cannot be had. */
  async load(state: WorkflowState): Promise<void> {
    if (this.#loaded) return;
    if (state.corpus !== undefined) {
      this.#set = await this.#library.corpus(state.corpus);
    } else if (state.sources.length > 0) {
      const documents = await Promise.all(
        state.sources.map(
          async ({ name, sha256 }): Promise<SourceDocument> => ({
            name,
            sha256,
            text: await this.#read(name, sha256),
          }),
        ),
      );
      this.#set = this.#library.index(documents);
      this.#owned = true;
    }
    for (const document of this.#set?.documents ?? []) this.#texts.set(document.sha256, document.text);
    // A corpus may have changed since a passage was frozen; what was frozen is in the store.
    for (const agent of state.agents.values()) {
      for (const { documentName, sha256 } of agent.passages) {
        if (!this.#texts.has(sha256)) this.#texts.set(sha256, await this.#read(documentName, sha256));
      }
    }
    this.#loaded = true;
  }

  find(query: string): readonly PassageRef[] {
    if (!this.#set) return [];
    return this.#set
      .search(query, { passagesMax: limits.passagesPerAgentMax, bytesMax: limits.passageBytesPerAgentMax })
      .map(({ handle, documentName, sha256, start, end }) => ({ handle, documentName, sha256, start, end }));
  }

  textsOf(passages: readonly PassageRef[]): readonly PassageText[] {
    return passages.map(({ handle, documentName, sha256, start, end }) => {
      const text = this.#texts.get(sha256);
      if (text === undefined)
        throw new MissingSourceError(`document ${documentName} (${sha256}) is not loaded`);
      return { handle, documentName, text: text.slice(start, end).toWellFormed() };
    });
  }

  /** The documents these passages stand in, to be kept with the event that froze them. */
  blobsOf(passages: readonly PassageRef[]): readonly Blob[] {
    const blobs = new Map<string, Blob>();
    for (const { sha256 } of passages) {
      const text = this.#texts.get(sha256);
      if (text !== undefined && !blobs.has(sha256))
        blobs.set(sha256, { sha256, bytes: Buffer.from(text, 'utf8') });
    }
    return [...blobs.values()];
  }

  close(): void {
    if (this.#owned) this.#set?.close();
    this.#set = undefined;
    this.#owned = false;
    this.#texts.clear();
    this.#loaded = false;
  }

  async #read(name: string, sha256: string): Promise<string> {
    const bytes = await this.#store.blob(sha256);
    if (!bytes) throw new MissingSourceError(`document ${name} (${sha256}) is not in the store`);
    return Buffer.from(bytes).toString('utf8');
  }
}
