import { type Dirent, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import type { InlineDocument__Input } from '../gen/orchestrator/v1/InlineDocument.ts';
import { limits } from '../workflow/limits.ts';
import { bytesText } from './amount.ts';
import { CommandError } from './command-error.ts';

const extensions: ReadonlySet<string> = new Set(['.md', '.markdown', '.txt']);

const corpusHint = `For more, let the server read them: name the folder in its configuration (corpora: { docs: /path/to/docs })
and use --corpus docs, or add --embedded, which serves one folder given with --docs as it is.`;

interface Found {
  /** Shown in sources: the path inside the given folder. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/** Whether the path is a folder; throws CommandError when there is nothing. */
export function isFolder(path: string): boolean {
  return statOf(path).isDirectory();
}

/**
 * Reads the Markdown and text files that `paths` (files, or folders searched all the way down, hidden entries and
 * links left out) name, to be sent with a request. Throws CommandError when there are none, when they are more than
 * `limits.inlineDocumentsMax` or together over `limits.inlineDocumentBytesMax` bytes, and when one is no UTF-8.
 */
export function readInlineDocuments(paths: readonly string[], cwd: string): InlineDocument__Input[] {
  const found = paths.flatMap((path) => find(resolve(cwd, path)));
  if (found.length === 0) {
    throw new CommandError(`no documents in ${paths.join(', ')}`, {
      hint: `--docs reads files that end in ${[...extensions].join(', ')}`,
    });
  }
  const bytes = found.reduce((sum, file) => sum + file.bytes, 0);
  if (found.length > limits.inlineDocumentsMax || bytes > limits.inlineDocumentBytesMax) {
    const most = `${limits.inlineDocumentsMax} documents and ${bytesText(limits.inlineDocumentBytesMax)}`;
    throw new CommandError(
      `${found.length} documents with ${bytesText(bytes)} are too much to send; at most ${most} together`,
      { hint: corpusHint },
    );
  }
  const names = new Set<string>();
  return found.map((file) => {
    const name = uniqueName(file.name, names);
    names.add(name);
    return { name, text: readText(file.path) };
  });
}

function find(path: string): Found[] {
  const stat = statOf(path);
  if (!stat.isDirectory()) return [{ name: basename(path), path, bytes: stat.size }];
  const files: Found[] = [];
  let entries = 0;
  const visit = (folder: string, depth: number): void => {
    for (const entry of entriesOf(folder)) {
      if (++entries > limits.corpusEntriesMax) {
        throw new CommandError(`${path} holds more than ${limits.corpusEntriesMax} entries`, {
          hint: corpusHint,
        });
      }
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const child = join(folder, entry.name);
      if (entry.isDirectory() && depth < limits.corpusDepthMax) visit(child, depth + 1);
      if (!entry.isFile() || !extensions.has(extname(entry.name).toLowerCase())) continue;
      files.push({
        name: relative(path, child).split(sep).join('/'),
        path: child,
        bytes: statOf(child).size,
      });
    }
  };
  visit(path, 1);
  return files;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new CommandError(`${folder} cannot be read`, { cause });
  }
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new CommandError(`there is no ${path}`, {
      cause,
      hint: '--docs takes a folder or a file of this machine',
    });
  }
}

function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    throw new CommandError(`${path} cannot be read as UTF-8 text`, { cause });
  }
}

/** The name, its end when it is too long, with a number when another document has it already. */
function uniqueName(name: string, taken: ReadonlySet<string>): string {
  const short = (suffix: string): string =>
    [...name].slice(-(limits.documentNameCharsMax - suffix.length)).join('') + suffix;
  let unique = short('');
  for (let number = 2; taken.has(unique); number++) unique = short(` (${number})`);
  return unique;
}
