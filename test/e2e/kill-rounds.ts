import { status as Code, type ServiceError } from '@grpc/grpc-js';
import type { WorkflowEvent__Output } from '../../src/gen/orchestrator/v1/WorkflowEvent.ts';
import { present, terminalTypes } from './session.ts';
import { SeededRandom } from './seeded-random.ts';
import { verifyViolations } from './verified.ts';
import { World } from './world.ts';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** Runs that are kept going at once. */
  readonly concurrentRuns: number;
  /** Called when what came after a kill is known. */
  readonly onKill?: (kill: Kill) => void;
}

/** One `kill -9`. */
export interface Kill {
  readonly number: number;
  /** The fact it waited for. */
  readonly moment: string;
  /** Requests the provider had got by then, in all. */
  readonly requests: number;
  /** Calls that the next process found open in the logs. */
  callsInterrupted: number;
  /** Workflows the next process went on with. */
  recovered: number;
  /** Until the next process listened, every workflow taken up. */
  restartMs: number;
}

export interface KillReport {
  readonly seed: number;
  readonly kills: readonly Kill[];
  readonly workflows: number;
  readonly completed: number;
  readonly events: number;
  readonly requests: number;
  /** Calls whose end was durable with an answer. */
  readonly callsFinished: number;
  /** Requests that a crash made necessary: made again because the process died while they ran. */
  readonly requestsRepeated: number;
  readonly callsInterrupted: number;
  /** Everything that must not be; empty. */
  readonly violations: readonly string[];
}

const moments = ['arrived', 'answered', 'event', 'restarted'] as const;

/**
 * Runs of eight researchers on a provider that survives, killed again and again at moments that are facts: a request
 * arrived, an answer left, an event was seen, the next process has just begun to listen. Afterwards every log is held
 * against the provider's own ledger.
 */
export async function killRounds(options: KillOptions): Promise<KillReport> {
  const world = await World.open();
  try {
    return await new KillRounds(world, options).run();
  } finally {
    await world.close();
  }
}

class KillRounds {
  readonly #world: World;
  readonly #options: KillOptions;
  readonly #random: SeededRandom;
  readonly #ids = new Map<string, string>();
  readonly #open = new Set<string>();
  readonly #kills: Kill[] = [];
  #started = 0;

  constructor(world: World, options: KillOptions) {
    this.#world = world;
    this.#options = options;
    this.#random = new SeededRandom(options.seed);
    const delays = new SeededRandom(options.seed + 1);
    for (const delayMs of [0, 5, 15, 40]) {
      world.simulator.when(() => delays.next() < 0.4, { kind: 'answer', delayMs, dripMs: delayMs / 5 });
    }
    // Some attempts fail by themselves, so that retries are in it.
    world.simulator.when((entry) => entry.attemptId.endsWith('/1') && delays.next() < 0.05, {
      kind: 'status',
      status: 503,
      retryAfterMs: '20',
    });
  }

  async run(): Promise<KillReport> {
    while (this.#kills.length < this.#options.kills) await this.#round();
    for (const id of this.#ids.values()) await this.#world.session.ended(id, 120);
    const exit = await this.#world.daemon.stop();
    this.#tell();
    const violations = exit.code === 0 ? [] : [`the last process ended with ${JSON.stringify(exit)}`];
    violations.push(...(await verifyViolations(this.#world.dataDir)));
    await this.#world.boot();
    return this.#judge(violations);
  }

  async #round(): Promise<void> {
    await this.#refill();
    const moment = this.#random.pick(moments);
    const [name, reached] = this.#wait(moment);
    await Promise.race([reached, this.#allEnded()]);
    const kill: Kill = {
      number: this.#kills.length + 1,
      moment: name,
      requests: this.#world.simulator.ledger.entries.length,
      callsInterrupted: 0,
      recovered: 0,
      restartMs: 0,
    };
    await this.#world.daemon.kill();
    this.#tell();
    const start = performance.now();
    await this.#world.boot();
    kill.restartMs = Math.round(performance.now() - start);
    this.#kills.push(kill);
  }

  /** What the process that has just ended took up when it began. */
  #tell(): void {
    const kill = this.#kills.at(-1);
    if (!kill) return;
    const recovered = this.#world.daemon.lines('workflow recovered');
    kill.recovered = recovered.length;
    kill.callsInterrupted = recovered.reduce((sum, line) => sum + Number(line['calls_interrupted']), 0);
    this.#options.onKill?.(kill);
  }

  /** A kill that cannot happen any more because nothing runs must not be waited for. */
  async #allEnded(): Promise<void> {
    try {
      for (const id of this.#open) await this.#world.session.ended(id);
    } catch {
      // The kill came first and took the connection with it.
    }
  }

  /** What to wait for before the next kill. */
  #wait(moment: (typeof moments)[number]): [name: string, reached: Promise<void>] {
    const { ledger } = this.#world.simulator;
    const n = this.#random.whole(1, 25);
    switch (moment) {
      case 'arrived': {
        const wanted = ledger.entries.length + n;
        return [`${n} more requests arrived`, ledger.until(() => ledger.entries.length >= wanted)];
      }
      case 'answered': {
        const answered = (): number => ledger.entries.filter((entry) => entry.answered).length;
        const wanted = answered() + n;
        return [`${n} more requests answered`, ledger.until(() => answered() >= wanted)];
      }
      case 'event': {
        const [id] = [...this.#open].slice(-1);
        const watch = this.#world.session.watch(present(id), undefined);
        return [`${n} events seen of one run`, watch.until(() => watch.events.length >= n)];
      }
      case 'restarted':
        return ['at once after the start', Promise.resolve()];
    }
  }

  /** Keeps the wanted number of runs going. A start that a kill interrupts is made again with its request id. */
  async #refill(): Promise<void> {
    for (const id of this.#open) {
      const workflow = await this.#world.session.get(id);
      if (workflow.endTime) this.#open.delete(id);
    }
    while (this.#open.size < this.#options.concurrentRuns) {
      const requestId = `run-${++this.#started}`;
      const id = await this.#start(requestId);
      // The same again is the same run.
      if ((await this.#start(requestId)) !== id) throw new Error(`${requestId} was started twice`);
      this.#ids.set(requestId, id);
      this.#open.add(id);
    }
  }

  async #start(requestId: string): Promise<string> {
    const request = {
      task: `What is known about durable logs? (${requestId})`,
      numAgents: 8,
      requestId,
      options: { maxRetries: 10 },
    };
    for (let tries = 1; ; tries++) {
      try {
        return (await this.#world.session.start(request)).workflowId;
      } catch (error) {
        if ((error as ServiceError).code !== Code.UNAVAILABLE || tries === 5) throw error;
      }
    }
  }

  async #judge(violations: string[]): Promise<KillReport> {
    const { ledger } = this.#world.simulator;
    const totals = { completed: 0, events: 0, finished: 0, repeated: 0, interrupted: 0, known: 0 };
    for (const id of this.#ids.values()) {
      const events = await this.#world.session.events(id);
      const entries = ledger.entries.filter(({ attemptId }) => attemptId.startsWith(`${id}/`));
      const { found, ...counts } = judgeLog(id, events, entries);
      violations.push(...found);
      totals.known += entries.length;
      totals.events += events.length;
      totals.completed += events.at(-1)?.type === 'workflow_completed' ? 1 : 0;
      totals.finished += counts.finished;
      totals.repeated += counts.repeated;
      totals.interrupted += counts.interrupted;
    }
    const count = await this.#world.session.count();
    if (count !== this.#ids.size) violations.push(`${count} workflows exist, ${this.#ids.size} were started`);
    if (totals.known !== ledger.entries.length) {
      violations.push(`${ledger.entries.length - totals.known} requests belong to no workflow`);
    }
    return {
      seed: this.#options.seed,
      kills: this.#kills,
      workflows: this.#ids.size,
      completed: totals.completed,
      events: totals.events,
      requests: ledger.entries.length,
      callsFinished: totals.finished,
      requestsRepeated: totals.repeated,
      callsInterrupted: totals.interrupted,
      violations,
    };
  }
}

/** A request as the provider's ledger has it. */
export interface Request {
  readonly attemptId: string;
  readonly arrivalTime: number;
}

export interface Judgement {
  readonly found: readonly string[];
  readonly finished: number;
  readonly repeated: number;
  readonly interrupted: number;
}

/** Holds one finished log against what the provider saw of it. */
export function judgeLog(
  id: string,
  events: readonly WorkflowEvent__Output[],
  requests: readonly Request[],
): Judgement {
  const found: string[] = [];
  events.forEach(({ sequence }, index) => {
    if (Number(sequence) !== index + 1) found.push(`${id}: sequence ${sequence} stands at ${index + 1}`);
  });
  const ends = events.filter(({ type }) => terminalTypes.has(type));
  if (ends.length !== 1 || ends[0] !== events.at(-1)) found.push(`${id}: ${ends.length} terminal events`);

  const started = new Set<string>();
  const results = new Map<string, string>();
  const finishedTime = new Map<string, number>();
  for (const event of events) {
    const { agentId, modelCallStarted, modelCallEnded } = event;
    if (modelCallStarted) {
      const call = `${id}/${agentId}/${modelCallStarted.turn}`;
      if (finishedTime.has(call)) found.push(`${call}: started again after its durable end`);
      started.add(`${call}/${modelCallStarted.attempt}`);
    }
    if (modelCallEnded) {
      const call = `${id}/${agentId}/${modelCallEnded.turn}`;
      results.set(`${call}/${modelCallEnded.attempt}`, modelCallEnded.result);
      if (modelCallEnded.result === 'ok') finishedTime.set(call, timeOf(event));
    }
  }
  const seen = new Set<string>();
  let repeated = 0;
  for (const { attemptId, arrivalTime } of requests) {
    const call = attemptId.slice(0, attemptId.lastIndexOf('/'));
    if (!started.has(attemptId)) found.push(`${attemptId}: requested, but its start is not in the log`);
    if (seen.has(attemptId)) found.push(`${attemptId}: requested twice`);
    seen.add(attemptId);
    const end = finishedTime.get(call);
    if (end !== undefined && arrivalTime > end) found.push(`${attemptId}: requested after its durable end`);
    if (results.get(attemptId) === 'unknown') repeated++;
  }
  const interrupted = [...results.values()].filter((result) => result === 'unknown').length;
  if (repeated > interrupted)
    found.push(`${id}: ${repeated} repeated requests for ${interrupted} interrupted calls`);
  for (const attempt of started) if (!results.has(attempt)) found.push(`${attempt}: has no end in the log`);
  return { found, finished: finishedTime.size, repeated, interrupted };
}

function timeOf({ time }: WorkflowEvent__Output): number {
  const { seconds, nanos } = present(time);
  return Number(seconds) * 1_000 + Math.floor(nanos / 1_000_000);
}
