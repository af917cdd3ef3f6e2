import type { DocumentRenderer, RenderableReport, RenderedDocument } from './document-renderer.ts';

/** Markdown, with the libraries that write it loaded for the first document. */
export class LazyMarkdownRenderer implements DocumentRenderer {
  readonly format = 'markdown';
  readonly fileExtension = 'md';
  readonly mediaType = 'text/markdown; charset=utf-8';

  async render(report: RenderableReport, signal: AbortSignal): Promise<RenderedDocument> {
    const { MarkdownRenderer } = await import('./markdown-renderer.ts');
    return new MarkdownRenderer().render(report, signal);
  }
}
