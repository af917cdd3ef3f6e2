import { RealClock } from '../../src/clock/real-clock.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';

// A process of its own that closes a store whose writer is still asked for something, and has nothing else to live for.
// Prints `closed`. Argument: database file.

const store = SqliteStore.open({ path: process.argv[2] ?? '', clock: new RealClock() });
const checked = store.check();
await store.close();
await checked;
process.stdout.write('closed\n');
