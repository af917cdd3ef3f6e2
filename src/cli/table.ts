import { displayWidth, padLine, printableLine } from './printable-text.ts';

export interface Column<Row> {
  readonly title: string;
  /** Untrusted text is made printable by the table. */
  readonly cell: (row: Row) => string;
  /** Default left. */
  readonly align?: 'left' | 'right';
}

/** Rows under their titles, in columns two spaces apart; the last column is as long as it is. */
export function tableText<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => printableLine(cell(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => displayWidth(line[index] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, index) => {
          const width = widths[index] ?? 0;
          if (columns[index]?.align === 'right') return ' '.repeat(width - displayWidth(cell)) + cell;
          return padLine(cell, width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
