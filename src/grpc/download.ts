import type { Application, DocumentBytes } from '../engine/application.ts';
import { ApplicationError } from '../engine/application-error.ts';
import type { DownloadDocumentRequest__Output } from '../gen/orchestrator/v1/DownloadDocumentRequest.ts';
import type { DownloadDocumentResponse__Input } from '../gen/orchestrator/v1/DownloadDocumentResponse.ts';
import { limits } from '../workflow/limits.ts';
import type { Send } from './message-sender.ts';
import { countOf, invalid, workflowKeyOf } from './request-field.ts';

/** Sends a document's metadata, then its bytes from `offset` on in chunks of `limits.downloadChunkBytes`. */
export async function download(
  application: Application,
  request: DownloadDocumentRequest__Output,
  signal: AbortSignal,
  send: Send<DownloadDocumentResponse__Input>,
): Promise<void> {
  const key = workflowKeyOf(request.workflowId);
  const offset = countOf(request.offset, 'offset');
  const wanted = wantedDocument(request);
  const document = (await application.documents(key)).find(wanted.matches);
  if (!document) {
    throw new ApplicationError(
      'not_found',
      `workflow ${key.workflowId} has no document with ${wanted.description}`,
      {
        reason: 'DOCUMENT_NOT_FOUND',
        metadata: { workflow_id: key.workflowId },
      },
    );
  }
  const { bytes } = document;
  if (offset > bytes.length) {
    throw new ApplicationError('out_of_range', `offset ${offset} is above the size ${bytes.length}`, {
      reason: 'OFFSET_ABOVE_SIZE',
      metadata: { workflow_id: key.workflowId, offset: String(offset), size: String(bytes.length) },
    });
  }
  await send({ metadata: metadataOf(document) });
  for (let start = offset; start < bytes.length; start += limits.downloadChunkBytes) {
    signal.throwIfAborted();
    const end = Math.min(start + limits.downloadChunkBytes, bytes.length);
    await send({ chunk: Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start) });
  }
}

function metadataOf(document: DocumentBytes): DownloadDocumentResponse__Input['metadata'] & object {
  return {
    format: document.format,
    state: 'STATE_COMPLETED',
    fileName: document.fileName,
    mediaType: document.mediaType,
    sha256: document.sha256,
    sizeBytes: document.bytes.length,
  };
}

interface Wanted {
  readonly matches: (document: DocumentBytes) => boolean;
  readonly description: string;
}

function wantedDocument({ sha256, format }: DownloadDocumentRequest__Output): Wanted {
  if (sha256 !== undefined) {
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      throw invalid(['sha256'], 'must be 64 lower-case hexadecimal digits', 'INVALID_FORMAT');
    }
    return { matches: (document) => document.sha256 === sha256, description: `SHA-256 ${sha256}` };
  }
  if (format === undefined) throw invalid(['sha256'], 'sha256 or format must be given', 'REQUIRED');
  if (!/^[a-z]{1,20}$/.test(format)) {
    throw invalid(
      ['format'],
      'must be a format in lower case, for example markdown or pdf',
      'INVALID_FORMAT',
    );
  }
  return { matches: (document) => document.format === format, description: `format ${format}` };
}
