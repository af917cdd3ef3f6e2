import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMachine } from 'xstate';
import { LifecycleSteps } from '../../src/engine/lifecycle-steps.ts';
import { lifecycleOf, workflowMachine } from '../../src/engine/workflow-machine.ts';
import { failure } from '../../src/workflow/failure.ts';
import { assertSound, Harness, soon, turns } from './harness.ts';

type Machine = typeof workflowMachine;

const day = 86_400_000;

/** What a user would notice if the machine did not make the transition. */
const scenarios: Readonly<Record<string, (harness: Harness) => Promise<void>>> = {
  'pending workflow_admitted': async (harness) => {
    const key = await harness.research();
    assert.equal((await harness.end(key)).status, 'completed');
  },
  'pending workflow_paused': async (harness) => {
    await harness.research({}, hanging);
    const key = await harness.research();
    await soon(harness.service.pause(key, undefined), 'the pause');
    assert.equal(harness.supervisor.pendingCount, 0, 'a paused workflow does not stand in line');
    await harness.jump(7 * day);
    assert.equal((await harness.end(key)).status, 'timed_out');
  },
  'pending cancellation_requested': async (harness) => {
    await harness.research({}, hanging);
    const key = await harness.research();
    assert.equal((await soon(harness.service.cancel(key, undefined), 'the cancel')).cancelled, true);
  },
  'running recorded': async (harness) => {
    const key = await harness.research();
    await soon(harness.event(key, 'agent_completed', 2), 'a second agent');
    assert.equal((await harness.end(key)).status, 'completed');
  },
  'running workflow_paused': async (harness) => {
    const key = await harness.research({}, hanging);
    await soon(harness.catalog.arrived(1), 'the first call');
    const next = await harness.research();
    await soon(harness.service.pause(key, undefined), 'the pause');
    assert.equal((await harness.end(next)).status, 'completed', 'a paused workflow gives its slot away');
  },
  'running cancellation_requested': async (harness) => {
    const key = await harness.research({}, hanging);
    await soon(harness.catalog.arrived(1), 'the first call');
    const { cancelled } = await soon(harness.service.cancel(key, undefined), 'the cancel');
    assert.equal(cancelled, true);
    assert.equal(harness.catalog.calls[0]?.aborted, true);
  },
  'running workflow_completed': async (harness) => {
    const key = await harness.research();
    assert.equal((await harness.end(key)).status, 'completed');
    assert.equal(harness.supervisor.registeredCount, 0);
  },
  'running workflow_failed': async (harness) => {
    harness.catalog.script = () => failure('rejected', 'no');
    const key = await harness.research();
    assert.equal((await harness.end(key)).status, 'failed');
    assert.equal(harness.supervisor.registeredCount, 0);
  },
  'running workflow_timed_out': async (harness) => {
    const key = await harness.research({}, { ...hanging, workflowTimeoutMs: 1_000 });
    await harness.advance(1_000);
    assert.equal((await harness.end(key)).status, 'timed_out');
    assert.equal(harness.supervisor.registeredCount, 0);
  },
  'paused workflow_resumed': async (harness) => {
    const key = await harness.research({}, hanging);
    await soon(harness.catalog.arrived(1), 'the first call');
    await soon(harness.service.pause(key, undefined), 'the pause');
    harness.catalog.script = () => undefined;
    harness.catalog.calls[0]?.answerCanned();
    await soon(harness.service.resume(key), 'the resume');
    assert.equal((await harness.end(key)).status, 'completed');
  },
  'paused cancellation_requested': async (harness) => {
    const key = await harness.research({}, hanging);
    await soon(harness.service.pause(key, undefined), 'the pause');
    assert.equal((await soon(harness.service.cancel(key, undefined), 'the cancel')).cancelled, true);
  },
  'paused workflow_timed_out': async (harness) => {
    const key = await harness.research({}, hanging);
    await soon(harness.catalog.arrived(1), 'the first call');
    harness.catalog.calls[0]?.answerCanned();
    await soon(harness.service.pause(key, undefined), 'the pause');
    await harness.jump(7 * day);
    assert.equal((await harness.end(key)).status, 'timed_out');
    assert.equal(harness.supervisor.registeredCount, 0);
  },
  'cancelling workflow_cancelled': async (harness) => {
    const key = await harness.research({}, hanging);
    await soon(harness.catalog.arrived(1), 'the first call');
    await soon(harness.service.cancel(key, undefined), 'the cancel');
    assert.equal(harness.supervisor.registeredCount, 0);
  },
};

const hanging = { model: 'hanging' };

async function run(scenario: (harness: Harness) => Promise<void>, machine: Machine): Promise<void> {
  const harness = await Harness.started({
    lifecycle: new LifecycleSteps(machine),
    supervisor: { maxLiveWorkflows: 1, retainForMs: 30 * day },
  });
  harness.catalog.script = ({ model }) => (model === 'hanging' ? 'hang' : undefined);
  try {
    await scenario(harness);
    const { rows } = await harness.store.list({ tenant: 'default', limit: 10 });
    for (const { workflowId } of rows) assertSound(await harness.log({ tenant: 'default', workflowId }));
  } finally {
    // A mutant may leave workflows that never let go; they hold no more than memory.
    await turns(2);
    await harness.store.close();
  }
}

/** The machine without one transition. */
function without(state: string, event: string): Machine {
  const config = JSON.parse(JSON.stringify(workflowMachine.config)) as {
    states: Record<string, { on: Record<string, unknown> }>;
  };
  const on = config.states[state]?.on ?? {};
  assert.ok(event in on);
  Reflect.deleteProperty(on, event);
  // The same shape as the original, one transition short.
  return createMachine(config as never, workflowMachine.implementations as never) as unknown as Machine;
}

const moves = [
  ...lifecycleOf(workflowMachine).transitions.map(({ source, event }) => ({ source, event })),
  { source: 'running', event: 'recorded' },
];

test('there is a scenario for every transition of the machine', () => {
  assert.deepEqual(
    Object.keys(scenarios).toSorted(),
    moves.map(({ source, event }) => `${source} ${event}`).toSorted(),
  );
});

for (const { source, event } of moves) {
  const scenario = scenarios[`${source} ${event}`];
  test(`a workflow notices when ${event} does not move it from ${source}`, async () => {
    assert.ok(scenario);
    await run(scenario, workflowMachine);
    await assert.rejects(run(scenario, without(source, event)), (error: unknown) => {
      // What failed is the claim of the scenario, not the scenario itself.
      assert.ok(error instanceof Error && !(error instanceof TypeError), String(error));
      return true;
    });
  });
}
