import type { DocumentRenderer } from './document-renderer.ts';
import { MarkdownRenderer } from './markdown-renderer.ts';

const renderers: readonly DocumentRenderer[] = [new MarkdownRenderer()];

/** The renderers of this build by format, in the order in which formats are listed. */
export const rendererRegistry: ReadonlyMap<string, DocumentRenderer> = new Map(
  renderers.map((renderer) => [renderer.format, renderer]),
);
