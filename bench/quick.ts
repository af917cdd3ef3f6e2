import { EngineNode } from './engine-node.ts';
const c = Number(process.argv[2] ?? 128),
  n = Number(process.argv[3] ?? 3000),
  d = Number(process.argv[4] ?? 0);
const node = await EngineNode.start({ answerTime: d });
async function drive(count: number): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: c }, async () => {
      while (left-- > 0) await node.run();
    }),
  );
}
await drive(Math.min(n, 600));
const c0 = process.cpuUsage(),
  t0 = performance.now(),
  k0 = node.store.commits;
await drive(n);
const s = (performance.now() - t0) / 1000,
  cpu = process.cpuUsage(c0);
console.log(
  `c=${c} D=${d}: ${(n / s).toFixed(0)} wf/s, cpu ${((cpu.user + cpu.system) / n).toFixed(0)} us/wf, commits/wf ${((node.store.commits - k0) / n).toFixed(2)}, elu ${performance.eventLoopUtilization().utilization.toFixed(2)}`,
);
await node.close();
