import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { limits } from '../workflow/limits.ts';
import { CorpusError, type SourceDocument } from './document-library.ts';

/** What counts as a document of a corpus; other files are left alone. */
export const corpusExtensions: ReadonlySet<string> = new Set(['.md', '.markdown', '.txt', '.rst']);

/** Files read at the same time. */
const readsAtOnce = 8;

/**
 * Reads a corpus: all regular files with a known extension below the folder, sorted by their path in it, invalid UTF-8
 * replaced. Symbolic links are never followed and names that begin with a dot are skipped, so that nothing outside the
 * folder can be read. Rejects with CorpusError, which names the corpus and never a path outside it.
 */
export async function readCorpus(name: string, folder: string): Promise<readonly SourceDocument[]> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw refusal(name, `its folder cannot be opened (${codeOf(cause)})`);
  });
  const paths = await corpusPaths(name, root);
  const documents: SourceDocument[] = [];
  let bytes = 0;
  for (let from = 0; from < paths.length; from += readsAtOnce) {
    // One group after the other: files in flight are bounded, and so is what a corpus over its limit can load.
    // oxlint-disable-next-line no-await-in-loop
    const texts = await Promise.all(
      paths.slice(from, from + readsAtOnce).map((path) => readDocument(name, root, path)),
    );
    for (const text of texts) {
      bytes += text.bytes;
      if (bytes > limits.corpusBytesMax) {
        throw refusal(name, `its documents hold more than ${limits.corpusBytesMax} bytes together`);
      }
      documents.push(text.document);
    }
  }
  return documents;
}

/** Paths in the corpus, `/` between their parts, sorted by code unit. */
async function corpusPaths(name: string, root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders: { readonly path: string; readonly depth: number }[] = [{ path: root, depth: 0 }];
  let entries = 0;
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    if (folder.depth > limits.corpusDepthMax) {
      throw refusal(name, `its folders are nested more than ${limits.corpusDepthMax} deep`);
    }
    const { path, depth } = folder;
    // oxlint-disable-next-line no-await-in-loop -- one folder names the next ones
    const children = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
      throw refusal(name, `${shown(root, path)} cannot be listed (${codeOf(cause)})`);
    });
    entries += children.length;
    if (entries > limits.corpusEntriesMax) {
      throw refusal(name, `it holds more than ${limits.corpusEntriesMax} files and folders`);
    }
    for (const child of children) {
      if (child.name.startsWith('.')) continue;
      const childPath = join(path, child.name);
      if (child.isDirectory()) folders.push({ path: childPath, depth: depth + 1 });
      else if (child.isFile() && corpusExtensions.has(extname(child.name).toLowerCase()))
        found.push(childPath);
    }
    if (found.length > limits.corpusFilesMax) {
      throw refusal(name, `it holds more than ${limits.corpusFilesMax} documents`);
    }
  }
  return found.map((path) => relative(root, path).split(sep).join('/')).toSorted(byCodeUnit);
}

async function readDocument(
  name: string,
  root: string,
  path: string,
): Promise<{ readonly document: SourceDocument; readonly bytes: number }> {
  const full = join(root, ...path.split('/'));
  try {
    // No link is followed and a pipe does not block; what was listed may have been replaced since.
    await using file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile() || (await realpath(full)) !== full) {
      throw refusal(name, `${JSON.stringify(path)} is no longer a regular file inside its folder`);
    }
    if (stat.size > limits.corpusFileBytesMax) {
      throw refusal(name, `${JSON.stringify(path)} holds more than ${limits.corpusFileBytesMax} bytes`);
    }
    // One byte more than allowed tells a file that grew meanwhile.
    const buffer = Buffer.alloc(Math.min(stat.size, limits.corpusFileBytesMax) + 1);
    let bytes = 0;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- each read begins where the last one ended
      const { bytesRead } = await file.read(buffer, bytes, buffer.length - bytes, bytes);
      if (bytesRead === 0) break;
      bytes += bytesRead;
      if (bytes > stat.size) throw refusal(name, `${JSON.stringify(path)} changed while it was read`);
    }
    const text = new TextDecoder('utf-8').decode(buffer.subarray(0, bytes)).toWellFormed();
    const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
    return { document: { name: path.toWellFormed(), sha256, text }, bytes };
  } catch (cause) {
    if (cause instanceof CorpusError) throw cause;
    throw refusal(name, `${JSON.stringify(path)} cannot be read (${codeOf(cause)})`);
  }
}

const byCodeUnit = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const shown = (root: string, path: string): string =>
  path === root ? 'its folder' : `its folder ${JSON.stringify(relative(root, path).split(sep).join('/'))}`;

// The cause is left out of the error on purpose: its message holds the server's own path.
const refusal = (name: string, why: string): CorpusError =>
  new CorpusError(`corpus ${JSON.stringify(name)}: ${why}`);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown error';
}
