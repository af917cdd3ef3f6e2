import { z } from 'zod';
import { limits } from '../workflow/limits.ts';
import type { DocumentSet, FoundPassage } from './document-library.ts';
import { cappedText } from './tool-output.ts';
import {
  abortedCall,
  type ToolCallContext,
  type ToolDefinition,
  type ToolResult,
  type ToolSource,
  unknownTool,
} from './tool-source.ts';
import { documentsSource } from './toolbox.ts';

const handle = z
  .string()
  .regex(/^D\d{1,6}\.\d{1,6}$/)
  .describe('Handle of a passage, for example D1.3');
const searchSchema = z.strictObject({
  query: z.string().min(1).max(limits.toolQuestionCharsMax).describe('Words to look for'),
  limit: z
    .int()
    .min(1)
    .max(limits.toolSearchPassagesMax)
    .default(limits.toolSearchPassages)
    .describe('How many passages at most'),
});
const readSchema = z.strictObject({
  handle: handle.optional(),
  document: z
    .string()
    .min(1)
    .max(limits.documentNameCharsMax)
    .optional()
    .describe('Name of a document, instead of a handle'),
  from: z.int().min(1).default(1).describe('With a document: number of the first passage, from 1'),
  count: z
    .int()
    .min(1)
    .max(limits.toolReadPassagesMax)
    .default(3)
    .describe('How many passages; with a handle they lie around it'),
});

// The input side: what has a default may be left out.
const schemaOf = (schema: z.ZodType): ToolDefinition['parameters'] => z.toJSONSchema(schema, { io: 'input' });

const terms = {
  // Reading changes nothing.
  idempotent: true,
  timeoutMs: limits.toolTimeoutMs,
  outputBytesMax: limits.toolOutputBytes,
} as const;

const definitions: readonly ToolDefinition[] = [
  {
    name: 'search',
    description:
      'Full-text search over the documents of this task. Answers the passages that fit best, each with a handle to cite.',
    parameters: schemaOf(searchSchema),
    ...terms,
  },
  {
    name: 'read',
    description:
      'Reads on in the documents of this task: the passages around a handle, or those of a document by its name from a passage number on.',
    parameters: schemaOf(readSchema),
    ...terms,
  },
];

/** Built in: agents search and read the documents that came with their workflow, and nothing else. */
export class DocumentsTool implements ToolSource {
  readonly name = documentsSource;
  readonly tools = definitions;
  #closed = false;

  async start(): Promise<void> {}

  async call(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    { signal, documents }: ToolCallContext,
  ): Promise<ToolResult> {
    if (signal.aborted || this.#closed) throw abortedCall(`${this.name}.${tool}`, signal.reason);
    if (tool !== 'search' && tool !== 'read') throw unknownTool(this.name, tool);
    if (!documents) return failed('this task has no documents');
    if (tool === 'search') {
      const parsed = searchSchema.safeParse(args);
      return parsed.success ? search(documents, parsed.data) : failed(z.prettifyError(parsed.error));
    }
    const parsed = readSchema.safeParse(args);
    return parsed.success ? read(documents, parsed.data) : failed(z.prettifyError(parsed.error));
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

const failed = (text: string): ToolResult => ({
  text: cappedText(text, limits.toolOutputBytes),
  isError: true,
});

function search(documents: DocumentSet, { query, limit }: z.output<typeof searchSchema>): ToolResult {
  const found = documents.search(query, { passagesMax: limit, bytesMax: limits.toolOutputBytes });
  if (found.length === 0)
    return { text: 'No passage of the documents mentions this.', isError: false, sources: [] };
  return passages(`${found.length} passages, best first.`, found);
}

function read(documents: DocumentSet, request: z.output<typeof readSchema>): ToolResult {
  if (request.handle === undefined && request.document === undefined)
    return failed('name a handle or a document');
  const place = request.handle === undefined ? byName(documents, request) : byHandle(documents, request);
  if (typeof place === 'string') return failed(place);
  const { all, from, name } = place;
  const wanted = within(documents, all.slice(from, from + request.count));
  if (wanted.length === 0) return failed(`document ${name} has ${all.length} passages`);
  return passages(
    `Passages ${from + 1} to ${from + wanted.length} of ${all.length} of document ${name}.`,
    wanted,
  );
}

interface Place {
  readonly name: string;
  readonly all: readonly FoundPassage[];
  /** Index of the first passage wanted. */
  readonly from: number;
}

function byHandle(
  documents: DocumentSet,
  { handle: wanted = '', count }: z.output<typeof readSchema>,
): Place | string {
  const number = Number(wanted.slice(1, wanted.indexOf('.')));
  const all = documents.passagesOf(number);
  const index = all.findIndex((passage) => passage.handle === wanted);
  const [first] = all;
  if (index < 0 || !first) return `there is no passage ${wanted}`;
  return { name: first.documentName, all, from: Math.max(0, index - Math.floor((count - 1) / 2)) };
}

function byName(
  documents: DocumentSet,
  { document = '', from }: z.output<typeof readSchema>,
): Place | string {
  const index = documents.documents.findIndex(({ name }) => name === document);
  if (index < 0) return `there is no document of this name; search first`;
  return { name: document, all: documents.passagesOf(index + 1), from: from - 1 };
}

/** As many of them, in order, as one result may hold. */
function within(documents: DocumentSet, found: readonly FoundPassage[]): readonly FoundPassage[] {
  let bytes = 0;
  const texts = new Map(documents.documents.map(({ sha256, text }) => [sha256, text]));
  return found.filter(({ sha256, start, end }) => {
    bytes += Buffer.byteLength(texts.get(sha256)?.slice(start, end) ?? '', 'utf8');
    return bytes <= limits.toolOutputBytes;
  });
}

const passages = (text: string, found: readonly FoundPassage[]): ToolResult => ({
  text: cappedText(text, limits.toolOutputBytes),
  isError: false,
  sources: found.map(({ handle: cited, documentName, sha256, start, end }) => ({
    handle: cited,
    documentName,
    sha256,
    start,
    end,
  })),
});
