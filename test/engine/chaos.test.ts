import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { ApplicationError } from '../../src/engine/application-error.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import { failure } from '../../src/workflow/failure.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { isTerminal } from '../../src/workflow/status.ts';
import { FaultStore } from './fault-store.ts';
import { assertSound, Harness, storeWith, turns } from './harness.ts';
import { ScriptedCatalog } from './scripted-catalog.ts';

const supervisor = { maxLiveWorkflows: 2, retainForMs: 365 * 86_400_000 };

/** Ways to fail that are nobody's defect. */
const expectedErrors = new Set([
  'planning_failed',
  'synthesis_failed',
  'quorum_not_met',
  'budget_exceeded',
  'workflow_timeout',
]);

/** One seeded life of a server: everything that may happen to it, in any order, and then calm. */
class Life {
  readonly #dice: SimulatedClock;
  readonly #keys: WorkflowKey[] = [];
  readonly #catalogs: ScriptedCatalog[] = [];
  readonly #asked: Promise<unknown>[] = [];
  #harness: Harness;
  #store: FaultStore;

  private constructor(seed: number, harness: Harness, store: FaultStore) {
    this.#dice = new SimulatedClock(0, seed);
    this.#harness = harness;
    this.#store = store;
    this.#catalogs.push(harness.catalog);
  }

  static async begin(seed: number): Promise<Life> {
    const clock = new SimulatedClock(Date.UTC(2026, 0, 1), seed);
    const store = new FaultStore(new MemoryStore(clock));
    const catalog = new ScriptedCatalog();
    const harness = await Harness.started({ clock, store, catalog, supervisor });
    const life = new Life(seed, harness, store);
    catalog.script = life.#moody;
    for (const numAgents of [2, 5, 3]) {
      const options = { maxTokens: 200_000, workflowTimeoutMs: 900_000, maxRetries: 1 };
      life.#keys.push(await harness.research({ numAgents }, options));
    }
    return life;
  }

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.#step();
      await turns(this.#roll(8));
    }
    await this.#calm();
  }

  readonly #moody = (): string | undefined =>
    (['hang', 'hang', 'ignore abort', undefined] as const)[this.#roll(4)];

  #roll(sides: number): number {
    return Math.floor(this.#dice.random() * sides);
  }

  async #step(): Promise<void> {
    const { service, catalog } = this.#harness;
    const key = this.#keys[this.#roll(this.#keys.length)] ?? assert.fail();
    const call = catalog.calls[this.#roll(catalog.calls.length)];
    switch (this.#roll(12)) {
      case 0:
      case 1:
      case 2:
        call?.answerCanned();
        return;
      case 3:
        call?.fail(failure('overloaded', 'busy', true));
        return;
      case 4:
        call?.fail(
          this.#roll(3) === 0 ? failure('rejected', 'no') : failure('rate_limited', 'slow', true, 3_000),
        );
        return;
      case 5:
      case 6:
        await this.#harness.advance(this.#roll(20_000));
        return;
      case 7:
        this.#ask(service.pause(key, undefined));
        return;
      case 8:
        this.#ask(service.resume(key));
        return;
      case 9:
        if (this.#roll(4) === 0) this.#ask(service.cancel(key, undefined));
        return;
      case 10:
        this.#store.fault = (command) => {
          if (command !== 'append') return 'works';
          return (['works', 'refuses', 'loses answers'] as const)[this.#roll(3)] ?? 'works';
        };
        return;
      case 11:
        this.#store.fault = () => 'works';
        if (this.#roll(2) === 0) await this.#crash();
        return;
    }
  }

  /** A caller may be refused, but only in the terms of the application. */
  #ask(asked: Promise<unknown>): void {
    this.#asked.push(
      asked.catch((error: unknown) => {
        assert.ok(error instanceof ApplicationError, String(error));
      }),
    );
  }

  async #logs(): Promise<(readonly WorkflowEvent[])[]> {
    return Promise.all(this.#keys.map((key) => this.#harness.log(key)));
  }

  /** The process is gone; the next one finds what was durable, and nothing else. */
  async #crash(): Promise<void> {
    const logs = await this.#logs();
    const former = this.#store;
    former.fault = () => 'hangs';
    const clock = new SimulatedClock(this.#harness.clock.now() + this.#roll(5_000), this.#roll(1_000));
    this.#store = new FaultStore(await storeWith(clock, logs));
    const catalog = new ScriptedCatalog();
    catalog.script = this.#moody;
    this.#catalogs.push(catalog);
    this.#harness = await Harness.started({ clock, store: this.#store, catalog, supervisor });
    // Whoever waited for the former process has lost its connection.
    this.#asked.length = 0;
  }

  async #calm(): Promise<void> {
    this.#store.fault = () => 'works';
    const harness = this.#harness;
    harness.catalog.script = () => undefined;
    for (let round = 0; harness.supervisor.registeredCount > 0 && round < 60; round++) {
      for (const key of this.#keys)
        if ((await harness.status(key)) === 'paused') this.#ask(harness.service.resume(key));
      for (const call of harness.catalog.calls) call.answerCanned();
      await turns();
      await harness.jump(30_000);
    }
    await Promise.all(this.#asked);
    for (const log of await this.#logs()) {
      assertSound(log);
      const { state } = await harness.service.get(
        this.#keys.find(({ workflowId }) => workflowId === log[0]?.workflowId) ?? assert.fail(),
      );
      assert.ok(isTerminal(state.status), `${state.workflowId} is ${state.status}`);
      if (state.error) assert.ok(expectedErrors.has(state.error.type), JSON.stringify(state.error));
    }
    const ids = this.#catalogs.flatMap(({ calls }) => calls.map(({ request }) => request.attemptId));
    assert.equal(new Set(ids).size, ids.length, 'no attempt is made twice');
    assert.equal(harness.supervisor.liveCount, 0);
    assert.equal(harness.supervisor.pendingCount, 0);
    await harness.stop();
  }
}

test('rows 90, 91 and 93: whatever happens to a server, in whatever order, every workflow ends once and soundly', async () => {
  for (let seed = 1; seed <= lives; seed++) {
    try {
      const life = await Life.begin(seed);
      await life.run(60);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
});

/** Enough to meet every pair of happenings; more find no more. */
const lives = 60;
