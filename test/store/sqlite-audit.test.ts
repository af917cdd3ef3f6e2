import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { RealClock } from '../../src/clock/real-clock.ts';
import { checksumOf } from '../../src/store/event-checksum.ts';
import { auditDatabase } from '../../src/store/sqlite-audit.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import type { EventData } from '../../src/workflow/event.ts';
import type { Check } from '../../src/workflow/finding.ts';
import { limits } from '../../src/workflow/limits.ts';
import { SeededRandom } from '../e2e/seeded-random.ts';
import { olderVersion } from './older-version.ts';
import { sample, source, writeSampleStore } from './sample-store.ts';

let folder: string;
let sound: string;
let copies = 0;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orchestrator-audit-'));
  sound = join(folder, 'orchestrator.db');
  await writeSampleStore(sound);
});

after(() => rmSync(folder, { recursive: true }));

function copy(): string {
  const path = join(folder, `copy-${++copies}.db`);
  copyFileSync(sound, path);
  return path;
}

/** A copy of the sound store after `damage`. */
function damaged(damage: (database: DatabaseSync) => void): string {
  const path = copy();
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  damage(database);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return path;
}

const sql =
  (text: string) =>
  (database: DatabaseSync): void =>
    database.exec(text);

interface EventColumns {
  sequence: number;
  time: number;
  epoch: number;
  progress: number;
  data: EventData;
}

/** Writes an event anew, its checksum too: what a disk never does, and a defect of the product might. */
const rewrite =
  (run: number, sequence: number, change: (event: EventColumns) => void) =>
  (database: DatabaseSync): void => {
    const row = database.prepare('SELECT * FROM event WHERE run = ? AND sequence = ?').get(run, sequence);
    assert.ok(row);
    const event: EventColumns = {
      sequence,
      time: Number(row['time']),
      epoch: Number(row['epoch']),
      progress: Number(row['progress']),
      data: JSON.parse(String(row['body'])) as EventData,
    };
    change(event);
    const { data, ...columns } = event;
    const body = JSON.stringify(data);
    database
      .prepare(
        'UPDATE event SET time = ?, epoch = ?, progress = ?, body = ?, checksum = ? WHERE event_id = ?',
      )
      .run(
        columns.time,
        columns.epoch,
        columns.progress,
        body,
        checksumOf({ ...columns, body }),
        Number(row['event_id']),
      );
  };

const rewriteData = (run: number, sequence: number, change: (data: Record<string, unknown>) => void) =>
  rewrite(run, sequence, ({ data }) => change(data));

/** One more event behind the last one of a log. */
const extend =
  (run: number, data: object) =>
  (database: DatabaseSync): void => {
    const last = database
      .prepare('SELECT * FROM event WHERE run = ? ORDER BY sequence DESC LIMIT 1')
      .get(run);
    assert.ok(last);
    const body = JSON.stringify(data);
    const columns = {
      sequence: Number(last['sequence']) + 1,
      time: Number(last['time']),
      epoch: Number(last['epoch']),
      progress: Number(last['progress']),
    };
    database
      .prepare(
        'INSERT INTO event (run, sequence, time, epoch, progress, body, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(run, ...Object.values(columns), body, checksumOf({ ...columns, body }));
  };

interface Damage {
  readonly name: string;
  readonly damage: (database: DatabaseSync) => void;
  readonly check: Check;
  readonly workflowId?: string;
  readonly sequence?: number;
  readonly says?: RegExp;
}

const { completed, cancelled, running } = sample;

const damages: readonly Damage[] = [
  {
    name: 'an event in the middle is missing',
    damage: sql('DELETE FROM event WHERE run = 1 AND sequence = 5'),
    check: 'sequence',
    workflowId: completed,
    sequence: 6,
    says: /expected sequence 5, found 6/,
  },
  {
    name: 'the last event is missing',
    damage: sql('DELETE FROM event WHERE run = 1 AND sequence = 13'),
    check: 'row',
    workflowId: completed,
    says: /status "running".*found.*status "completed"/,
  },
  {
    name: 'all events are missing',
    damage: sql('DELETE FROM event WHERE run = 3'),
    check: 'sequence',
    workflowId: running,
    says: /at least one event/,
  },
  {
    name: 'a byte of an event has changed',
    damage: sql("UPDATE event SET body = replace(body, 'found', 'fount') WHERE run = 1 AND sequence = 6"),
    check: 'checksum',
    workflowId: completed,
    sequence: 6,
  },
  {
    name: 'the time of an event has changed',
    damage: sql('UPDATE event SET time = time + 1 WHERE run = 3 AND sequence = 6'),
    check: 'checksum',
    workflowId: running,
    sequence: 6,
  },
  {
    name: 'an event is no JSON',
    damage: sql("UPDATE event SET body = '{', checksum = NULL WHERE run = 3 AND sequence = 2"),
    check: 'event',
    workflowId: running,
    sequence: 2,
  },
  {
    name: 'an event lacks a field',
    damage: rewriteData(3, 2, (data) => delete data['deadline']),
    check: 'event',
    workflowId: running,
    sequence: 2,
    says: /deadline/,
  },
  {
    name: 'an event has a type that nobody knows',
    damage: rewriteData(3, 2, (data) => (data['type'] = 'workflow_forgotten')),
    check: 'event',
    workflowId: running,
    sequence: 2,
  },
  {
    name: 'time falls',
    damage: rewrite(3, 3, (event) => (event.time -= 1_000)),
    check: 'order',
    workflowId: running,
    sequence: 3,
    says: /time at or after/,
  },
  {
    name: 'an epoch falls',
    damage: rewrite(3, 3, (event) => (event.epoch -= 1)),
    check: 'order',
    workflowId: running,
    sequence: 3,
    says: /epoch at or after/,
  },
  {
    name: 'progress falls',
    damage: rewrite(3, 3, (event) => (event.progress = 0)),
    check: 'order',
    workflowId: running,
    sequence: 3,
    says: /progress at or after/,
  },
  {
    name: 'an epoch was never minted',
    damage: sql(
      "UPDATE meta SET value = 0 WHERE name = 'generation'; DELETE FROM event WHERE run <> 3; DELETE FROM workflow WHERE run <> 3; DELETE FROM description WHERE run <> 3; DELETE FROM blob_use; DELETE FROM blob",
    ),
    check: 'generation',
    workflowId: running,
    sequence: 1,
  },
  {
    name: 'an event that its state does not allow',
    damage: extend(3, { type: 'workflow_resumed' }),
    check: 'fold',
    workflowId: running,
    sequence: 7,
    says: /the workflow is running/,
  },
  {
    name: 'an event follows the terminal one',
    damage: extend(1, { type: 'workflow_resumed' }),
    check: 'terminal',
    workflowId: completed,
    sequence: 14,
  },
  {
    name: 'a second terminal event',
    damage: extend(1, { type: 'workflow_failed', error: { type: 'quorum', message: 'too few' } }),
    check: 'terminal',
    workflowId: completed,
    sequence: 14,
  },
  {
    name: 'a call is started twice',
    damage: rewriteData(3, 6, (data) => (data['attempt'] = 1)),
    check: 'call',
    workflowId: running,
    sequence: 6,
    says: /one start of researcher\/1\/0\/1/,
  },
  {
    name: 'a call is started after its answer',
    damage: rewriteData(1, 8, (data) => (data['agentId'] = 'researcher/1')),
    check: 'call',
    workflowId: completed,
    sequence: 8,
    says: /no call after the answer at sequence 6/,
  },
  {
    name: 'a call ends twice',
    damage: rewriteData(1, 9, (data) => (data['agentId'] = 'researcher/1')),
    check: 'call',
    workflowId: completed,
    sequence: 9,
    says: /one end of researcher\/1\/0\/1 after its start, found another/,
  },
  {
    name: 'a call ends that was never started',
    damage: rewriteData(1, 9, (data) => (data['turn'] = 3)),
    check: 'call',
    workflowId: completed,
    sequence: 9,
    says: /an end without a start/,
  },
  {
    name: 'more is held than the cost cap allows',
    damage: rewriteData(
      1,
      1,
      (data) => ((data['options'] as Record<string, unknown>)['maxCostNanoUsd'] = 1_400),
    ),
    check: 'money',
    workflowId: completed,
    sequence: 5,
    says: /at most 1400 nano-USD/,
  },
  {
    name: 'more is held than the token cap allows',
    damage: rewriteData(2, 1, (data) => ((data['options'] as Record<string, unknown>)['maxTokens'] = 100)),
    check: 'money',
    workflowId: cancelled,
    sequence: 4,
    says: /at most 100 tokens/,
  },
  {
    name: 'an agent is said to have cost something else',
    damage: rewriteData(1, 7, (data) => (data['costNanoUsd'] = 999)),
    check: 'statement',
    workflowId: completed,
    sequence: 7,
    says: /costNanoUsd 1000, found costNanoUsd 999/,
  },
  {
    name: 'an agent refers to an answer that is elsewhere',
    damage: rewriteData(1, 7, (data) => (data['outputSequence'] = 5)),
    check: 'statement',
    workflowId: completed,
    sequence: 7,
  },
  {
    name: 'a receipt counts other calls than the log',
    damage: rewriteData(2, 7, (data) => ((data['receipt'] as Record<string, unknown>)['callsAborted'] = 0)),
    check: 'statement',
    workflowId: cancelled,
    sequence: 7,
    says: /callsAborted 1, found callsAborted 0/,
  },
  {
    name: 'a completion names an agent that did not fail',
    damage: rewriteData(1, 13, (data) => (data['failedAgentIds'] = ['researcher/1'])),
    check: 'statement',
    workflowId: completed,
    sequence: 13,
  },
  {
    name: 'a completion below full progress',
    damage: rewrite(1, 13, (event) => (event.progress = 99)),
    check: 'statement',
    workflowId: completed,
    sequence: 13,
  },
  {
    name: 'a log of another tenant',
    damage: rewriteData(3, 1, (data) => (data['tenant'] = 'other')),
    check: 'statement',
    workflowId: running,
    sequence: 1,
  },
  {
    name: 'the summary shows another cost',
    damage: sql(
      `UPDATE workflow SET summary = replace(summary, '"costNanoUsd":2000', '"costNanoUsd":2001') WHERE run = 1`,
    ),
    check: 'row',
    workflowId: completed,
    says: /costNanoUsd 2000, found costNanoUsd 2001/,
  },
  {
    name: 'the summary is no JSON',
    damage: sql(`UPDATE workflow SET summary = '{' WHERE run = 1`),
    check: 'row',
    workflowId: completed,
  },
  {
    name: 'the description shows another task',
    damage: sql(`UPDATE description SET body = replace(body, 'Compare', 'compare') WHERE run = 1`),
    check: 'row',
    workflowId: completed,
  },
  {
    name: 'the labels are others',
    damage: sql(`UPDATE description SET labels = '{}' WHERE run = 1`),
    check: 'row',
    workflowId: completed,
    says: /labels/,
  },
  {
    name: 'the description is missing',
    damage: sql('DELETE FROM description WHERE run = 1'),
    check: 'row',
    workflowId: completed,
  },
  ...[
    'sequence = 12',
    "status = 'failed'",
    "orchestrator = 'search'",
    'create_time = 1',
    'priority = 1',
    'end_time = 1',
  ].map(
    (change): Damage => ({
      name: `a column says ${change}`,
      damage: sql(`UPDATE workflow SET ${change} WHERE run = 1`),
      check: 'row',
      workflowId: completed,
    }),
  ),
  {
    name: 'a completed workflow has no order of completion',
    damage: sql(`UPDATE workflow SET completion = NULL WHERE run = 1;
      UPDATE meta SET value = value - 1 WHERE name = 'finished'`),
    check: 'row',
    workflowId: completed,
  },
  {
    name: 'the number of finished workflows is another',
    damage: sql(`UPDATE meta SET value = value + 1 WHERE name = 'finished'`),
    check: 'row',
    says: /finished workflows counted/,
  },
  {
    name: 'the number of finished workflows is missing',
    damage: sql(`DELETE FROM meta WHERE name = 'finished'`),
    check: 'row',
    says: /no count/,
  },
  {
    name: 'two workflows completed as the same number',
    damage: sql('UPDATE workflow SET completion = 1 WHERE run = 2'),
    check: 'row',
    says: /completed as number 1, found 2/,
  },
  {
    name: 'the bytes of a blob have changed',
    damage: sql(
      `UPDATE blob SET bytes = CAST(replace(CAST(bytes AS TEXT), 'fsync', 'Fsync') AS BLOB) WHERE sha256 = '${source.sha256}'`,
    ),
    check: 'blob',
    says: new RegExp(`bytes with hash ${source.sha256}`),
  },
  {
    name: 'a blob the log refers to is not used',
    damage: sql(`DELETE FROM blob_use WHERE blob_id = 1; DELETE FROM blob WHERE blob_id = 1`),
    check: 'reference',
    workflowId: completed,
    sequence: 1,
    says: /found none/,
  },
  {
    name: 'a blob is used that the log does not refer to',
    damage: sql(`INSERT INTO blob_use VALUES (3, 1)`),
    check: 'reference',
    workflowId: running,
  },
  {
    name: 'a document of another size than the log says',
    damage: rewriteData(1, 12, (data) => (data['bytes'] = 3)),
    check: 'reference',
    workflowId: completed,
    sequence: 12,
    says: /of 3 bytes.*found 9 bytes/,
  },
  {
    name: 'a blob that nobody uses',
    damage: sql(
      `INSERT INTO blob (sha256, bytes) VALUES ('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', x'')`,
    ),
    check: 'orphan',
    says: /a blob in use/,
  },
  {
    name: 'a use of a workflow that is gone',
    damage: sql('INSERT INTO blob_use VALUES (99, 1)'),
    check: 'orphan',
    says: /uses of a workflow/,
  },
  {
    name: 'events of a workflow that is gone',
    damage: sql('DELETE FROM workflow WHERE run = 3; DELETE FROM description WHERE run = 3'),
    check: 'orphan',
    says: /events of a workflow/,
  },
  {
    name: 'a description of a workflow that is gone',
    damage: sql('DELETE FROM workflow WHERE run = 3; DELETE FROM event WHERE run = 3'),
    check: 'orphan',
    says: /a description of a workflow/,
  },
  {
    name: 'a request record that names no workflow',
    damage: sql(`UPDATE request SET workflow_id = 'x' WHERE request_id = 'first'`),
    check: 'request',
  },
  {
    name: 'a request record whose workflow began with another request',
    damage: sql(`UPDATE request SET workflow_id = '${cancelled}' WHERE request_id = 'first'`),
    check: 'request',
    workflowId: cancelled,
    says: /request id second/,
  },
  {
    name: 'a request record without a hash',
    damage: sql(`UPDATE request SET body_hash = 'y' WHERE request_id = 'first'`),
    check: 'request',
    workflowId: completed,
  },
  {
    name: 'a request record whose hash is another than its workflow began with',
    damage: sql(
      `UPDATE request SET body_hash = replace(body_hash, substr(body_hash, 1, 1), 'f') WHERE request_id = 'first'`,
    ),
    check: 'request',
    workflowId: completed,
    says: /body hash [0-9a-f]{64} as in the log/,
  },
  {
    name: 'an index is missing',
    damage: sql('DROP INDEX workflow_open'),
    check: 'schema',
    says: /CREATE INDEX workflow_open/,
  },
  {
    name: 'a table too many',
    damage: sql('CREATE TABLE notes (text TEXT)'),
    check: 'schema',
  },
];

describe('verification of a store', () => {
  test('finds nothing in a sound one, and leaves every byte as it was', () => {
    const path = copy();
    const bytes = readFileSync(path);
    const { findings, ...counts } = auditDatabase(path);
    assert.deepEqual(findings, []);
    assert.deepEqual(counts, {
      workflows: 3,
      open: 1,
      finished: 2,
      events: 26,
      eventsWithoutChecksum: 0,
      blobs: 2,
      blobBytes: source.bytes.byteLength + 9,
      requests: 2,
      problems: 0,
    });
    assert.deepEqual(readFileSync(path), bytes);
  });

  for (const { name, damage, check, workflowId, sequence, says } of damages) {
    test(`names this and nothing else: ${name}`, () => {
      const { findings, problems } = auditDatabase(damaged(damage));
      assert.equal(problems, 1, JSON.stringify(findings, undefined, 1));
      const [finding] = findings;
      assert.ok(finding);
      assert.equal(finding.check, check, JSON.stringify(finding));
      assert.equal(finding.workflowId, workflowId);
      assert.equal(finding.sequence, sequence);
      if (says) assert.match(`expected ${finding.expected}, found ${finding.found}`, says);
    });
  }

  test('finds an index that is not its table', () => {
    const path = copy();
    // The same number of entries, one of them for a log that is not there.
    const database = new DatabaseSync(path);
    const root = database
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'workflow_by_status'")
      .get();
    const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
    database.close();
    const bytes = readFileSync(path);
    const begin = (Number(root?.['rootpage']) - 1) * pageBytes;
    const at = bytes.indexOf('cancelled', begin);
    assert.ok(at > begin && at < begin + pageBytes);
    bytes.write('cancelleD', at);
    writeFileSync(path, bytes);
    const { findings } = auditDatabase(path);
    assert.deepEqual([...new Set(findings.map(({ check }) => check))], ['database']);
    assert.match(findings[0]?.found ?? '', /workflow_by_status/);
  });

  test('counts events that an earlier version wrote without a checksum', () => {
    const { problems, eventsWithoutChecksum } = auditDatabase(
      damaged(sql('UPDATE event SET checksum = NULL WHERE run = 1')),
    );
    assert.deepEqual([problems, eventsWithoutChecksum], [0, 13]);
  });

  test('judges a store of the version before, and does not bring it up to date', () => {
    const path = damaged(sql(olderVersion(1)));
    const { problems, findings, events, eventsWithoutChecksum } = auditDatabase(path);
    assert.equal(problems, 0, JSON.stringify(findings));
    assert.equal(eventsWithoutChecksum, events);
    const version = new DatabaseSync(path).prepare('PRAGMA user_version').get();
    assert.equal(version?.['user_version'], 1);
  });

  test('judges a store that was brought up to date', async () => {
    const path = damaged(sql(olderVersion(1)));
    await SqliteStore.open({ path, clock: new RealClock() }).close();
    const { problems, findings } = auditDatabase(path);
    assert.equal(problems, 0, JSON.stringify(findings));
  });

  test('judges what a server has open, with what stands in its journal', async () => {
    const path = copy();
    const store = SqliteStore.open({ path, clock: new RealClock() });
    try {
      const { problems, findings, events } = auditDatabase(path);
      assert.equal(problems, 0, JSON.stringify(findings));
      assert.equal(events, 26);
      await store.check();
    } finally {
      await store.close();
    }
  });

  test('tells at most so many findings, and counts them all', () => {
    const { problems, findings } = auditDatabase(
      damaged(
        sql(`WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 1299)
             INSERT INTO description SELECT i, '{}', '{}' FROM n`),
      ),
    );
    assert.equal(problems, 1_200);
    assert.equal(findings.length, limits.auditFindingsMax);
  });

  test('takes a file whose tables were never made for an empty store', () => {
    const path = join(folder, 'empty.db');
    writeFileSync(path, '');
    assert.equal(auditDatabase(path).workflows, 0);
    assert.equal(readFileSync(path).byteLength, 0);
  });

  const refusals: readonly (readonly [name: string, prepare: () => string, error: object])[] = [
    [
      'no file',
      () => join(folder, 'nothing.db'),
      { name: 'StoreMissingError', message: /there is no store at/ },
    ],
    ['a folder', () => folder, { name: 'StoreMissingError' }],
    [
      'a file of another kind',
      () => {
        const path = join(folder, 'text.db');
        writeFileSync(path, 'text '.repeat(200));
        return path;
      },
      { name: 'StoreUnavailableError', message: /is not a database; it was left as it is/ },
    ],
    [
      'the database of another application',
      () => damaged(sql('PRAGMA application_id = 7')),
      { name: 'StoreUnavailableError', message: /another application/ },
    ],
    [
      'a newer store',
      () => damaged(sql('PRAGMA user_version = 99')),
      { name: 'StoreUnavailableError', message: /schema version 99, this build knows/ },
    ],
  ];
  for (const [name, prepare, error] of refusals) {
    test(`refuses ${name}, and leaves it as it is`, () => {
      const path = prepare();
      const read = (): unknown => (path === folder || name === 'no file' ? undefined : readFileSync(path));
      const bytes = read();
      assert.throws(() => auditDatabase(path), error);
      assert.deepEqual(read(), bytes);
    });
  }
});

/** What no reader relies on: the counter of health checks, numbers that only have to be large enough, the planner's estimates. */
const free = new Set(['meta', 'sqlite_sequence', 'sqlite_stat1']);
/** Columns that nothing else in the store tells. */
const untold: Readonly<Record<string, string>> = { request: 'tenant, method, request_id, expire_time' };

/** Every row of every table, read from the tables themselves. */
function dump(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all();
    return tables
      .map(({ name }) => String(name))
      .filter((name) => !free.has(name))
      .map((name) => {
        const rows = database.prepare(`SELECT ${untold[name] ?? '*'} FROM ${name} NOT INDEXED`).all();
        const shown = (_: string, value: unknown): unknown =>
          value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
        return `${name}\n${rows.map((row) => JSON.stringify(row, shown)).join('\n')}`;
      })
      .join('\n');
  } finally {
    database.close();
  }
}

test('a flipped byte of a store is found, or changes no row', () => {
  const flips = 300;
  const seed = 11;
  const random = new SeededRandom(seed);
  const original = dump(sound);
  const bytes = readFileSync(sound);
  const path = copy();
  const outcomes = { refused: 0, found: 0, unused: 0 };
  for (let flip = 0; flip < flips; flip++) {
    const at = random.whole(0, bytes.byteLength - 1);
    const changed = Buffer.from(bytes);
    changed[at] = (bytes[at] ?? 0) ^ random.whole(1, 255);
    writeFileSync(path, changed);
    let problems: number;
    try {
      ({ problems } = auditDatabase(path));
    } catch (error) {
      assert.equal((error as Error).name, 'StoreUnavailableError', `byte ${at}: ${String(error)}`);
      outcomes.refused++;
      continue;
    }
    if (problems > 0) {
      outcomes.found++;
      continue;
    }
    outcomes.unused++;
    const rows = dump(path);
    if (rows === original) continue;
    const known = new Set(original.split('\n'));
    const strange = rows.split('\n').filter((row) => !known.has(row));
    assert.fail(`seed ${seed}: byte ${at} changed rows and nothing was found: ${strange.join('\n')}`);
  }
  assert.ok(outcomes.found > 0 && outcomes.unused > 0, JSON.stringify(outcomes));
});
