import type { DocumentRenderer } from './document-renderer.ts';
import { LazyMarkdownRenderer } from './lazy-markdown-renderer.ts';

const renderers: readonly DocumentRenderer[] = [new LazyMarkdownRenderer()];

/** The renderers of this build by format, in the order in which formats are listed. */
export const rendererRegistry: ReadonlyMap<string, DocumentRenderer> = new Map(
  renderers.map((renderer) => [renderer.format, renderer]),
);
