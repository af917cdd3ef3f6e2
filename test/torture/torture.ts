import { fileURLToPath } from 'node:url';
import { judgeLog } from '../e2e/kill-rounds.ts';
import { SeededRandom } from '../e2e/seeded-random.ts';
import { problemsOf, verifyViolations } from '../e2e/verified.ts';
import { World } from '../e2e/world.ts';
import { answerUnevenly, Clients } from './clients.ts';
import { type CommitPoint, commitPoints } from './commit-point.ts';
import { Gate } from './gate.ts';
import { killWhileMade } from './store-birth.ts';
import { brokenPromises } from './tortured-run.ts';

export interface TortureOptions {
  readonly kills: number;
  readonly seed: number;
  /** Runs that are kept going at once. */
  readonly concurrentRuns: number;
  /** Default: all of them. */
  readonly points?: readonly CommitPoint[];
  /** Every how many kills the process is stopped first; default 20. */
  readonly stopEvery?: number;
  readonly onKill?: (kill: Kill) => void;
}

/** One `kill -9`. */
export interface Kill {
  readonly number: number;
  /** The commit point, or the fact that was waited for. */
  readonly moment: string;
  /** Whether the process died at its commit point; undefined: it had none. */
  readonly reached: boolean | undefined;
  /** Requests the provider had got by then, in all. */
  readonly requests: number;
  /** Until the process that was killed had listened, every workflow taken up; undefined: it never did. */
  readonly bootMs: number | undefined;
  readonly problems: number;
}

export interface TortureReport {
  readonly seed: number;
  readonly kills: readonly Kill[];
  /** How often the process was stopped while deadlines passed. */
  readonly stops: number;
  /** How often the process died at each point. */
  readonly coverage: Readonly<Record<string, number>>;
  readonly runs: number;
  readonly completed: number;
  readonly cancelled: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly events: number;
  readonly evicted: number;
  readonly requests: number;
  readonly callsFinished: number;
  /** Requests made again because a process died while they ran. */
  readonly requestsRepeated: number;
  readonly callsInterrupted: number;
  readonly seconds: number;
  /** Everything that must not be; empty. */
  readonly violations: readonly string[];
}

/** Options of Node that put the commit points into a daemon. */
export const preload = ['--import', fileURLToPath(new URL('./preload.ts', import.meta.url))];

/** A point that is not reached in this time is tried again later. */
const reachMs = 8_000;
const missesMax = 4;
const requestsBeforeStopMax = 10;
/** Of three kills one comes at a random time. */
const randomEvery = 3;
const stopEveryDefault = 20;
/** How long the provider takes for a call during which the process is stopped; the run may take a second. */
const stoppedMs = 1_200;

/** Few are retained, so that every end evicts one; a stop lets calls under way end for a moment only. */
const retainTerminal = 12;
const daemonEnv = {
  ORCHESTRATOR_RETAIN_TERMINAL: String(retainTerminal),
  ORCHESTRATOR_RETAIN_AT_LEAST: '0s',
  ORCHESTRATOR_SHUTDOWN_GRACE: '1s',
};

/**
 * The real server killed again and again, at every commit point and at random, while clients start, watch, cancel,
 * pause and resume runs. After each death its store is verified; at the end every log is held against the ledger of a
 * provider that survived and against what clients were told.
 */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const world = await World.open(daemonEnv, { execArgv: preload });
  try {
    return await new Torture(world, options).run();
  } finally {
    await world.close({ verified: true });
  }
}

class Torture {
  readonly #world: World;
  readonly #options: TortureOptions;
  readonly #points: readonly CommitPoint[];
  readonly #random: SeededRandom;
  readonly #gate = new Gate();
  readonly #clients: Clients;
  readonly #queue: CommitPoint[] = [];
  readonly #coverage: Record<string, number> = {};
  readonly #misses = new Map<string, number>();
  readonly #kills: Kill[] = [];
  readonly #violations: string[] = [];
  readonly #begin = performance.now();
  #stops = 0;

  constructor(world: World, options: TortureOptions) {
    this.#world = world;
    this.#options = options;
    this.#points = options.points ?? commitPoints;
    this.#random = new SeededRandom(options.seed);
    this.#clients = new Clients(this.#gate, options.seed + 1);
    // Longer than such a run may take, so its deadline passes while the process is stopped.
    world.simulator.when(isLate, { kind: 'answer', delayMs: stoppedMs });
    answerUnevenly(world.simulator, options.seed + 2);
    for (const { name } of this.#points) this.#coverage[name] = 0;
  }

  async run(): Promise<TortureReport> {
    const { kills, concurrentRuns, stopEvery = stopEveryDefault } = this.#options;
    this.#gate.open(this.#world.session);
    this.#clients.start(concurrentRuns);
    await this.#die(await this.#randomMoment(), undefined);
    while (this.#kills.length < kills) {
      const number = this.#kills.length + 1;
      if (number % stopEvery === 0) await this.#stopped();
      else if (number % randomEvery === 0) await this.#randomly();
      else await this.#atPoint(this.#nextPoint());
    }
    await this.#boot();
    try {
      await this.#clients.finish();
    } catch (error) {
      // What is judged then says more than the wait that was too long.
      this.#violations.push(error instanceof Error ? error.message : String(error));
    }
    return this.#judge();
  }

  /** Every point once before any twice. */
  #nextPoint(): CommitPoint {
    if (this.#queue.length === 0) {
      // The making of a store takes processes of its own, so its points come once.
      const again = this.#points.filter(
        ({ name, reached }) => this.#coverage[name] === 0 || (reached !== 'new' && reached !== 'migrating'),
      );
      this.#queue.push(...this.#shuffled(again.length > 0 ? again : this.#points));
    }
    const point = this.#queue.shift();
    if (!point) throw new Error('there is no commit point to kill at');
    return point;
  }

  #shuffled(points: readonly CommitPoint[]): CommitPoint[] {
    return points
      .map((point) => [this.#random.next(), point] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, point]) => point);
  }

  async #boot(env: Readonly<Record<string, string>> = {}): Promise<number> {
    const start = performance.now();
    await this.#world.boot(env);
    this.#gate.open(this.#world.session);
    return Math.round(performance.now() - start);
  }

  async #randomly(): Promise<void> {
    const bootMs = await this.#boot();
    await this.#die(await this.#randomMoment(), bootMs);
  }

  /** Kills, whatever is under way. */
  async #die(moment: string, bootMs: number | undefined): Promise<void> {
    this.#gate.shut();
    await this.#world.daemon.kill();
    this.#record(moment, undefined, bootMs);
  }

  /** Waits for a fact; answers which. */
  async #randomMoment(): Promise<string> {
    const { ledger } = this.#world.simulator;
    const n = this.#random.whole(1, 25);
    switch (this.#random.pick(['arrived', 'answered', 'told', 'at once'])) {
      case 'arrived': {
        const wanted = ledger.entries.length + n;
        await patiently(ledger.until(() => ledger.entries.length >= wanted));
        return `${n} more requests arrived`;
      }
      case 'answered': {
        const answered = (): number => ledger.entries.filter((entry) => entry.answered).length;
        const wanted = answered() + n;
        await patiently(ledger.until(() => answered() >= wanted));
        return `${n} more requests answered`;
      }
      case 'told': {
        const run = this.#clients.underWay;
        if (!run) return 'at once, nothing was under way';
        const watch = this.#world.session.watch(run.workflowId, undefined);
        await patiently(watch.until(() => watch.events.length >= n));
        return `${n} more events of one run told`;
      }
      default:
        return 'at once after the start';
    }
  }

  async #atPoint(point: CommitPoint): Promise<void> {
    const passes = this.#random.whole(0, point.passesMax - 1);
    const env = { TORTURE_POINT: point.name, TORTURE_PASSES: String(passes) };
    switch (point.reached) {
      case 'new':
      case 'migrating': {
        const violations = await killWhileMade(point, env, preload);
        this.#violations.push(...violations);
        this.#record(point.name, violations.length === 0, undefined);
        return;
      }
      case 'starting':
        await this.#reachAtStart(point, env);
        return;
      case 'stopping': {
        const bootMs = await this.#boot(env);
        // By then it has taken over the signal.
        const { ledger } = this.#world.simulator;
        const wanted = ledger.entries.length + this.#random.whole(1, requestsBeforeStopMax);
        await patiently(ledger.until(() => ledger.entries.length >= wanted));
        this.#world.daemon.signal('SIGTERM');
        await this.#reach(point, bootMs);
        return;
      }
      case 'working': {
        const bootMs = await this.#bootUnlessReached(point, env);
        if (bootMs !== undefined) await this.#reach(point, bootMs);
        return;
      }
    }
  }

  /** The process dies before it listens. */
  async #reachAtStart(point: CommitPoint, env: Readonly<Record<string, string>>): Promise<void> {
    const bootMs = await this.#bootUnlessReached(point, env);
    if (bootMs === undefined) return;
    await this.#die(`${point.name} (not reached)`, bootMs);
    this.#missed(point);
  }

  /** Undefined: it died at the point before it listened. The workflows it has taken up go on before that. */
  async #bootUnlessReached(
    point: CommitPoint,
    env: Readonly<Record<string, string>>,
  ): Promise<number | undefined> {
    try {
      return await this.#boot(env);
    } catch (error) {
      const reached = error instanceof Error && error.message.includes(reachedText(point));
      if (!reached) throw error;
      this.#record(point.name, true, undefined);
      return undefined;
    }
  }

  async #reach(point: CommitPoint, bootMs: number): Promise<void> {
    const { daemon } = this.#world;
    await patiently(daemon.exited);
    this.#gate.shut();
    await daemon.kill();
    const reached = daemon.text.includes(reachedText(point));
    this.#record(point.name, reached, bootMs);
    if (!reached) this.#missed(point);
  }

  #missed(point: CommitPoint): void {
    const misses = (this.#misses.get(point.name) ?? 0) + 1;
    this.#misses.set(point.name, misses);
    if (misses < missesMax) this.#queue.push(point);
  }

  /** The process is stopped while calls are under way and deadlines pass; then it goes on, or never wakes up. */
  async #stopped(): Promise<void> {
    const { simulator } = this.#world;
    const bootMs = await this.#boot();
    const requestId = `stopped-${this.#kills.length + 1}`;
    const late = this.#clients.live({
      requestId,
      act: 'nothing',
      afterEvents: 0,
      twice: false,
      request: {
        task: `What passes while nobody looks? (${requestId})`,
        numAgents: 1,
        options: { workflowTimeout: { seconds: 1 }, generateDocuments: false },
      },
    });
    const mine = () => simulator.ledger.entries.findLast((entry) => isLate(entry) && !entry.answered);
    const arrived = await patiently(simulator.ledger.until(() => mine() !== undefined));
    const call = mine();
    this.#world.daemon.signal('SIGSTOP');
    if (arrived) await patiently(simulator.ledger.until(() => call?.answered !== false));
    this.#stops++;
    if (this.#stops % 2 === 0) {
      await this.#die('stopped past a deadline, never woke up', bootMs);
      return;
    }
    this.#world.daemon.signal('SIGCONT');
    if (!(await patiently(late))) this.#violations.push(`${requestId}: did not end after the stop`);
    await this.#die('stopped past a deadline, went on', bootMs);
  }

  /** The process is gone: what it left is looked at. */
  #record(moment: string, reached: boolean | undefined, bootMs: number | undefined): void {
    this.#gate.shut();
    const problems = problemsOf(this.#world.dataDir);
    const number = this.#kills.length + 1;
    this.#violations.push(...problems.map((problem) => `after kill ${number} (${moment}): ${problem}`));
    if (reached === true) this.#coverage[moment] = (this.#coverage[moment] ?? 0) + 1;
    const requests = this.#world.simulator.ledger.entries.length;
    const kill = { number, moment, reached, requests, bootMs, problems: problems.length };
    this.#kills.push(kill);
    this.#options.onKill?.(kill);
  }

  /** Ends are evicted while the server goes on; once there are as few as may stay, those do. */
  async #retained(): Promise<readonly string[]> {
    for (;;) {
      const ids = await this.#world.session.ids();
      if (ids.length <= retainTerminal) return ids;
    }
  }

  async #judge(): Promise<TortureReport> {
    const { ledger } = this.#world.simulator;
    const { runs } = this.#clients;
    const violations = [...this.#violations, ...this.#clients.violations];
    const totals = { events: 0, finished: 0, repeated: 0, interrupted: 0, known: 0 };
    const retained = new Set(await this.#retained());
    for (const run of runs) {
      const { workflowId: id, events } = run;
      if (id === '') continue;
      const entries = ledger.entries.filter(({ attemptId }) => attemptId.startsWith(`${id}/`));
      const { found, ...counts } = judgeLog(id, events, entries);
      violations.push(...found, ...brokenPromises(run));
      if (retained.has(id)) {
        const kept = await this.#world.session.events(id);
        if (JSON.stringify(kept) !== JSON.stringify(events))
          violations.push(`${id}: its watcher was told another log than the one that is kept`);
      }
      totals.known += entries.length;
      totals.events += events.length;
      totals.finished += counts.finished;
      totals.repeated += counts.repeated;
      totals.interrupted += counts.interrupted;
    }
    const strange = ledger.entries.length - totals.known;
    if (strange > 0) violations.push(`${strange} requests belong to no workflow`);
    const ids = new Set(runs.map(({ workflowId }) => workflowId));
    if (ids.size !== runs.length) violations.push(`${runs.length} starts made ${ids.size} workflows`);
    for (const id of retained)
      if (!ids.has(id)) violations.push(`${id}: nobody was told that it was started`);
    for (const [name, hits] of Object.entries(this.#coverage))
      if (hits === 0) violations.push(`never reached: ${name}`);

    const exit = await this.#world.daemon.stop();
    if (exit.code !== 0) violations.push(`the last process ended with ${JSON.stringify(exit)}`);
    violations.push(...(await verifyViolations(this.#world.dataDir)));
    const ends = (type: string): number => runs.filter(({ events }) => events.at(-1)?.type === type).length;
    return {
      seed: this.#options.seed,
      kills: this.#kills,
      stops: this.#stops,
      coverage: this.#coverage,
      runs: runs.length,
      completed: ends('workflow_completed'),
      cancelled: ends('workflow_cancelled'),
      failed: ends('workflow_failed'),
      timedOut: ends('workflow_timed_out'),
      events: totals.events,
      evicted: runs.length - retained.size,
      requests: ledger.entries.length,
      callsFinished: totals.finished,
      requestsRepeated: totals.repeated,
      callsInterrupted: totals.interrupted,
      seconds: Math.round((performance.now() - this.#begin) / 100) / 10,
      violations,
    };
  }
}

/** A request of a run during which the process is stopped. */
function isLate({ body }: { readonly body: unknown }): boolean {
  return JSON.stringify(body).includes('(stopped-');
}

function reachedText({ name }: CommitPoint): string {
  return `torture: reached ${name}`;
}

/** Whether a fact came; what cannot happen any more must not be waited for. */
async function patiently(fact: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), reachMs);
  try {
    return await Promise.race([fact.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
