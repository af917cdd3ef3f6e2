import { limits } from '../workflow/limits.ts';

/** Where a page stands in its log, and the pieces it comes in. */
interface Page {
  readonly bytes: readonly Buffer[];
  readonly events: number;
  readonly sequence: number;
}

interface JoinedPage {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Pages of several pieces put together once for all followers of their log, who mostly want the same ones. At most
 * `limits.joinedPagesMax` and `limits.joinedPagesBytesMax`; the oldest go first.
 */
export class JoinedPages {
  readonly #pages = new Map<string, JoinedPage>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** The page of this log in one piece. */
  joined(id: string, page: Page): Buffer {
    const name = `${id}/${page.sequence - page.events}/${page.sequence}`;
    const known = this.#pages.get(name);
    if (known) return known.bytes;
    const bytes = Buffer.concat(page.bytes);
    this.#pages.set(name, { id, bytes });
    this.#bytes += bytes.length;
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= limits.joinedPagesMax && this.#bytes <= limits.joinedPagesBytesMax) break;
      this.#drop(oldest);
    }
    return bytes;
  }

  /** Drops every page of a log. */
  forget(id: string): void {
    for (const [name, page] of this.#pages) if (page.id === id) this.#drop(name);
  }

  #drop(name: string): void {
    const page = this.#pages.get(name);
    if (!page) return;
    this.#pages.delete(name);
    this.#bytes -= page.bytes.length;
  }
}
