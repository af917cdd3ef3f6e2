/** A document's text with the hash of its UTF-8 bytes. */
export interface SourceDocument {
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
}

/** A ranked stretch of a document. */
export interface FoundPassage {
  /** Stable for the same documents: document number, then passage number, both from 1, for example `D3.12`. */
  readonly handle: string;
  readonly documentName: string;
  readonly sha256: string;
  /** UTF-16 offsets into the document's text. */
  readonly start: number;
  readonly end: number;
}

/** Documents one workflow may read, indexed for full-text search. */
export interface DocumentSet {
  readonly documents: readonly SourceDocument[];
  /** Best first; the same for the same documents and query. Passages together hold at most `bytesMax` bytes. */
  search(
    query: string,
    bounds: { readonly passagesMax: number; readonly bytesMax: number },
  ): readonly FoundPassage[];
  /** All passages of the document of that number (from 1, as in handles), in order; empty when there is none. */
  passagesOf(number: number): readonly FoundPassage[];
  close(): void;
}

/** Splits and indexes documents; knows the corpora that the configuration names. */
export interface DocumentLibrary {
  /** Names of the configured corpora, sorted. */
  readonly corpora: readonly string[];
  /** A set over these documents; the handles follow their order. */
  index(documents: readonly SourceDocument[]): DocumentSet;
  /** The documents of a configured corpus, in order of name. Rejects with CorpusError when it cannot be read. */
  corpus(name: string): Promise<DocumentSet>;
}

export class CorpusError extends Error {
  override readonly name = 'CorpusError';
}
