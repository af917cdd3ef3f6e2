import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { storeContract } from './contract.ts';
import { startTime } from './fixture.ts';

storeContract('memory store', async () => {
  const clock = new SimulatedClock(startTime);
  const store = new MemoryStore(clock);
  return { store, clock, discard: () => store.close() };
});
