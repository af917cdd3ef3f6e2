import { join } from 'node:path';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { MarkdownRenderer } from '../../src/document/markdown-renderer.ts';
import { citationsOf } from '../../src/orchestrator/citation.ts';
import { parseSubtasks } from '../../src/orchestrator/team-plan.ts';
import type { ModelRequest } from '../../src/provider/model-provider.ts';
import { auditDatabase } from '../../src/store/sqlite-audit.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { temporaryFolder } from '../e2e/daemon.ts';
import { SeededRandom } from '../e2e/seeded-random.ts';
import { Harness, LineLogger, soon } from '../engine/harness.ts';
import { ScriptedCatalog } from '../engine/scripted-catalog.ts';
import { problemsOf } from './answer-check.ts';
import { hostileAnswer, hostileKinds } from './hostile-answer.ts';

/** Workflows under way at the same time; the calls they keep are forgotten after each wave. */
const wave = 20;
const agentsMax = 6;
/**
 * One answer of a megabyte or so, read once: far more than it takes on a slow machine, far less than a rule that tries every
 * way to read it.
 */
const readMsMax = 1_000;
/** A read is measured again before it counts as slow: it may have paid for the collection of others' garbage. */
const readsMax = 5;
const turnsMax = 20_000;

export interface AnswerReport {
  /** Calls that were answered, and the runs they were made for. */
  readonly answers: number;
  readonly workflows: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** How the runs ended. */
  readonly ends: Readonly<Record<string, number>>;
  readonly planned: number;
  readonly slowestReadMs: number;
  readonly seconds: number;
  readonly violations: readonly string[];
}

/**
 * Lets hostile models answer every call of whole research runs, in the real engine on the real store, until so many
 * were answered. What a call is answered depends on the seed, its run and its place in it alone.
 */
export async function fuzzAnswers({
  answers,
  seed,
}: {
  answers: number;
  seed: number;
}): Promise<AnswerReport> {
  const folder = await temporaryFolder();
  try {
    return await new AnswerFuzz(folder.path, seed).run(answers);
  } finally {
    await folder.remove();
  }
}

class AnswerFuzz {
  readonly #path: string;
  readonly #seed: number;
  readonly #logger = new LineLogger();
  readonly #catalog = new ScriptedCatalog();
  readonly #harness: Harness;
  readonly #kinds: Record<string, number> = Object.fromEntries(hostileKinds.map((kind) => [kind, 0]));
  readonly #ends: Record<string, number> = {};
  readonly #violations: string[] = [];
  #answers = 0;
  #workflows = 0;
  #planned = 0;
  #slowestReadMs = 0;

  constructor(folder: string, seed: number) {
    this.#path = join(folder, 'orchestrator.db');
    this.#seed = seed;
    const clock = new SimulatedClock(undefined, seed);
    this.#catalog.script = (request) => this.#answer(request);
    this.#harness = new Harness({
      clock,
      store: SqliteStore.open({ path: this.#path, clock }),
      catalog: this.#catalog,
      renderer: new MarkdownRenderer(),
      logger: this.#logger,
      supervisor: { retainTerminal: 1_000_000 },
    });
  }

  async run(answers: number): Promise<AnswerReport> {
    const start = performance.now();
    await this.#harness.supervisor.start();
    while (this.#answers < answers && this.#violations.length === 0) {
      const runs = Array.from({ length: wave }, () => this.#workflows++);
      await Promise.all(runs.map((run) => this.#research(run)));
      // The catalog keeps every request for those who look at them.
      this.#catalog.calls.length = 0;
    }
    await this.#harness.stop();
    for (const finding of auditDatabase(this.#path).findings) this.#violations.push(JSON.stringify(finding));
    for (const line of this.#logger.of('error')) this.#violations.push(`logged: ${line.message}`);
    if (Reflect.get({}, 'polluted') !== undefined) this.#violations.push('Object.prototype is polluted');
    return {
      answers: this.#answers,
      workflows: this.#workflows,
      kinds: this.#kinds,
      ends: this.#ends,
      planned: this.#planned,
      slowestReadMs: Math.round(this.#slowestReadMs * 10) / 10,
      seconds: Math.round((performance.now() - start) / 100) / 10,
      violations: this.#violations,
    };
  }

  async #research(run: number): Promise<void> {
    const { supervisor, store } = this.#harness;
    const numAgents = (run % agentsMax) + 1;
    const key = await this.#harness.research({ task: taskOf(run), numAgents });
    // Nothing here waits for time: what does not happen in many turns never will.
    const actor = supervisor.find(key);
    if (actor) await soon(actor.ended, `the end of run ${run}`, turnsMax);
    const log = await this.#harness.log(key);
    const row = await store.row(key);
    const end = row?.error?.type ?? row?.status ?? 'nothing';
    this.#ends[end] = (this.#ends[end] ?? 0) + 1;
    if (log.some(({ data }) => data.type === 'plan_completed')) this.#planned++;
    const problems = problemsOf(key, log, row);
    this.#violations.push(...problems.map((problem) => `seed ${this.#seed}, run ${run}: ${problem}`));
  }

  #answer(request: ModelRequest): string {
    const { brief, attemptId } = request;
    const run = runOf(brief.task);
    const place = attemptId.slice(attemptId.indexOf('/'));
    const random = new SeededRandom(mixed(this.#seed, run, place));
    this.#answers++;
    const { kind, text } = hostileAnswer(random);
    this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1;
    this.#read(text, `seed ${this.#seed}, run ${run}, ${place}, ${kind}`);
    return text;
  }

  /** Measures what the rules spend on reading the answer as what either kind of agent says. */
  #read(text: string, what: string): void {
    let ms = Number.POSITIVE_INFINITY;
    for (let read = 0; read < readsMax && ms > readMsMax; read++) {
      // Of this thread: other processes and the collector's threads do not count.
      const before = process.threadCpuUsage();
      parseSubtasks(text);
      citationsOf(text, new Set(['D1.1']));
      const { user, system } = process.threadCpuUsage(before);
      ms = Math.min(ms, (user + system) / 1_000);
    }
    this.#slowestReadMs = Math.max(this.#slowestReadMs, ms);
    if (ms > readMsMax) this.#violations.push(`${what}: read in ${Math.round(ms)} ms`);
  }
}

const taskPrefix = 'What is known about run ';

function taskOf(run: number): string {
  return `${taskPrefix}${run}?`;
}

function runOf(task: string): number {
  return Number.parseInt(task.slice(taskPrefix.length), 10);
}

/** A seed of its own for every call of every run. */
function mixed(seed: number, run: number, place: string): number {
  let hash = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(run + 1, 0x85ebca6b);
  for (let index = 0; index < place.length; index++)
    hash = Math.imul(hash ^ place.charCodeAt(index), 16_777_619);
  return hash >>> 0;
}
