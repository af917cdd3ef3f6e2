import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import type { OrchestratorClient } from '../client/orchestrator-client.ts';
import { RpcError } from '../client/rpc-error.ts';
import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-code.ts';
import { printableLine } from './printable-text.ts';

const formatByExtension: Readonly<Record<string, string>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.docx': 'docx',
  '.pdf': 'pdf',
};

/** Whether a path means a folder: it is one, or ends in a slash, or has no extension of a document. */
export function meansFolder(path: string): boolean {
  if (existsSync(path)) return statSync(path).isDirectory();
  return /[/\\]$/.test(path) || formatByExtension[extname(path).toLowerCase()] === undefined;
}

/**
 * Writes every rendered document of a workflow into a folder, which is made; without documents the result's text as
 * `<id>.md`. Resolves with the paths. Throws CommandError when the disk refuses.
 */
export async function writeReports(
  client: OrchestratorClient,
  workflowId: string,
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const documents = await client.listDocuments(workflowId, { signal });
  const paths: string[] = [];
  for (const { state, sha256, fileName, format } of documents) {
    if (state !== 'STATE_COMPLETED') continue;
    const { bytes } = await client.downloadDocument({ workflowId, sha256 }, { signal });
    const path = join(folder, safeFileName(fileName, workflowId, format));
    write(path, bytes);
    paths.push(path);
  }
  if (paths.length > 0) return paths;
  const path = join(folder, `${workflowId}.md`);
  write(path, await resultText(client, workflowId, signal));
  return [path];
}

/** Writes one document to a path whose extension says which; Markdown is made of the result's text when none was rendered. */
export async function writeReport(
  client: OrchestratorClient,
  workflowId: string,
  path: string,
  signal: AbortSignal,
): Promise<string> {
  const format = formatByExtension[extname(path).toLowerCase()] ?? 'markdown';
  try {
    const { bytes } = await client.downloadDocument({ workflowId, format }, { signal });
    write(path, bytes);
  } catch (error) {
    const missing = error instanceof RpcError && error.codeName === 'NOT_FOUND';
    if (!missing || error.reason === 'WORKFLOW_NOT_FOUND') throw error;
    if (format !== 'markdown') {
      throw new CommandError(`${workflowId} has no ${format} document`, {
        exitCode: exitCodes.notFound,
        hint: `orchestrator get ${workflowId} lists its documents; --format ${format} renders one in the next run`,
        cause: error,
      });
    }
    write(path, await resultText(client, workflowId, signal));
  }
  return path;
}

async function resultText(
  client: OrchestratorClient,
  workflowId: string,
  signal: AbortSignal,
): Promise<string> {
  const { content, contentOmitted, title } = await client.getWorkflowResult(workflowId, { signal });
  if (contentOmitted) {
    throw new CommandError('the text is too large for the result', {
      exitCode: exitCodes.failed,
      hint: `orchestrator events ${workflowId} --json holds it`,
    });
  }
  if (content === '') {
    throw new CommandError(`${workflowId} has no text`, {
      exitCode: exitCodes.failed,
      hint: `orchestrator get ${workflowId} says how it ended`,
    });
  }
  return `# ${printableLine(title)}\n\n${content}\n`;
}

/** The server's name for a file as a name and nothing else: it leads to no other folder and hides nothing. */
function safeFileName(fileName: string, workflowId: string, format: string): string {
  const safe = fileName.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[.\s-]+/, '');
  return safe === '' ? `${workflowId}.${format}` : safe;
}

function write(path: string, content: string | Uint8Array): void {
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    writeFileSync(path, content);
  } catch (cause) {
    throw new CommandError(`${path} cannot be written`, {
      exitCode: exitCodes.failed,
      hint: cause instanceof Error ? cause.message : undefined,
      cause,
    });
  }
}
