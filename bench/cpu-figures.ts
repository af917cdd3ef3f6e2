import { getHeapStatistics } from 'node:v8';
import { drive, withNode } from './drive.ts';
import { EmptyStore } from './empty-store.ts';
import type { Figure } from './figure.ts';

const atOnce = 128;
const runs = 3_000;

interface Spent {
  readonly cpuUs: number;
  readonly allocatedKiB: number;
}

/** What one run costs the main thread. Steadier than a rate while other processes share the machine. */
async function spentPerRun(store: 'sqlite' | 'none', concurrency: number): Promise<Spent> {
  const kept = store === 'none' ? { store: new EmptyStore() } : {};
  return withNode({ answerTime: 0, ...kept }, async (node) => {
    await drive(node, runs, concurrency);
    const used = process.threadCpuUsage();
    const bytes = getHeapStatistics().total_allocated_bytes;
    await drive(node, runs, concurrency);
    const { user, system } = process.threadCpuUsage(used);
    const allocated = getHeapStatistics().total_allocated_bytes - bytes;
    return { cpuUs: (user + system) / runs, allocatedKiB: allocated / runs / 1_024 };
  });
}

/** CPU of the main thread and bytes on the heap that one run costs, with the store and without any. */
export async function cpuFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [store, concurrency] of [
    ['none', atOnce],
    ['none', 1],
    ['sqlite', atOnce],
  ] as const) {
    const { cpuUs, allocatedKiB } = await spentPerRun(store, concurrency);
    const of = `a run, ${concurrency} at once, ${store === 'none' ? 'without a store' : 'with its store'}`;
    figures.push(
      { name: `CPU of the main thread for ${of}`, value: cpuUs, unit: 'µs' },
      { name: `allocated for ${of}`, value: allocatedKiB, unit: 'KiB' },
    );
  }
  return figures;
}
