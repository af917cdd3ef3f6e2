import { parseArgs } from 'node:util';
import { engineFigures } from './engine-figures.ts';
import { figureRow } from './figure.ts';
import { grpcFigures } from './grpc-figures.ts';

// Measures on this machine, now: `npm run bench [-- --json] [-- --only throughput]`. Prints each figure with the floor
// beneath it from the same run. It judges nothing: a figure that is not met is one to work on.
const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const figures = { ...engineFigures, ...grpcFigures };
const names = values.only === undefined ? Object.keys(figures) : [values.only];
const rows: Record<string, string | number | boolean>[] = [];
for (const name of names) {
  const measure = figures[name];
  if (!measure) throw new Error(`--only ${name}: one of ${Object.keys(figures).join(', ')} is expected`);
  for (const figure of await measure()) rows.push(figureRow(figure));
}
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);
