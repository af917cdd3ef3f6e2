import { readCorpus } from './corpus-files.ts';
import {
  CorpusError,
  type DocumentLibrary,
  type DocumentSet,
  type SourceDocument,
} from './document-library.ts';
import { PassageIndex } from './passage-index.ts';

/** Full-text search over the documents of workflows, with SQLite's FTS5 in memory. */
export class FullTextLibrary implements DocumentLibrary {
  readonly corpora: readonly string[];
  readonly #folders: ReadonlyMap<string, string>;
  readonly #loaded = new Map<string, Promise<PassageIndex>>();

  /** `corpora`: folder by the name that requests use. */
  constructor(corpora: Readonly<Record<string, string>>) {
    this.#folders = new Map(Object.entries(corpora));
    this.corpora = [...this.#folders.keys()].toSorted();
  }

  index(documents: readonly SourceDocument[]): DocumentSet {
    const index = new PassageIndex();
    for (const document of documents) for (const _ of index.adding(document));
    return index;
  }

  /**
   * Read and indexed once, then shared by all who ask; a later change of the files is seen by the next library. A
   * failed load is forgotten, so that the next call tries again. Closing the set is no more than a sign of good manners.
   */
  async corpus(name: string): Promise<DocumentSet> {
    const folder = this.#folders.get(name);
    if (folder === undefined) {
      const known = this.corpora.length > 0 ? `known are ${this.corpora.join(', ')}` : 'none is configured';
      throw new CorpusError(`corpus ${JSON.stringify(name)} is not configured; ${known}`);
    }
    let loading = this.#loaded.get(name);
    if (!loading) {
      loading = loadCorpus(name, folder);
      this.#loaded.set(name, loading);
    }
    try {
      return sharedSet(await loading);
    } catch (error) {
      if (this.#loaded.get(name) === loading) this.#loaded.delete(name);
      throw error;
    }
  }
}

async function loadCorpus(name: string, folder: string): Promise<PassageIndex> {
  const documents = await readCorpus(name, folder);
  const index = new PassageIndex();
  for (const document of documents) {
    for (const _ of index.adding(document)) {
      // A large corpus must not hold up the workflows that run.
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }
  return index;
}

/** The index behind a set whose `close()` leaves it open for the others. */
function sharedSet(index: PassageIndex): DocumentSet {
  return {
    documents: index.documents,
    search: (query, bounds) => index.search(query, bounds),
    passagesOf: (number) => index.passagesOf(number),
    close: () => {},
  };
}
