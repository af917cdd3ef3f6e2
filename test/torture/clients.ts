import { SeededRandom } from '../e2e/seeded-random.ts';
import type { ProviderSimulator } from '../simulator/provider-simulator.ts';
import type { Gate } from './gate.ts';
import { type RunPlan, TorturedRun } from './tortured-run.ts';

/** Share of runs whose client does something beside watching. */
const cancelShare = 0.25;
const pauseShare = 0.25;
const documentsShare = 0.5;
const reportShare = 0.7;
const twiceShare = 0.2;
const agentsMax = 6;
/** A run of a few agents has so many events before its documents. */
const actAfterEventsMax = 30;
/** For runs that never end. */
const runSeconds = 60;

/** Clients that keep a number of runs going for as long as they are wanted. */
export class Clients {
  readonly runs: TorturedRun[] = [];
  /** Runs that broke off: what their clients were told must not be. */
  readonly violations: string[] = [];
  readonly #gate: Gate;
  readonly #random: SeededRandom;
  #wanted = true;
  #lives: Promise<unknown> = Promise.resolve();

  constructor(gate: Gate, seed: number) {
    this.#gate = gate;
    this.#random = new SeededRandom(seed);
  }

  /** Begins; each client starts its next run as soon as its last one has ended. */
  start(concurrentRuns: number): void {
    const client = async (): Promise<void> => {
      while (this.#wanted) await this.live(this.#plan());
    };
    this.#lives = Promise.all(Array.from({ length: concurrentRuns }, client));
  }

  /** One run, to its end. Never rejects. */
  async live(plan: RunPlan): Promise<TorturedRun> {
    const run = new TorturedRun(this.#gate, plan);
    this.runs.push(run);
    try {
      await run.live();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.violations.push(`${plan.requestId} (${run.workflowId || 'not started'}): ${message}`);
    }
    return run;
  }

  /** A run that its client has seen and that has not ended, if there is one. */
  get underWay(): TorturedRun | undefined {
    return this.runs.findLast((run) => run.events.length > 0 && !run.over);
  }

  /** Starts no more; resolves when every run has ended. Rejects when one does not. */
  async finish(): Promise<void> {
    this.#wanted = false;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const open = this.runs
        .filter(({ over }) => !over)
        .map(({ workflowId, events }) => `${workflowId} after ${events.length} events`);
      reject(new Error(`these runs did not end within ${runSeconds} s: ${open.join(', ')}`));
    }, runSeconds * 1_000);
    try {
      await Promise.race([this.#lives, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #plan(): RunPlan {
    const random = this.#random;
    const requestId = `run-${this.runs.length + 1}`;
    const share = random.next();
    const act = share < cancelShare ? 'cancel' : share < cancelShare + pauseShare ? 'pause' : 'nothing';
    const text = `Durable logs of ${requestId}: an append is durable when fsync has returned. `;
    const documents =
      random.next() < documentsShare ? [{ name: 'logs.md', text: text.repeat(random.whole(1, 20)) }] : [];
    return {
      requestId,
      act,
      afterEvents: random.whole(1, actAfterEventsMax),
      twice: random.next() < twiceShare,
      request: {
        task: `What is known about durable logs? (${requestId})`,
        numAgents: random.whole(1, agentsMax),
        options: { maxRetries: 10, generateDocuments: random.next() < reportShare, documents },
      },
    };
  }
}

/** Answers of all speeds, and some that fail. */
export function answerUnevenly(simulator: ProviderSimulator, seed: number): void {
  const random = new SeededRandom(seed);
  simulator.when((entry) => entry.attemptId.endsWith('/1') && random.next() < 0.05, {
    kind: 'status',
    status: 503,
    retryAfterMs: '20',
  });
  for (const delayMs of [0, 5, 15, 40, 100]) {
    simulator.when(() => random.next() < 0.3, { kind: 'answer', delayMs, dripMs: delayMs / 5 });
  }
}
