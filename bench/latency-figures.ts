import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as after } from 'node:timers/promises';
import { drive, withNode } from './drive.ts';
import { percentile, type Figure } from './figure.ts';

const concurrency = 128;
const topRuns = 2_000;
const offeredSeconds = 10;
const nanosecondsPerMs = 1_000_000;

/**
 * The top rate with runs kept going, then half of it offered at even intervals whatever the engine does with them, on
 * the same node.
 */
export function appendLatency(): Promise<Figure[]> {
  const latencies: number[] = [];
  return withNode({ answerTime: 0, onDurable: (ms) => latencies.push(ms) }, async (node) => {
    await drive(node, topRuns / 2, concurrency);
    const topBegin = performance.now();
    await drive(node, topRuns, concurrency);
    const offered = topRuns / ((performance.now() - topBegin) / 1_000) / 2;

    latencies.length = 0;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const total = Math.round(offered * offeredSeconds);
    const running: Promise<void>[] = [];
    const begin = performance.now();
    while (running.length < total) {
      const due = Math.min(total, Math.floor(((performance.now() - begin) / 1_000) * offered) + 1);
      while (running.length < due) running.push(node.run());
      await after(1);
    }
    await Promise.all(running);
    delay.disable();
    const longest = latencies.reduce((most, ms) => Math.max(most, ms), 0);
    const at = `at ${Math.round(offered)} runs/s, half the top rate`;
    return [
      {
        name: `append p99 ${at}`,
        value: percentile(latencies, 0.99),
        unit: 'ms',
        reach: { value: 5, atMost: true },
      },
      { name: `longest append ${at}`, value: longest, unit: 'ms', reach: { value: 50, atMost: true } },
      {
        name: `longest stall of the event loop ${at}`,
        value: delay.max / nanosecondsPerMs,
        unit: 'ms',
        reach: { value: 50, atMost: true },
      },
    ];
  });
}
