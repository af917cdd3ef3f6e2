import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import type { Daemon, LogLine } from '../e2e/daemon.ts';
import { World } from '../e2e/world.ts';
import type { Session } from '../e2e/session.ts';
import { type Testimony, Witness } from './witness.ts';

const MIB = 1_048_576;
const heapMaxMib = 128;
/** What the daemon may hold more than before, once an attack is over: heap that V8 has taken and not given back. */
const residentGrowthMax = 128 * MIB;
/** How long memory may take to come back. */
const settleMs = 20_000;
const callMs = 10_000;
/** How often the daemon's memory is looked at under an attack. */
const lookMs = 20;
const seedRuns = 3;
const warmingCalls = 300;

export interface Condition {
  readonly witness: Testimony;
  readonly residentBeforeMb: number;
  readonly residentMostMb: number;
  readonly residentAfterMb: number;
  readonly violations: readonly string[];
}

/** The real daemon as a process, a witness that goes on calling, and what must hold after each attack. */
export class Target {
  readonly #world: World;
  readonly workflowIds: readonly [string, ...string[]];
  readonly #witness: Witness;

  private constructor(world: World, workflowIds: readonly [string, ...string[]]) {
    this.#world = world;
    this.workflowIds = workflowIds;
    this.#witness = new Witness(world.connect(), workflowIds[0]);
  }

  static async open(): Promise<Target> {
    const world = await World.open({
      // What was started must stay listed: it is counted.
      ORCHESTRATOR_RETAIN_TERMINAL: '1000000',
      // With a small heap a leak ends the process; with the default one garbage that nobody collects looks like a leak.
      NODE_OPTIONS: `--max-old-space-size=${heapMaxMib}`,
    });
    try {
      const ids: string[] = [];
      for (let run = 0; run < seedRuns; run++) {
        const options = { providerName: 'offline', documents: [{ name: 'a.md', text: 'A log survives.' }] };
        const { workflowId } = await world.session.start({ numAgents: 1, options });
        await world.session.ended(workflowId);
        ids.push(workflowId);
      }
      const [first = '', ...more] = ids;
      const target = new Target(world, [first, ...more]);
      await target.#witness.answered(warmingCalls);
      return target;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  get daemon(): Daemon {
    return this.#world.daemon;
  }

  get address(): string {
    return this.#world.daemon.address;
  }

  get port(): number {
    return Number(this.address.split(':').at(-1));
  }

  connect(): Session {
    return this.#world.connect();
  }

  /** Ids of all workflows that neither the witness nor this target itself started. */
  async strangers(): Promise<ReadonlySet<string>> {
    const own = new Set([...this.workflowIds, ...this.#witness.startedIds]);
    const ids = await this.#world.session.workflowIds();
    // The witness starts on while the list is read, and hears of its own start a little later.
    await this.#witness.answered(1);
    for (const id of this.#witness.startedIds) own.add(id);
    return new Set(ids.filter((id) => !own.has(id)));
  }

  /** Runs an attack and says how the daemon and its other clients took it. */
  async under<Report>(
    attack: () => Promise<Report>,
    growthMaxBytes: number = residentGrowthMax,
  ): Promise<Condition & { readonly report: Report }> {
    await this.#witness.testify();
    const before = this.daemon.residentBytes;
    const linesBefore = this.daemon.log.length;
    const textBefore = this.daemon.text.length;
    let most = before;
    const look = (): void => {
      if (this.daemon.running) most = Math.max(most, this.daemon.residentBytes);
    };
    const looking = setInterval(look, lookMs);
    const report = await attack().finally(() => clearInterval(looking));
    look();
    const violations: string[] = [];
    if (!this.daemon.running) {
      violations.push(`the daemon died: ${this.daemon.text.slice(textBefore).join('\n')}`);
    }
    const witness = await this.#witness.testify();
    violations.push(...witness.failures.slice(0, 5).map((failure) => `witness: ${failure}`));
    const after = await this.#settled(before + residentGrowthMax);
    if (after > before + residentGrowthMax)
      violations.push(`memory grew from ${mb(before)} to ${mb(after)} MB`);
    if (growthMaxBytes < residentGrowthMax && most > before + growthMaxBytes)
      violations.push(
        `memory rose from ${mb(before)} to ${mb(most)} MB, allowed are ${mb(growthMaxBytes)} more`,
      );
    if (this.daemon.running) violations.push(...(await this.#health()));
    const errors = this.daemon.log.slice(linesBefore).filter(isDefect);
    violations.push(...errors.slice(0, 5).map((line) => `the daemon logged ${JSON.stringify(line)}`));
    const stray = this.daemon.text.slice(textBefore);
    if (stray.length > 0) violations.push(`the daemon printed ${stray.slice(0, 20).join('\n')}`);
    return {
      report,
      witness,
      residentBeforeMb: mb(before),
      residentMostMb: mb(Math.max(most, after)),
      residentAfterMb: mb(after),
      violations,
    };
  }

  /** Stops the daemon as an operator would and reads its file; answers what is wrong with either. */
  async close(): Promise<readonly string[]> {
    const violations: string[] = [];
    try {
      await this.#witness.stop();
      if (this.daemon.running) {
        const { code, signal } = await this.daemon.stop();
        if (code !== 0) violations.push(`the daemon stopped with ${signal ?? `code ${code}`}`);
      }
      const database = new DatabaseSync(join(this.#world.dataDir, 'orchestrator.db'), { readOnly: true });
      const found = database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
      database.close();
      if (found !== 'ok') violations.push(`the store is damaged: ${String(found)}`);
    } finally {
      await this.#world.close();
    }
    return violations;
  }

  /** What the daemon holds as soon as it is at most `bytesMax`, or after a while whatever it is. */
  async #settled(bytesMax: number): Promise<number> {
    const end = performance.now() + settleMs;
    while (this.daemon.running && this.daemon.residentBytes > bytesMax && performance.now() < end) {
      await this.#witness.answered(10);
    }
    return this.daemon.running ? this.daemon.residentBytes : 0;
  }

  async #health(): Promise<readonly string[]> {
    const Health = makeGenericClientConstructor(healthService, 'Health');
    const client = new Health(this.address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    });
    const { Check: check } = healthService;
    if (!check) throw new Error('grpc-health-check has no Check');
    return new Promise((resolve) => {
      client.makeUnaryRequest(
        check.path,
        check.requestSerialize,
        check.responseDeserialize,
        { service: '' },
        { deadline: Date.now() + callMs },
        (error, reply: unknown) => {
          client.close();
          const status = Reflect.get(Object(reply), 'status');
          if (error) resolve([`health: ${error.message}`]);
          else resolve(status === 'SERVING' ? [] : [`health: ${String(status)}`]);
        },
      );
    });
  }
}

/** How a run ended is an answer to its request, for example to one that allows two tokens. */
const ends: ReadonlySet<string> = new Set(['workflow failed', 'workflow timed out']);

function isDefect({ level, message }: LogLine): boolean {
  return (level === 'error' || level === 'fatal') && !ends.has(message);
}

function mb(bytes: number): number {
  return Math.round(bytes / MIB);
}
