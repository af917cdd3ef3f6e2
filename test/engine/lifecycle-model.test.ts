import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMachine, getNextSnapshot } from 'xstate';
import { getSimplePaths } from 'xstate/graph';
import { lifecycleSteps, LifecycleSteps } from '../../src/engine/lifecycle-steps.ts';
import {
  lifecycleEvents,
  lifecycleOf,
  workflowMachine,
  type LifecycleEvent,
} from '../../src/engine/workflow-machine.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import { IllegalEventError } from '../../src/workflow/failure.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { statuses, type Status } from '../../src/workflow/status.ts';
import { lifecycleData, LogBuilder } from '../workflow/log-builder.ts';

const paths = getSimplePaths(workflowMachine, {
  events: lifecycleEvents.map((type) => ({ type })),
  serializeState: (snapshot) => JSON.stringify(snapshot.value),
});

/** A legal log that ends in the given status. */
function stateIn(status: Status): WorkflowState {
  const path = paths.find(({ state }) => state.value === status);
  assert.ok(path, `the machine reaches ${status}`);
  return walk(path.steps.map(({ event }) => event.type));
}

function walk(types: readonly string[]): WorkflowState {
  const log = new LogBuilder();
  // Paths of the graph begin with the machine's own init event.
  for (const type of types) if (isLifecycle(type)) log.add(lifecycleData(type));
  return log.state;
}

const isLifecycle = (type: string): type is LifecycleEvent =>
  (lifecycleEvents as readonly string[]).includes(type);

test('every simple path of the machine is a log that the fold accepts, to the same status at every step', () => {
  assert.ok(paths.length >= statuses.length);
  assert.deepEqual(new Set(paths.map(({ state }) => state.value)), new Set(statuses));
  for (const { steps, state } of paths) {
    const log = new LogBuilder();
    for (const step of steps) {
      if (isLifecycle(step.event.type)) log.add(lifecycleData(step.event.type));
      assert.equal(log.state.status, step.state.value);
    }
    assert.equal(log.state.status, state.value);
  }
});

test('in every state every lifecycle event moves the machine exactly when the fold accepts it, and to the same status', () => {
  for (const status of statuses) {
    const state = stateIn(status);
    assert.equal(state.status, status);
    const snapshot = workflowMachine.resolveState({ value: status });
    for (const type of lifecycleEvents) {
      let folded: Status | undefined;
      try {
        folded = evolve(state, LogBuilder.event(state, lifecycleData(type))).status;
      } catch (error) {
        assert.ok(error instanceof IllegalEventError);
        assert.match(error.message, new RegExp(`^workflow ${state.workflowId}: ${type} at sequence `));
      }
      const where = `${type} in ${status}`;
      assert.equal(snapshot.can({ type }), folded !== undefined, where);
      const next = getNextSnapshot(workflowMachine, snapshot, { type });
      assert.equal(next.value, folded ?? status, where);
      assert.equal(lifecycleSteps.after(status, type).status, folded ?? status, where);
    }
  }
});

test('a step does what the state that is left ends with and what the one that is entered begins with, in this order', () => {
  assert.deepEqual(lifecycleSteps.begin(), { status: 'pending', orders: ['queueUp'] });
  let moves = 0;
  for (const status of statuses) {
    const source = workflowMachine.states[status];
    for (const type of lifecycleEvents) {
      const step = lifecycleSteps.after(status, type);
      const target = workflowMachine.states[step.status];
      assert.ok(source && target);
      const moved = step.status !== status;
      if (moved) moves++;
      assert.deepEqual(step.orders, moved ? [...source.exit, ...target.entry] : [], `${type} in ${status}`);
    }
  }
  assert.equal(moves, lifecycleOf(workflowMachine).transitions.length);
  assert.deepEqual(lifecycleSteps.after('running', 'recorded').orders, ['carryOut']);
  assert.deepEqual(lifecycleSteps.after('pending', 'recorded'), { status: 'pending', orders: [] });
});

test('a machine that asks for what no workflow does is refused at its first step', () => {
  const config = { ...workflowMachine.config, states: { pending: { entry: 'haveLunch' } } };
  const machine = createMachine(config as never) as unknown as typeof workflowMachine;
  assert.throws(() => new LifecycleSteps(machine).begin(), /asks for haveLunch, which no workflow does/);
});

test('DescribeLifecycle lists exactly the transitions that the fold allows', () => {
  const allowed: string[] = [];
  for (const source of statuses) {
    const state = stateIn(source);
    for (const event of lifecycleEvents) {
      try {
        const target = evolve(state, LogBuilder.event(state, lifecycleData(event))).status;
        allowed.push(`${source} --> ${target}: ${event}`);
      } catch (error) {
        assert.ok(error instanceof IllegalEventError);
      }
    }
  }
  const { states, transitions, mermaid } = lifecycleOf(workflowMachine);
  const listed = transitions.map(({ source, event, target }) => `${source} --> ${target}: ${event}`);
  assert.deepEqual(listed.toSorted(), allowed.toSorted());
  assert.deepEqual(
    states.map(({ name }) => name),
    [...statuses],
  );
  for (const { name, description, terminal } of states) {
    assert.notEqual(description, '');
    assert.equal(terminal, !transitions.some(({ source }) => source === name));
  }
  for (const line of listed) assert.ok(mermaid.includes(`  ${line}\n`), line);
});
