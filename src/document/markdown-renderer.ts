import type { Root } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import type { DocumentRenderer, RenderableReport, RenderedDocument } from './document-renderer.ts';
import { reportTree } from './report-tree.ts';

const writer = unified()
  .use(remarkGfm, { singleTilde: false, tablePipeAlign: false })
  .use(remarkStringify, {
    bullet: '-',
    emphasis: '_',
    fences: true,
    listItemIndent: 'one',
    resourceLink: true,
  })
  .freeze();

/** GitHub-flavoured Markdown in UTF-8. The same report always gives the same bytes. */
export class MarkdownRenderer implements DocumentRenderer {
  readonly format = 'markdown';
  readonly fileExtension = 'md';
  readonly mediaType = 'text/markdown; charset=utf-8';

  async render(report: RenderableReport, signal: AbortSignal): Promise<RenderedDocument> {
    return { bytes: Buffer.from(markdownOf(await reportTree(report, signal)), 'utf8') };
  }
}

const markdownOf = (tree: Root): string => writer.stringify(tree);
