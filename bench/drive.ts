import { EngineNode, type EngineNodeOptions } from './engine-node.ts';

/** Keeps so many runs going until `runs` have ended; answers how long each took, ms. */
export async function drive(node: EngineNode, runs: number, concurrency: number): Promise<number[]> {
  const durations: number[] = [];
  let left = runs;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) {
        const begin = performance.now();
        await node.run();
        durations.push(performance.now() - begin);
      }
    }),
  );
  return durations;
}

/** A node for as long as the work takes. */
export async function withNode<T>(
  options: EngineNodeOptions,
  work: (node: EngineNode) => Promise<T>,
): Promise<T> {
  const node = await EngineNode.start(options);
  try {
    return await work(node);
  } finally {
    await node.close();
  }
}
