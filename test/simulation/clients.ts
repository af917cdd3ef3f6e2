import { ApplicationError } from '../../src/engine/application-error.ts';
import type { StartRequest } from '../../src/engine/application.ts';
import { defaultTenant, keyText, type WorkflowKey } from '../../src/workflow/id.ts';
import { isTerminal } from '../../src/workflow/status.ts';
import type { Dice } from './dice.ts';
import { pool } from './orchestrator-pool.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { must, Violation } from './violation.ts';
import { Watcher } from './watcher.ts';
import type { World } from './world.ts';

const patienceMs = 30_000;
const againMsMax = 2_000;
const startsMax = 40;
/** For this long a request id is certainly known. */
const requestKeptMs = 23 * 3_600_000;
/** A healthy node answers a cancel within the quiescence limit; the rest is for the append. */
const cancelMsMax = 5_500;
/** Appends that failed are tried again after up to five seconds. */
const recoverMs = 15_000;
const nanoUsdCaps = [0.0001, 0.0004, 0.002] as const;
const tokenCaps = [6_000, 30_000, 100_000] as const;

/** The node died, or nobody waited any longer. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Everybody who asks something of the nodes, and holds what they answer against the log. */
export class Clients {
  /** Workflows whose start was confirmed. */
  readonly keys: WorkflowKey[] = [];
  readonly watchers: Watcher[] = [];
  readonly #world: World;
  readonly #dice: Dice;
  readonly #receipts = new Map<string, string>();
  #startsOpen = 0;

  constructor(world: World, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
  }

  get starting(): boolean {
    return this.#startsOpen > 0;
  }

  get busy(): boolean {
    return this.starting || this.watchers.some((watcher) => !watcher.over);
  }

  schedule(): void {
    const { profile, timeline } = this.#world;
    const sometime = (share: number): number =>
      timeline.now + this.#dice.whole(0, Math.floor(profile.troubleMs * share));
    for (let number = 1; number <= profile.workflows; number++) {
      this.#startsOpen++;
      timeline.at(sometime(0.6), undefined, () =>
        this.#run(this.#start(number).finally(() => this.#startsOpen--)),
      );
    }
    for (let number = 0; number < profile.requests; number++) {
      timeline.at(sometime(1), undefined, () => this.#run(this.#request()));
    }
  }

  /** Ends every pause that a person would have to end. */
  resumeAll(): void {
    for (const log of this.#world.disk.logs.values()) {
      if (log.state.status !== 'paused') continue;
      for (const node of this.#world.serving)
        if (node.supervisor.find(log.key)) this.#run(this.#ask(node, () => node.service.resume(log.key)));
    }
  }

  /** A refusal in the application's terms is an answer; anything else is a defect. */
  #run(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (error instanceof NoAnswer) return;
      if (error instanceof ApplicationError) {
        // A cap of money is refused when the prices have got lost.
        if (error.kind !== 'invalid' || this.#world.profile.provider.priceGetsLost) return;
        this.#world.fail(new Violation(`client: a request is called invalid: ${error.message}`));
        return;
      }
      this.#world.fail(error);
    });
  }

  async #ask<T>(node: SimulatedNode, work: () => Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const patience = this.#world.timeline.in(patienceMs, undefined, () =>
      reject(new NoAnswer('patience is over')),
    );
    void node.gone.then(() => reject(new NoAnswer('the node is gone')));
    promise.catch(() => undefined);
    try {
      return await Promise.race([work(), promise]);
    } finally {
      patience.cancelled = true;
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#world.timeline.in(ms, undefined, resolve));
  }

  async #start(number: number): Promise<void> {
    const dice = this.#dice;
    const request = this.#startRequest(number);
    const { timeline } = this.#world;
    const begin = timeline.now;
    const key = await this.#startedKey(request);
    if (!key) return;
    this.keys.push(key);
    for (let count = dice.whole(0, this.#world.profile.watchers); count > 0; count--) this.#watch(key);
    if (request.requestId === undefined || !dice.chance(0.4)) return;
    await this.#sleep(dice.whole(0, 10_000));
    const again = await this.#startedKey(request);
    if (timeline.now - begin > requestKeptMs) return;
    must(
      again === undefined || again.workflowId === key.workflowId,
      () => `start: request ${request.requestId} has started ${key.workflowId} and ${again?.workflowId}`,
    );
    await this.#startOther({
      ...request,
      input: { ...request.input, task: 'Something else under the same id?' },
    });
  }

  /** The same request id with another body is refused. */
  async #startOther(request: StartRequest): Promise<void> {
    const node = this.#dice.oneOf(this.#world.serving);
    if (!node) return;
    try {
      const { state } = await this.#ask(node, () => node.service.start(request));
      throw new Violation(
        `start: request ${request.requestId} with another body is answered with ${state.workflowId}`,
      );
    } catch (error) {
      if (error instanceof ApplicationError && error.kind === 'conflict')
        this.#world.coverage.fault('start: the request id was used with another body');
      throw error;
    }
  }

  /** Starts as a caller does who wants it done: again and again, with the same request id where it has one. */
  async #startedKey(request: StartRequest): Promise<WorkflowKey | undefined> {
    const { world, dice } = { world: this.#world, dice: this.#dice };
    for (let tries = 1; tries <= startsMax; tries++) {
      const node = dice.oneOf(world.serving);
      if (node) {
        if (tries > 1) world.coverage.fault('start: retried by its caller');
        try {
          const { state, repeated } = await this.#ask(node, () => node.service.start(request));
          const key = { tenant: state.tenant, workflowId: state.workflowId };
          const log = world.disk.logs.get(keyText(key));
          must(
            log !== undefined && log.events.length >= state.sequence,
            () => `start: ${state.workflowId} is confirmed and not durable`,
          );
          must(
            log.state.requestId === request.requestId,
            () => `start: ${state.workflowId} answers another request`,
          );
          must(
            repeated || state.status === 'pending',
            () => `start: ${state.workflowId} is new and ${state.status}`,
          );
          return key;
        } catch (error) {
          if (error instanceof ApplicationError) {
            if (error.reason === 'PENDING_QUEUE_FULL')
              world.coverage.fault('start: refused because the line is full');
            else if (error.kind !== 'unavailable') throw error;
          } else if (!(error instanceof NoAnswer)) {
            throw error;
          }
          // Without a request id another try may start it twice; a caller who knows that gives up.
          if (request.requestId === undefined && dice.chance(0.5)) return undefined;
        }
      }
      await this.#sleep(dice.whole(100, againMsMax));
    }
    return undefined;
  }

  #startRequest(number: number): StartRequest {
    const dice = this.#dice;
    const { priceKnown } = this.#world.profile.provider;
    const { orchestrator, input } = dice.pick(pool);
    const documents = dice.chance(0.3)
      ? [{ name: 'notes.txt', text: `Notes for ${dice.whole(1, 3)}: logs are folded, then acted upon.` }]
      : [];
    return {
      tenant: defaultTenant,
      method: 'StartWorkflow',
      orchestrator: orchestrator.name,
      input: input(dice, number),
      inputPath: ['input'],
      options: {
        generateDocuments: dice.chance(0.6),
        maxRetries: dice.whole(0, 2),
        maxConcurrentAgents: dice.whole(1, 5),
        maxOutputTokens: dice.pick([50, 500, 4_000]),
        workflowTimeoutMs: dice.pick([20_000, 90_000, 300_000]),
        ...(dice.chance(0.7) && { agentTimeoutMs: dice.pick([5_000, 30_000, 60_000]) }),
        ...(dice.chance(0.3) && { maxTokens: dice.pick(tokenCaps) }),
        ...(priceKnown && dice.chance(0.3) && { maxCostUsd: dice.pick(nanoUsdCaps) }),
        ...(dice.chance(0.3) && { onLimit: 'conclude' }),
        priority: dice.whole(-1, 1),
        ...(documents.length > 0 && { documents }),
      },
      ...(dice.chance(0.6) && { requestId: `request-${number}` }),
    };
  }

  #watch(key: WorkflowKey): void {
    const watcher = new Watcher(this.#world, key, this.#dice.fork());
    this.watchers.push(watcher);
    this.#run(watcher.run());
  }

  async #request(): Promise<void> {
    const node = this.#dice.oneOf(this.#world.serving);
    const key = this.#dice.oneOf(this.keys);
    if (!node || !key) return;
    switch (this.#dice.whole(0, 11)) {
      case 0:
      case 1:
        return this.#cancel(node, key);
      case 2:
      case 3:
        return this.#pause(node, key);
      case 4:
        this.#hit('client: resume');
        await this.#ask(node, () => node.service.resume(key));
        return;
      case 5:
        return this.#wait(node, key);
      case 6:
        return this.#list(node);
      case 8:
        return this.#conclude(node, key);
      case 9:
        return this.#remove(node, key);
      case 10:
        return this.#validate(node);
      case 7:
        await this.#ask(node, () => node.service.documents(key));
        return;
      default:
        return this.#get(node, key);
    }
  }

  async #cancel(node: SimulatedNode, key: WorkflowKey): Promise<void> {
    const { timeline, disk } = this.#world;
    const begin = timeline.now;
    this.#hit('client: cancel');
    const { state, cancelled, receipt } = await this.#ask(node, () =>
      node.service.cancel(key, 'a client asked'),
    ).catch((error: unknown) => {
      this.#checkRefusal(error, node, key, begin);
      throw error;
    });
    const log = disk.logs.get(keyText(key));
    must(
      log !== undefined && log.ended && log.events.length === state.sequence,
      () => `cancel: ${key.workflowId} is answered and its end is not durable`,
    );
    const end = log.events.at(-1)?.data;
    must(
      cancelled === (end?.type === 'workflow_cancelled'),
      () => `cancel: ${key.workflowId} is answered as cancelled=${cancelled} after ${end?.type}`,
    );
    if (end?.type !== 'workflow_cancelled') return;
    const text = JSON.stringify(receipt);
    must(
      text === JSON.stringify(end.receipt),
      () => `cancel: ${key.workflowId} is answered with another receipt than the log's`,
    );
    const former = this.#receipts.get(key.workflowId);
    if (former !== undefined) this.#hit('client: second cancel gets the same receipt');
    must(former === undefined || former === text, () => `cancel: ${key.workflowId} has two receipts`);
    this.#receipts.set(key.workflowId, text);
    const healthy = node.troubleTime + recoverMs < begin;
    must(
      !healthy || timeline.now - begin <= cancelMsMax,
      () => `cancel: ${key.workflowId} took ${timeline.now - begin} ms`,
    );
    if (this.#dice.chance(0.5)) await this.#cancel(node, key);
  }

  /** A healthy owner cannot say that nobody carries the workflow. */
  #checkRefusal(error: unknown, node: SimulatedNode, key: WorkflowKey, begin: number): void {
    if (!(error instanceof ApplicationError) || error.reason !== 'WORKFLOW_NOT_CARRIED') return;
    const lease = this.#world.disk.leases.holderOf(keyText(key));
    const healthy = lease?.node === node && lease.time < begin && node.troubleTime + recoverMs < begin;
    must(
      !healthy || node.draining,
      () => `cancel: ${key.workflowId} is refused by its owner: ${error.message}`,
    );
  }

  async #pause(node: SimulatedNode, key: WorkflowKey): Promise<void> {
    this.#hit('client: pause');
    const { state } = await this.#ask(node, () => node.service.pause(key, undefined));
    const log = this.#world.disk.logs.get(keyText(key));
    must(
      log?.events[state.sequence - 1] !== undefined,
      () => `pause: ${key.workflowId} is answered and not durable`,
    );
    if (this.#dice.chance(0.5)) return;
    await this.#sleep(this.#dice.whole(0, 20_000));
    this.#hit('client: resume');
    await this.#ask(node, () => node.service.resume(key));
    // At once, so that it may not have been admitted in between.
    if (this.#dice.chance(0.3)) await this.#pause(node, key);
  }

  async #conclude(node: SimulatedNode, key: WorkflowKey): Promise<void> {
    const log = this.#world.disk.logs.get(keyText(key));
    this.#hit('client: conclude');
    try {
      const { state } = await this.#ask(node, () => node.service.conclude(key));
      must(
        log?.events.some(({ data }) => data.type === 'conclusion_requested') === true,
        () => `conclude: ${key.workflowId} is answered as ${state.status} and it is not durable`,
      );
    } catch (error) {
      if (error instanceof ApplicationError && error.reason === 'WRONG_STATE')
        this.#hit('client: conclude is refused');
      throw error;
    }
  }

  async #remove(node: SimulatedNode, key: WorkflowKey): Promise<void> {
    const log = this.#world.disk.logs.get(keyText(key));
    this.#hit('client: delete');
    try {
      await this.#ask(node, () => node.service.remove(key));
      must(log?.evicted === true, () => `delete: ${key.workflowId} is answered as deleted and stays`);
    } catch (error) {
      if (error instanceof ApplicationError && error.reason === 'WRONG_STATE')
        this.#hit('client: delete is refused');
      throw error;
    }
  }

  /** Looking whether a start would do starts nothing. */
  async #validate(node: SimulatedNode): Promise<void> {
    this.#hit('client: validate');
    const { state } = await this.#ask(node, () => node.service.validate(this.#startRequest(0)));
    must(
      state.workflowId === '' && state.status === 'pending',
      () => `validate: it answers ${state.workflowId}`,
    );
  }

  async #wait(node: SimulatedNode, key: WorkflowKey): Promise<void> {
    const { timeline, profile } = this.#world;
    const begin = timeline.now;
    const timeoutMs = this.#dice.whole(0, 20_000);
    this.#hit('client: wait');
    const { state } = await this.#ask(node, () =>
      node.service.wait(key, timeoutMs, new AbortController().signal),
    );
    this.#checkState(key, state.sequence);
    const waited = timeline.now - begin >= timeoutMs || profile.clockSteps > 0;
    must(
      isTerminal(state.status) || waited,
      () => `wait: ${key.workflowId} is answered as ${state.status} before the time is over`,
    );
  }

  async #get(node: SimulatedNode, key: WorkflowKey): Promise<void> {
    this.#hit('client: get');
    try {
      const { state } = await this.#ask(node, () => node.service.get(key));
      this.#checkState(key, state.sequence);
    } catch (error) {
      const gone = error instanceof ApplicationError && error.kind === 'not_found';
      must(
        !gone || this.#world.disk.logs.get(keyText(key))?.evicted === true,
        () => `get: ${key.workflowId} is not found`,
      );
      throw error;
    }
  }

  async #list(node: SimulatedNode): Promise<void> {
    this.#hit('client: list');
    const { rows } = await this.#ask(node, () => node.service.list({ tenant: defaultTenant, limit: 100 }));
    for (const { workflowId, sequence } of rows)
      this.#checkState({ tenant: defaultTenant, workflowId }, sequence);
  }

  #checkState(key: WorkflowKey, sequence: number): void {
    const log = this.#world.disk.logs.get(keyText(key));
    must(
      log !== undefined && log.events.length >= sequence,
      () => `client: is told of sequence ${sequence} of ${key.workflowId}, which is not durable`,
    );
  }

  #hit(point: Parameters<World['coverage']['fault']>[0]): void {
    this.#world.coverage.fault(point);
  }
}
