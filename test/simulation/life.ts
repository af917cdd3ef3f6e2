import { defaultTenant, keyText } from '../../src/workflow/id.ts';
import { noSpend, type DaySpend } from '../../src/workflow/day-spend.ts';
import { fold } from '../../src/workflow/evolve.ts';
import { rowOf } from '../../src/workflow/row.ts';
import { Clients } from './clients.ts';
import type { Coverage } from './coverage.ts';
import { Dice } from './dice.ts';
import type { LogAudit } from './log-audit.ts';
import { Misfortunes } from './misfortunes.ts';
import { toolTimeoutMs } from './simulated-tools.ts';
import { must, type Violation } from './violation.ts';
import { World } from './world.ts';

const lookMs = 2_000;
const monitorMs = 5_000;
/** A healthy owner keeps a promise about time this exactly. */
const toleranceMs = 10_000;
/** After trouble, what was due follows within this time: appends are tried again, a sweep looks again. */
const recoverMs = 30_000;
/** After the last misfortune everything must have ended within this time. */
const settleMsMax = 3_600_000;
const eightDaysMs = 8 * 86_400_000;
const lastLookMs = 60_000;
/** The last answers of the store may still be on their way. */
const lastAnswersMs = 15_000;
const readMax = 100_000;
/** A life has a few thousand happenings; one that has this many turns in a circle. */
const happeningsMax = 300_000;

/** What one seed came to. */
export interface LifeReport {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly hash: string;
  readonly happenings: number;
  readonly virtualMs: number;
  readonly events: number;
  readonly requests: number;
  /** Requests whose answer was lost to a crash or a take-over and whose work was paid for again. */
  readonly wastedCalls: number;
  /** Requests that an orderly shutdown aborted. */
  readonly callsGivenUp: number;
  readonly coverage: Coverage;
}

/** One seeded life of a few nodes: trouble, then calm, then nothing may be left over. */
export class Life {
  readonly #seed: number;
  readonly #world: World;
  readonly #clients: Clients;
  readonly #misfortunes: Misfortunes;
  readonly #pausesLapse: boolean;
  readonly #startTime: number;
  #calmTime = Number.POSITIVE_INFINITY;
  #settled = false;
  /** Those that had ended before the last days passed. One whose start was still on its way begins after them. */
  readonly #endedInTime = new Set<LogAudit>();
  #over = false;
  #sleptMs = 0;

  constructor(seed: number, trace?: (line: string) => void) {
    const dice = new Dice(seed);
    this.#seed = seed;
    this.#world = new World(dice, trace);
    this.#startTime = this.#world.timeline.now;
    this.#clients = new Clients(this.#world, dice.fork());
    this.#misfortunes = new Misfortunes(this.#world, dice.fork());
    this.#pausesLapse = dice.chance(0.15);
  }

  /** Never rejects for what the product did wrong: that is in the report. */
  async run(): Promise<LifeReport> {
    const world = this.#world;
    const { timeline, profile, disk, provider, coverage } = world;
    world.trace(() => JSON.stringify(profile));
    const onRejection = (error: unknown): void => world.fail(error);
    process.on('unhandledRejection', onRejection);
    try {
      this.#clients.schedule();
      this.#misfortunes.schedule();
      timeline.in(profile.troubleMs, undefined, () => this.#calm());
      this.#monitor();
      await timeline.run(() => !this.#over && timeline.count < happeningsMax);
      must(
        this.#over || world.violation !== undefined,
        () => `liveness: nothing comes to rest within ${timeline.count} happenings`,
      );
      if (!world.violation) await this.#verify();
    } catch (error) {
      world.fail(error);
    } finally {
      process.off('unhandledRejection', onRejection);
    }
    const calls = [...disk.logs.values()].flatMap((log) => [...log.calls.calls.values()]);
    const wasted = calls.filter(({ requested, end }) => requested && end?.result === 'unknown').length;
    const givenUp = calls.filter(({ requested, end }) => requested && end?.cause === 'shutdown').length;
    world.guard(() =>
      must(
        wasted <= disk.callsAtTakeOver,
        () => `calls: ${wasted} were wasted, at most ${disk.callsAtTakeOver} were in flight at a take-over`,
      ),
    );
    return {
      seed: this.#seed,
      violation: world.violation,
      hash: disk.hash(),
      happenings: timeline.count,
      virtualMs: timeline.now - this.#startTime,
      events: [...disk.logs.values()].reduce((sum, log) => sum + log.events.length, 0),
      requests: provider.requests.length,
      wastedCalls: wasted,
      callsGivenUp: givenUp,
      coverage,
    };
  }

  #calm(): void {
    this.#world.calm = true;
    this.#calmTime = this.#world.timeline.now;
    this.#sleptMs = 0;
    this.#world.trace(() => 'calm');
    this.#look();
  }

  /** Time goes on until everything has ended. */
  #look(): void {
    const { timeline, disk, places } = this.#world;
    const open = [...disk.logs.values()].filter((log) => !log.ended);
    // One that sleeps or is cut off may still hold a start that its caller has given up.
    const down = places.some(
      (node) => !node?.serving || node.draining || node.heardOf(timeline.now) < timeline.now,
    );
    if (open.length === 0 && !down && !this.#clients.busy) {
      this.#settled = true;
      timeline.in(lastAnswersMs, undefined, () => this.#world.guard(() => this.#afterwards()));
      return;
    }
    const waitedMs = timeline.now - this.#calmTime - this.#sleptMs;
    this.#world.guard(() =>
      must(
        waitedMs < settleMsMax,
        () =>
          `liveness: after ${waitedMs} ms of calm there are still ${open.map(({ key, state }) => `${key.workflowId} (${state.status})`).join(', ') || 'callers waiting'}`,
      ),
    );
    // Days pass only where nobody is in the middle of something: an answer that takes days is no store's.
    // Callers whom a full line refuses would wait for ever.
    const starting = this.#clients.starting && waitedMs < settleMsMax / 2;
    const quiet = !down && !starting && open.length > 0;
    if (this.#pausesLapse && quiet && open.every(({ state }) => state.status === 'paused')) {
      timeline.jump(eightDaysMs);
      this.#sleptMs += eightDaysMs;
      for (const node of this.#world.nodes) node.trouble();
    } else if (!this.#pausesLapse) {
      this.#clients.resumeAll();
    }
    timeline.in(lookMs, undefined, () => this.#look());
  }

  /** Everything has ended; a node that was the only one knows it, and after days the others know it too. */
  #afterwards(): void {
    const { timeline, profile, disk, nodes } = this.#world;
    const asleep = nodes.some(
      ({ awakeTime, cutOffTime }) => awakeTime > timeline.now || cutOffTime > timeline.now,
    );
    if (profile.nodes === 1 && !asleep) this.#checkIdle();
    for (const log of disk.logs.values()) if (log.ended) this.#endedInTime.add(log);
    timeline.jump(eightDaysMs);
    for (const node of nodes) node.trouble();
    timeline.in(lastLookMs, undefined, () => {
      this.#world.guard(() => this.#checkIdle());
      void this.#shutDown().then(
        () => (this.#over = true),
        (error: unknown) => this.#world.fail(error),
      );
    });
  }

  #checkIdle(): void {
    const { logs } = this.#world.disk;
    if ([...logs.values()].some((log) => !log.ended)) return;
    for (const { name, supervisor, gate } of this.#world.nodes) {
      const { registeredCount, liveCount, pendingCount } = supervisor;
      must(
        registeredCount === 0 && liveCount === 0 && pendingCount === 0,
        () =>
          `leak: ${name} has ${registeredCount} workflows registered, ${liveCount} slots taken and ${pendingCount} in line after everything has ended`,
      );
      gate.checkIdle();
    }
  }

  async #shutDown(): Promise<void> {
    for (const { name, supervisor, clock } of this.#world.nodes) {
      const report = await supervisor.shutDown(0, 'drain');
      must(
        report.workflowsReleased === 0 && report.callsAborted === 0,
        () => `leak: ${name} still carried something`,
      );
      must(
        clock.pendingAlarms === 0,
        () => `leak: ${name} has ${clock.pendingAlarms} alarms set after its end`,
      );
    }
  }

  /** What a healthy owner promises about time. */
  #monitor(): void {
    const { timeline, disk } = this.#world;
    this.#world.guard(() => {
      for (const log of disk.logs.values()) if (!log.ended) this.#checkTimes(log);
      for (const node of this.#world.serving) {
        const healthySince = Math.max(node.troubleTime, node.awakeTime, node.cutOffTime) + recoverMs;
        if (healthySince < timeline.now && !node.draining) node.gate.check(toleranceMs);
      }
    });
    if (!this.#settled) timeline.in(monitorMs, undefined, () => this.#monitor());
  }

  #checkTimes({ key, state, calls, tools }: LogAudit): void {
    const { timeline, disk, profile } = this.#world;
    const lease = disk.leases.holderOf(keyText(key));
    if (!lease?.node.alive || lease.node.draining) return;
    const healthySince = Math.max(lease.node.troubleTime, lease.time) + recoverMs;
    if (healthySince > timeline.now) return;
    const now = lease.node.clock.now() - toleranceMs;
    must(
      state.deadline === undefined || state.deadline > now,
      () => `deadline: ${key.workflowId} goes on after it`,
    );
    must(
      state.pause === undefined || state.pause.pauseDeadline > now,
      () => `pause: ${key.workflowId} stays paused after its limit`,
    );
    must(
      state.cancellation === undefined || state.cancellation.requestTime + 5_000 > now,
      () => `cancel: ${key.workflowId} is not quiet`,
    );
    for (const call of calls.open)
      must(
        call.requested || call.epoch !== lease.epoch || call.startTime > now - recoverMs,
        () => `calls: ${call.attempt} was begun and never requested`,
      );
    for (const call of tools.open) {
      const builtIn = call.tool.startsWith('documents.');
      must(
        builtIn || call.executions > 0 || call.epoch !== lease.epoch || call.startTime > now - recoverMs,
        () => `tools: ${call.id} was begun and never called`,
      );
      must(
        call.epoch !== lease.epoch || call.startTime + toolTimeoutMs > now - recoverMs,
        () => `tools: ${call.id} works longer than it may`,
      );
    }
    if (state.status === 'running' && tools.open.length === 0 && state.updateTime < now - recoverMs)
      for (const { agentId } of state.agents.values())
        must(tools.waitingOf(agentId) === 0, () => `tools: those of ${agentId} are forgotten`);
    if (state.status === 'pending' && profile.nodes === 1 && state.updateTime < now - recoverMs)
      must(
        this.#running() >= profile.slots || this.#lastEnd() > now - recoverMs,
        () => `admission: ${key.workflowId} waits although a slot is free`,
      );
    for (const agent of state.agents.values()) {
      const active =
        state.status === 'running' && (agent.status === 'working' || agent.status === 'scheduled');
      // A rate limit or a breaker keeps it waiting, which is none of its time.
      if (lease.node.gate.keepsWaiting(keyText(key))) continue;
      must(
        !active || agent.deadline === undefined || agent.deadline > now,
        () => `deadline: ${agent.agentId} of ${key.workflowId} goes on after it`,
      );
      must(
        !active ||
          agent.openCall !== undefined ||
          agent.retryTime === undefined ||
          agent.retryTime > now ||
          state.ledger.heldTokens > 0,
        () => `retry: ${agent.agentId} of ${key.workflowId} is forgotten`,
      );
    }
  }

  /** Wall time at which a slot may have come free last. */
  #lastEnd(): number {
    return Math.max(
      0,
      ...[...this.#world.disk.logs.values()].map(({ state }) => state.endTime ?? state.pause?.startTime ?? 0),
    );
  }

  #running(): number {
    return [...this.#world.disk.logs.values()].filter(
      ({ state }) => state.status === 'running' || state.status === 'cancelling',
    ).length;
  }

  /** The store's own answer, read as a new process would read it. */
  async #verify(): Promise<void> {
    const { disk } = this.#world;
    for (const log of disk.logs.values()) {
      const events = await disk.store.read(log.key, 0, readMax);
      must(
        (events === undefined) === log.evicted,
        () => `store: ${log.key.workflowId} is ${log.evicted ? 'there after its eviction' : 'gone'}`,
      );
      if (!events) continue;
      must(
        JSON.stringify(events) === JSON.stringify(log.events),
        () => `store: ${log.key.workflowId} reads otherwise than it was written`,
      );
      const state = fold(events);
      must(
        state !== undefined && JSON.stringify(await disk.store.row(log.key)) === JSON.stringify(rowOf(state)),
        () => `row: ${log.key.workflowId} differs from its log`,
      );
    }
    const stored = new Map<number, DaySpend>();
    for (const day of disk.days.days) stored.set(day, await disk.store.spendOf(defaultTenant, day));
    disk.days.compare((day) => stored.get(day) ?? noSpend);
    const left = [...disk.logs.values()].filter((log) => !log.evicted);
    const kept = left.some((log) => this.#endedInTime.has(log));
    for (const sha256 of left.length > 0 ? [] : disk.blobs)
      must(
        (await disk.store.blob(sha256)) === undefined,
        () => `blobs: ${sha256} stays after every workflow is gone`,
      );
    must(!kept, () => 'retention: a workflow stays after eight days');
  }
}
