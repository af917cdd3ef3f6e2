/** A place in the product where a crash could matter. The sources know nothing of it: it is put in as they are loaded. */
export interface CommitPoint {
  readonly name: string;
  /** Below src/. */
  readonly file: string;
  /** Stands exactly once in the file; a process in which it does not refuses to run. */
  readonly anchor: string;
  readonly place: 'before' | 'after';
  /** An expression in the scope of the place; absent: always. */
  readonly when?: string;
  /**
   * What leads there: work that goes on, an orderly stop, the start of a process on a store with workflows under way,
   * on a new folder, or on a store of the version before.
   */
  readonly reached: 'working' | 'stopping' | 'starting' | 'new' | 'migrating';
  /** Before the kill it passes up to so many times; rare ones kill at once. */
  readonly passesMax: number;
}

const writer = 'store/sqlite-writer.ts';
const begin = 'this.#begin.run();';
const commit = 'this.#commit.run();';

/** Whether the transaction writes an event of one of these types. */
const holds = (...types: readonly string[]): string =>
  `/{"type":"(?:${types.join('|')})"/.test(Buffer.from(write).toString('latin1'))`;

/** Both sides of the COMMIT of a transaction with such an event. */
function aroundCommit(name: string, when: string, passesMax: number): readonly CommitPoint[] {
  const common = { file: writer, anchor: commit, reached: 'working', when, passesMax } as const;
  return [
    { ...common, name: `${name}: written, before COMMIT`, place: 'before' },
    { ...common, name: `${name}: after COMMIT, before anybody is told`, place: 'after' },
  ];
}

export const commitPoints: readonly CommitPoint[] = [
  {
    name: 'append: before BEGIN',
    file: writer,
    anchor: begin,
    place: 'before',
    reached: 'working',
    passesMax: 40,
  },
  {
    name: 'append: after BEGIN, nothing written',
    file: writer,
    anchor: begin,
    place: 'after',
    reached: 'working',
    passesMax: 40,
  },
  ...aroundCommit('append', 'true', 40),
  {
    name: 'append: acknowledged, before anybody acts',
    file: 'store/sqlite-commit-queue.ts',
    anchor:
      'for (const [index, result] of results.slice(from, end).entries()) batch[from + index]?.resolve(result);',
    place: 'after',
    reached: 'working',
    passesMax: 40,
  },
  ...aroundCommit('start', holds('workflow_started'), 3),
  {
    name: 'start: durable, before its reply',
    file: 'engine/supervisor.ts',
    anchor: 'for (const observer of observers) observer.committed(journal.state, draft.events);',
    place: 'before',
    reached: 'working',
    passesMax: 3,
  },
  ...aroundCommit('call started', holds('model_call_started'), 15),
  {
    name: 'call started: durable, before its request leaves',
    file: 'engine/activities.ts',
    anchor: 'this.#calls = [...this.#calls, call];',
    place: 'after',
    reached: 'working',
    passesMax: 15,
  },
  {
    name: 'call started: its request has left',
    file: 'engine/activities.ts',
    anchor: 'call.run(request, this.#deps.progress.sink(this.#host.key, agentId, openCall));',
    place: 'after',
    reached: 'working',
    passesMax: 15,
  },
  ...aroundCommit('call ended', holds('model_call_ended'), 15),
  ...aroundCommit('document', holds('document_completed'), 2),
  ...aroundCommit(
    'end',
    holds('workflow_completed', 'workflow_failed', 'workflow_timed_out', 'workflow_cancelled'),
    2,
  ),
  {
    name: 'batch: durable, before observers and calls',
    file: 'engine/workflow-actor.ts',
    anchor: "if (result === 'appended') this.#tell(draft.events);",
    place: 'before',
    reached: 'working',
    passesMax: 30,
  },
  ...aroundCommit('cancellation', holds('cancellation_requested'), 1),
  ...aroundCommit('cancelled', holds('workflow_cancelled'), 1),
  ...aroundCommit('pause', holds('workflow_paused'), 1),
  ...aroundCommit('resume', holds('workflow_resumed'), 1),
  ...aroundCommit('recovery', holds('workflow_recovered'), 1),
  {
    name: 'eviction: before COMMIT',
    file: 'store/sqlite-retention.ts',
    anchor: "this.#database.exec('COMMIT');",
    place: 'before',
    reached: 'working',
    passesMax: 2,
  },
  {
    name: 'eviction: after COMMIT',
    file: 'store/sqlite-retention.ts',
    anchor: "this.#database.exec('COMMIT');",
    place: 'after',
    reached: 'working',
    passesMax: 2,
  },
  {
    name: 'checkpoint: before',
    file: 'store/sqlite-checkpoint-worker.ts',
    anchor: "database.exec('PRAGMA wal_checkpoint(PASSIVE)');",
    place: 'before',
    reached: 'working',
    passesMax: 3,
  },
  {
    name: 'checkpoint: after',
    file: 'store/sqlite-checkpoint-worker.ts',
    anchor: "database.exec('PRAGMA wal_checkpoint(PASSIVE)');",
    place: 'after',
    reached: 'working',
    passesMax: 3,
  },
  {
    name: 'claim at recovery',
    file: 'engine/take-over.ts',
    anchor: 'const epoch = await this.#ownership.claim(key);',
    place: 'after',
    reached: 'starting',
    passesMax: 2,
  },
  {
    name: 'opening: before the generation is raised',
    file: 'store/sqlite-claims.ts',
    anchor: "this.#generation = Number(this.#raise.get()?.['value']);",
    place: 'before',
    reached: 'starting',
    passesMax: 1,
  },
  {
    name: 'opening: after the generation was raised',
    file: 'store/sqlite-claims.ts',
    anchor: commit,
    place: 'after',
    reached: 'starting',
    passesMax: 1,
  },
  {
    name: 'shutdown: before the drain',
    file: 'engine/supervisor.ts',
    anchor: 'return drainWorkflows([...this.#actors.values()], {',
    place: 'before',
    reached: 'stopping',
    passesMax: 1,
  },
  {
    name: 'shutdown: drained, before ownership is given back',
    file: 'engine/drain.ts',
    anchor: 'await Promise.race([deps.giveBack(left), gaveUp]);',
    place: 'before',
    reached: 'stopping',
    passesMax: 1,
  },
  {
    name: 'shutdown: before the last checkpoint',
    file: 'store/sqlite-store.ts',
    anchor: "this.#database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)');",
    place: 'before',
    reached: 'stopping',
    passesMax: 1,
  },
  {
    name: 'shutdown: after the last checkpoint',
    file: 'store/sqlite-store.ts',
    anchor: "this.#database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)');",
    place: 'after',
    reached: 'stopping',
    passesMax: 1,
  },
  {
    name: 'tables: before they are made',
    file: 'store/sqlite-schema.ts',
    anchor: 'database.exec(tables);',
    place: 'before',
    reached: 'new',
    passesMax: 1,
  },
  {
    name: 'tables: made, before COMMIT',
    file: 'store/sqlite-schema.ts',
    anchor: 'database.exec(tables);',
    place: 'after',
    reached: 'new',
    passesMax: 1,
  },
  {
    name: 'tables: after COMMIT',
    file: 'store/sqlite-schema.ts',
    anchor:
      'database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`);',
    place: 'after',
    reached: 'new',
    passesMax: 1,
  },
  {
    name: 'migration: changed, before COMMIT',
    file: 'store/sqlite-schema.ts',
    anchor: 'for (const step of migrations.slice(version - 1)) database.exec(step);',
    place: 'after',
    reached: 'migrating',
    passesMax: 1,
  },
  {
    name: 'migration: after COMMIT',
    file: 'store/sqlite-schema.ts',
    anchor: 'database.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`);',
    place: 'after',
    reached: 'migrating',
    passesMax: 1,
  },
];

/** What the sources are changed to beside the point, so that rare things happen within a minute. */
export interface Change {
  readonly file: string;
  readonly anchor: string;
  readonly text: string;
}

/** Frequent checkpoints and eager health checks; the threads of the store are changed like their process. */
export function commonChanges(preloadUrl: string): readonly Change[] {
  const limits = 'workflow/limits.ts';
  return [
    { file: limits, anchor: 'storeCheckpointBytes: MIB,', text: 'storeCheckpointBytes: 64 * KIB,' },
    { file: limits, anchor: 'healthCheckMs: 5 * SECOND,', text: 'healthCheckMs: 200,' },
    { file: limits, anchor: 'appendRetryMsMax: 5 * SECOND,', text: 'appendRetryMsMax: 250,' },
    { file: limits, anchor: 'sweepMs: 5 * SECOND,', text: 'sweepMs: 250,' },
    ...['store/sqlite-checkpointer.ts', 'store/sqlite-writer-thread.ts'].map((file) => ({
      file,
      anchor: 'execArgv: []',
      text: `execArgv: ['--import', ${JSON.stringify(preloadUrl)}]`,
    })),
  ];
}

/** The source with a call of the hook at the point. */
export function withPoint(source: string, point: CommitPoint): string {
  const hook = `if (${point.when ?? 'true'}) globalThis.reachedCommitPoint();`;
  const text = point.place === 'before' ? `${hook} ${point.anchor}` : `${point.anchor} ${hook}`;
  return replaceOnce(source, point.anchor, text, point.file);
}

/** Throws unless the anchor stands exactly once: an anchor that has gone stale must not look like a point never reached. */
export function replaceOnce(source: string, anchor: string, text: string, file: string): string {
  const parts = source.split(anchor);
  const [before, after] = parts;
  if (parts.length !== 2 || before === undefined || after === undefined) {
    throw new Error(`torture: expected one "${anchor}" in src/${file}, found ${parts.length - 1}`);
  }
  return `${before}${text}${after}`;
}
