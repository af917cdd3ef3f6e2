import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { commitPoints, commonChanges, replaceOnce, withPoint } from './commit-point.ts';

// Loaded before the daemon by `node --import`: kills the process at one named commit point. TORTURE_POINT names the
// point, TORTURE_PASSES how often it is passed before.

const source = new URL('../../src/', import.meta.url).href;
const changes = commonChanges(import.meta.url);
const name = process.env['TORTURE_POINT'] ?? '';
const point = commitPoints.find((one) => one.name === name);
if (name !== '' && !point) throw new Error(`torture: there is no commit point "${name}"`);
let passes = Number(process.env['TORTURE_PASSES'] ?? 0);

declare global {
  var reachedCommitPoint: () => void;
}

globalThis.reachedCommitPoint = (): void => {
  if (passes-- > 0) return;
  // Written at once, for nothing happens afterwards.
  writeSync(2, `torture: reached ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
};

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith(source)) return loaded;
    const file = decodeURIComponent(url.slice(source.length));
    const mine = changes.filter((change) => change.file === file);
    const reached = point?.file === file ? point : undefined;
    if (mine.length === 0 && !reached) return loaded;
    if (loaded.source === undefined || loaded.source === null)
      throw new Error(`torture: no source of ${fileURLToPath(url)}`);
    let text =
      typeof loaded.source === 'string'
        ? loaded.source
        : Buffer.from(loaded.source as Uint8Array).toString('utf8');
    for (const { anchor, text: instead } of mine) text = replaceOnce(text, anchor, instead, file);
    if (reached) text = withPoint(text, reached);
    return { ...loaded, source: text };
  },
});
