import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RealClock } from '../../src/clock/real-clock.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { StoreUnavailableError } from '../../src/store/event-store.ts';
import { silentLogger } from '../../src/workflow/logger.ts';
import { FakeApplication } from '../grpc/fake-application.ts';
import { run } from './terminal.ts';

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'orchestrator-startup-'));
});

after(() => rmSync(folder, { recursive: true }));

const clock = new RealClock();
const open = (dataDir: string): SqliteStore =>
  SqliteStore.open({ path: join(dataDir, 'orchestrator.db'), clock });
const serve = (fails: () => unknown): ReturnType<typeof run> =>
  run(['serve'], {
    serve: async () => {
      await fails();
      return 0;
    },
  });

describe('a server that cannot start', () => {
  test('says how to choose another port when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const server = new GrpcServer(new FakeApplication(clock), {
      clock,
      logger: silentLogger,
      version: 'test',
    });
    try {
      const { code, err } = await serve(() => server.start({ host: '127.0.0.1', port }));
      assert.equal(code, 1);
      assert.equal(
        err,
        `error: 127.0.0.1:${port} is in use by another process\nchoose another with --grpc-port\n`,
      );
    } finally {
      await server.stop(0);
      await new Promise((resolve) => void other.close(resolve));
    }
  });

  test('says how to choose another data directory, or to use the server that has it', async () => {
    const dataDir = join(folder, 'held');
    const store = open(dataDir);
    try {
      const served = await serve(() => open(dataDir));
      assert.equal(served.code, 1);
      assert.match(served.err, /^error: the data directory is in use by another process\n.*--data-dir\n$/);
      const embedded = await run(['stats', '--embedded'], {
        startEmbedded: async () => {
          const second = open(dataDir);
          return { address: '127.0.0.1:1', stop: () => second.close() };
        },
      });
      assert.match(embedded.err, /leave out --embedded to talk to the server that has it/);
      assert.match(embedded.err, /--data-dir/);
    } finally {
      await store.close();
    }
  });

  test('says that its data directory is a file, or not writable, once', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const dataDir of [file, join(file, 'below')]) {
      const { code, err } = await serve(() => open(dataDir));
      assert.equal(code, 1);
      assert.match(err, /^error: the data directory .* is a file, not a folder/);
      assert.equal(err.split('\n').length, 3, err);
    }
    for (const code of ['EACCES', 'EPERM', 'EROFS']) {
      const cause = Object.assign(new Error(`${code}: no`), {
        code,
        syscall: 'open',
        path: '/d/orchestrator.db',
      });
      const { err } = await serve(() => {
        throw new StoreUnavailableError(`opening /d/orchestrator.db: ${cause.message}`, { cause });
      });
      assert.match(err, /^error: the data directory \/d must be writable by this user\n.*--data-dir\n$/);
    }
  });

  test('does not say the same twice about what it knows nothing of', async () => {
    const { err } = await serve(() => {
      throw new StoreUnavailableError('opening d: the disk is odd', { cause: new Error('the disk is odd') });
    });
    assert.equal(err, 'error: opening d: the disk is odd\n');
  });
});
