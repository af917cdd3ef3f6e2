import type { List, ListItem, Root, RootContent, Table, TableRow } from 'mdast';
import type { RenderableReport, RenderableSource } from './document-renderer.ts';
import { cleanLine, headingDepth, modelMarkdown, paragraph, textNode } from './model-markdown.ts';

/**
 * The report as one Markdown tree, from which every format is written: title, table of metadata, sections, numbered
 * sources, gaps. Only the tree's own headings stand at the depth of a section or above. Lets other work run between
 * sections; rejects with the signal's reason as soon as it aborts.
 */
export async function reportTree(report: RenderableReport, signal: AbortSignal): Promise<Root> {
  const children: RootContent[] = [heading(1, report.title)];
  if (report.metadata.length > 0) children.push(metadataTable(report.metadata));
  for (const section of report.sections) {
    signal.throwIfAborted();
    // A section is parsed in one go, and a report may have many.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const depth = headingDepth(Math.max(2, section.depth));
    children.push(heading(depth, section.heading), ...modelMarkdown(section.markdown, depth));
  }
  signal.throwIfAborted();
  if (report.sources.length > 0) children.push(heading(2, 'Sources'), ...sourceLists(report.sources));
  if (report.gaps.length > 0) children.push(heading(2, 'Gaps and limitations'), bullets(report.gaps));
  return { type: 'root', children };
}

const heading = (depth: number, text: string): RootContent => ({
  type: 'heading',
  depth: headingDepth(depth),
  children: [textNode(cleanLine(text) || 'Untitled')],
});

function metadataTable(metadata: RenderableReport['metadata']): Table {
  const row = (cells: readonly string[]): TableRow => ({
    type: 'tableRow',
    children: cells.map((cell) => ({ type: 'tableCell', children: [textNode(cleanLine(cell))] })),
  });
  return { type: 'table', align: [null, null], children: [row(['Field', 'Value']), ...metadata.map(row)] };
}

/** One list for each run of consecutive numbers, because Markdown counts the items of a list itself. */
function sourceLists(sources: readonly RenderableSource[]): List[] {
  const lists: { readonly start: number; readonly items: ListItem[] }[] = [];
  for (const { number, documentName, handle } of sources) {
    const last = lists.at(-1);
    const item: ListItem = {
      type: 'listItem',
      spread: false,
      children: [paragraph(`${cleanLine(documentName)} (passage ${cleanLine(handle)})`)],
    };
    if (last && last.start + last.items.length === number) last.items.push(item);
    else lists.push({ start: number, items: [item] });
  }
  return lists.map(({ start, items }) => ({
    type: 'list',
    ordered: true,
    start,
    spread: false,
    children: items,
  }));
}

const bullets = (texts: readonly string[]): List => ({
  type: 'list',
  ordered: false,
  spread: false,
  children: texts.map((text) => ({
    type: 'listItem',
    spread: false,
    children: [paragraph(cleanLine(text))],
  })),
});
