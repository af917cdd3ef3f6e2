import { createHash } from 'node:crypto';
import { status as Code } from '@grpc/grpc-js';
import type { Document__Output } from '../gen/orchestrator/v1/Document.ts';
import type { DownloadDocumentResponse__Output } from '../gen/orchestrator/v1/DownloadDocumentResponse.ts';
import { limits } from '../workflow/limits.ts';
import { RpcError } from './rpc-error.ts';

/** A downloaded document, checked against the hash the server named. */
export interface DocumentDownload {
  readonly document: Document__Output;
  readonly bytes: Buffer;
}

/**
 * Puts the parts of a download together. Throws RpcError DATA_LOSS when they are not the document that was announced,
 * RESOURCE_EXHAUSTED when they are more than `limits.downloadBytesMax`.
 */
export async function assembleDownload(
  parts: AsyncIterable<DownloadDocumentResponse__Output>,
): Promise<DocumentDownload> {
  let document: Document__Output | undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const part of parts) {
    if (part.metadata) document = part.metadata;
    if (part.chunk) {
      size += part.chunk.length;
      if (size > limits.downloadBytesMax) {
        throw new RpcError(
          Code.RESOURCE_EXHAUSTED,
          `the document is larger than ${limits.downloadBytesMax} bytes`,
        );
      }
      chunks.push(part.chunk);
    }
  }
  if (!document) throw new RpcError(Code.DATA_LOSS, 'the download did not say which document it is');
  const bytes = Buffer.concat(chunks);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== document.sha256) {
    throw new RpcError(
      Code.DATA_LOSS,
      `expected a document with SHA-256 ${document.sha256}, found ${sha256}`,
    );
  }
  return { document, bytes };
}
