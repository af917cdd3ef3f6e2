import { RealClock } from '../../src/clock/real-clock.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { admitted, keyOf, paused, resumed, started, Writer } from './fixture.ts';

// A process of its own that appends until it is killed. Prints `open`, then `<workflow> <sequence>` for each
// acknowledged append; `locked` and nothing else when the store is held by another process.
// Arguments: database file, number of the first workflow.

const [path = '', first = '0'] = process.argv.slice(2);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function appendForEver(store: SqliteStore, number: number): Promise<void> {
  const writer = new Writer(keyOf(number));
  await writer.claim(store);
  await writer.write(store, [started()]);
  print(`${number} 1`);
  for (;;) {
    await writer.write(store, [admitted, paused, resumed]);
    print(`${number} ${writer.events.length}`);
  }
}

let store: SqliteStore | undefined;
try {
  store = SqliteStore.open({ path, clock: new RealClock() });
} catch (error) {
  print(error instanceof Error && error.name === 'StoreLockedError' ? 'locked' : String(error));
}
if (store) {
  print('open');
  const held = store;
  await Promise.all([0, 1, 2, 3].map((offset) => appendForEver(held, Number(first) + offset)));
}
