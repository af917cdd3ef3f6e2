import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { limits } from '../workflow/limits.ts';
import type { DocumentSet, FoundPassage, SourceDocument } from './document-library.ts';
import { type PassageSpan, splitPassages } from './passage-split.ts';
import { indexedText, searchQuery } from './search-term.ts';

interface IndexedPassage extends FoundPassage {
  readonly document: number;
}

/** Two passages that share this part of their word triples say the same. */
const duplicateShare = 0.8;

/**
 * A full-text index over documents, in memory. Add documents in order, then search. Passages are ranked by BM25 over the
 * passage, its headings and the document's name; equal ranks follow the order of the documents.
 */
export class PassageIndex implements DocumentSet {
  readonly #database = new DatabaseSync(':memory:');
  readonly #documents: SourceDocument[] = [];
  readonly #passages: IndexedPassage[] = [];
  readonly #shingles = new Map<number, ReadonlySet<string>>();
  readonly #insert: StatementSync;
  readonly #match: StatementSync;
  #closed = false;

  constructor() {
    // Contentless: the texts are in the documents already.
    this.#database.exec(
      `CREATE VIRTUAL TABLE passage USING fts5(name, headings, body, content='', tokenize="porter unicode61 remove_diacritics 2")`,
    );
    this.#insert = this.#database.prepare(
      'INSERT INTO passage (rowid, name, headings, body) VALUES (?, ?, ?, ?)',
    );
    this.#match = this.#database.prepare(
      'SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage, 0.5, 2.0, 1.0), rowid LIMIT ?',
    );
  }

  get documents(): readonly SourceDocument[] {
    return this.#documents;
  }

  /** Adds a document step by step: each step indexes a bounded number of passages, so that a caller can pause between. */
  *adding(document: SourceDocument): Generator<void> {
    const known = { ...document, text: document.text.toWellFormed() };
    this.#documents.push(known);
    const number = this.#documents.length;
    const spans = splitPassages(known.text);
    const stepPassages = 200;
    for (let from = 0; from < spans.length; from += stepPassages) {
      this.#add(known, number, spans.slice(from, from + stepPassages), from);
      yield;
    }
  }

  #add(document: SourceDocument, number: number, spans: readonly PassageSpan[], from: number): void {
    for (const [index, span] of spans.entries()) {
      this.#passages.push({
        handle: `D${number}.${from + index + 1}`,
        documentName: document.name,
        sha256: document.sha256,
        start: span.start,
        end: span.end,
        document: number - 1,
      });
      this.#insert.run(
        this.#passages.length,
        indexable(document.name),
        indexable(span.headings.join(' ')),
        indexable(document.text.slice(span.start, span.end)),
      );
    }
  }

  /**
   * Best first; the same for the same documents and query, and never an error for any query. A passage that nearly
   * repeats a better one is left out. A query without a subject ("summarise the document") is followed by the
   * documents' openings; one with a subject that no passage mentions finds nothing. Throws after `close()`.
   */
  search(
    query: string,
    bounds: { readonly passagesMax: number; readonly bytesMax: number },
  ): readonly FoundPassage[] {
    if (this.#closed) throw new Error('this set of documents is closed');
    const found: FoundPassage[] = [];
    const taken: { readonly row: number; readonly shingles: ReadonlySet<string> }[] = [];
    let bytes = 0;
    for (const row of this.#ranked(query)) {
      if (found.length >= bounds.passagesMax) break;
      const passage = this.#passages[row - 1];
      if (!passage) continue;
      const size = Buffer.byteLength(this.#text(passage), 'utf8');
      if (bytes + size > bounds.bytesMax) continue;
      const shingles = this.#shinglesOf(row, passage);
      if (taken.some((other) => other.row === row || alike(shingles, other.shingles))) continue;
      taken.push({ row, shingles });
      bytes += size;
      const { document: _, ...reference } = passage;
      found.push(reference);
    }
    return found;
  }

  passagesOf(number: number): readonly FoundPassage[] {
    return this.#passages.flatMap(({ document, ...passage }) => (document === number - 1 ? [passage] : []));
  }

  /** May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
  }

  *#ranked(query: string): Generator<number> {
    const { expression, hasSubject } = searchQuery(query);
    if (expression !== undefined) {
      for (const row of this.#match.all(expression, limits.searchCandidatesMax)) yield Number(row['rowid']);
    }
    if (!hasSubject) yield* this.#openings();
  }

  /** First passages of all documents, then the second ones. */
  *#openings(): Generator<number> {
    const rows = this.#documents.map((): number[] => []);
    for (const [index, passage] of this.#passages.entries()) rows[passage.document]?.push(index + 1);
    let yielded = 0;
    for (let place = 0; yielded < limits.searchCandidatesMax; place++) {
      const level = rows.flatMap((own) => own[place] ?? []);
      if (level.length === 0) return;
      yield* level;
      yielded += level.length;
    }
  }

  #text(passage: IndexedPassage): string {
    return this.#documents[passage.document]?.text.slice(passage.start, passage.end) ?? '';
  }

  #shinglesOf(row: number, passage: IndexedPassage): ReadonlySet<string> {
    let shingles = this.#shingles.get(row);
    if (!shingles) {
      shingles = shinglesOf(this.#text(passage));
      // Only the passages searches return most are worth keeping.
      if (this.#shingles.size >= limits.searchCandidatesMax) this.#shingles.clear();
      this.#shingles.set(row, shingles);
    }
    return shingles;
  }
}

// SQLite ends a text at a zero character.
const indexable = (text: string): string => indexedText(text.normalize('NFC').replaceAll('\0', ' '));

function shinglesOf(text: string): ReadonlySet<string> {
  const words = indexedText(text.normalize('NFKC').toLowerCase()).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [
    text.trim(),
  ];
  if (words.length < 3) return new Set([words.join(' ')]);
  return new Set(words.slice(2).map((word, index) => `${words[index]} ${words[index + 1]} ${word}`));
}

function alike(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  if (small.size < large.size * duplicateShare) return false;
  let shared = 0;
  for (const shingle of small) if (large.has(shingle)) shared += 1;
  return shared >= duplicateShare * (one.size + other.size - shared);
}
