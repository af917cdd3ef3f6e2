import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { eventDataSchema, eventTypes, type EventData, type EventType } from '../../src/workflow/event.ts';
import { evolve, fold } from '../../src/workflow/evolve.ts';
import { failure, IllegalEventError } from '../../src/workflow/failure.ts';
import { affordability, spentTokens } from '../../src/workflow/ledger.ts';
import {
  agentCompletedData,
  agentFailedData,
  callEndedData,
  callLostData,
  callStartedData,
  lifecycleData,
  LogBuilder,
  reserved,
  scheduledData,
  startedData,
  t0,
  workflowId,
} from './log-builder.ts';

const admitted = lifecycleData('workflow_admitted');
const running = (options = {}): LogBuilder => new LogBuilder(options).add(admitted);
const calling = (agentId = 'a'): LogBuilder =>
  running().all(scheduledData(agentId), callStartedData(agentId));
const paused = (rest: Partial<Extract<EventData, { type: 'workflow_paused' }>> = {}): EventData => ({
  type: 'workflow_paused',
  agentRemainingMs: {},
  pauseDeadline: t0 + 99_000,
  ...rest,
});
const retrying = (agentId: string): EventData => ({
  type: 'agent_retrying',
  agentId,
  turn: 0,
  attempt: 2,
  cause: failure('overloaded', 'busy', true),
  delayMs: 500,
  retryTime: t0 + 500,
});
const askingOutput = {
  output: {
    text: '',
    finishReason: 'tool_calls',
    toolCalls: [{ id: 'c', name: 'search', arguments: '{}' }],
  },
};
const toolStarted: EventData = {
  type: 'tool_call_started',
  agentId: 'a',
  turn: 0,
  callId: 'c',
  tool: 'search',
  arguments: '{}',
};
const documentCompleted: EventData = {
  type: 'document_completed',
  format: 'markdown',
  fileName: 'x.md',
  mediaType: 'text/markdown',
  sha256: '0'.repeat(64),
  bytes: 3,
  durationMs: 1,
};

/** A log that holds every type of event that does not end it, each at least once. */
function everything(): LogBuilder {
  const log = new LogBuilder({ maxTokens: 10_000 });
  return log.all(
    admitted,
    { ...scheduledData('planner'), role: 'planner', stage: { type: 'plan' } },
    { type: 'plan_started', agentId: 'planner' },
    callStartedData('planner', 0, 1, { agentDeadline: t0 + 30_000 }),
    callLostData('planner', 0, 1, 'failed'),
    retrying('planner'),
    callStartedData('planner', 0, 2),
    callEndedData('planner', 0, 2),
    agentCompletedData('planner', 9),
    {
      type: 'plan_completed',
      agentId: 'planner',
      requested: 2,
      obtained: 1,
      subtasks: [{ title: 'one', question: 'what?' }],
    },
    { ...scheduledData('a'), tools: ['search'] },
    { type: 'budget_warning', cap: 'tokens', used: 8_000, limit: 10_000 },
    callStartedData('a', 0, 1, { toolsOffered: true }),
    callEndedData('a', 0, 1, askingOutput),
    toolStarted,
    { type: 'tool_call_ended', agentId: 'a', turn: 0, callId: 'c', result: 'ok', output: 'x', durationMs: 1 },
    callStartedData('a', 1),
    {
      type: 'workflow_recovered',
      previousEpoch: 1,
      callsInterrupted: 1,
      agentsCompletedKept: 1,
      callsFinishedKept: 3,
    },
    callLostData('a', 1, 1, 'unknown', 'crash'),
    paused({ remainingMs: 40_000, agentRemainingMs: { a: 9_000 } }),
    { type: 'workflow_resumed' },
    admitted,
    agentFailedData('a'),
    { type: 'conclusion_requested', reason: 'caller', graceDeadline: t0 + 10_000 },
    { ...scheduledData('final'), role: 'final', stage: { type: 'synthesis', level: 'final' } },
    { type: 'synthesis_started', agentId: 'final', level: 'final' },
    callStartedData('final'),
    callEndedData('final'),
    agentCompletedData('final', 30),
    { type: 'synthesis_completed', agentId: 'final', level: 'final' },
    { type: 'document_started', format: 'markdown' },
    documentCompleted,
    { type: 'document_started', format: 'pdf' },
    { type: 'document_failed', format: 'pdf', failure: failure('internal', 'no font') },
    { type: 'limit_reached', cap: 'tokens', used: 10_000, limit: 10_000 },
  );
}

const ends = ['workflow_completed', 'workflow_failed', 'workflow_timed_out'] as const;

test('a log with every type of event folds, and each event is readable by its schema', () => {
  const log = everything();
  const seen = new Set<EventType>(log.events.map(({ data }) => data.type));
  seen.add('cancellation_requested').add('workflow_cancelled');
  for (const end of ends) {
    seen.add(end);
    const state = fold(log.events);
    assert.ok(state);
    const last = evolve(state, LogBuilder.event(state, lifecycleData(end)));
    assert.equal(last.endTime, last.updateTime, 'row 15: end_time is set on every end');
  }
  assert.deepEqual([...seen].toSorted(), [...eventTypes].toSorted());
  for (const { data } of log.events) assert.deepEqual(eventDataSchema.parse(data), data);
});

test('rows 13 and 14: a new workflow is pending without start and end; the first admission sets start_time for good', () => {
  const log = new LogBuilder();
  assert.equal(log.state.status, 'pending');
  assert.equal(log.state.createTime, t0);
  assert.deepEqual(
    [log.state.startTime, log.state.endTime, log.state.error, log.state.receipt],
    [undefined, undefined, undefined, undefined],
  );
  log.add(admitted, t0 + 5);
  assert.equal(log.state.startTime, t0 + 5);
  log
    .add(paused({ remainingMs: 1 }))
    .add({ type: 'workflow_resumed' })
    .add(admitted, t0 + 900);
  assert.equal(log.state.startTime, t0 + 5);
  assert.equal(log.state.endTime, undefined);
});

test('row 16: the error of the end is kept', () => {
  const log = running().add(lifecycleData('workflow_failed'));
  assert.deepEqual(log.state.error, { type: 'quorum_not_met', message: 'too few' });
  assert.equal(log.state.status, 'failed');
});

const illegal: readonly (readonly [string, () => LogBuilder, EventData])[] = [
  ['a second beginning', running, startedData()],
  ['an admission while running', running, admitted],
  ['an agent before admission', () => new LogBuilder(), scheduledData('a')],
  ['an agent twice', () => running().add(scheduledData('a')), scheduledData('a')],
  ['a plan by nobody', running, { type: 'plan_started', agentId: 'planner' }],
  [
    'a finished plan by nobody',
    running,
    { type: 'plan_completed', agentId: 'planner', requested: 1, obtained: 0, subtasks: [] },
  ],
  ['a synthesis by nobody', running, { type: 'synthesis_started', agentId: 'x', level: 'final' }],
  ['a finished synthesis by nobody', running, { type: 'synthesis_completed', agentId: 'x', level: 'final' }],
  ['a call of nobody', running, callStartedData('a')],
  ['a second call at once', calling, callStartedData('a', 0, 2)],
  ['a call of a later turn', () => running().add(scheduledData('a')), callStartedData('a', 1)],
  ['a call that skips an attempt', () => running().add(scheduledData('a')), callStartedData('a', 0, 2)],
  ['a call while paused', () => running().all(scheduledData('a'), paused()), callStartedData('a')],
  [
    'a call while cancelling',
    () => running().all(scheduledData('a'), { type: 'cancellation_requested' }),
    callStartedData('a'),
  ],
  ['the end of a call nobody made', () => running().add(scheduledData('a')), callEndedData('a')],
  ['the end of another attempt', calling, callEndedData('a', 0, 2)],
  ['the end of a call twice', () => calling().add(callEndedData('a')), callEndedData('a')],
  ['an answer without an output', calling, { ...callLostData('a', 0, 1, 'failed'), result: 'ok' }],
  ['a failure with an output', calling, callEndedData('a', 0, 1, { result: 'failed' })],
  ['a retry while calling', calling, retrying('a')],
  ['a tool call while calling', calling, toolStarted],
  ['a completion while calling', calling, agentCompletedData('a', 4)],
  [
    'a completion twice',
    () => calling().all(callEndedData('a'), agentCompletedData('a', 5)),
    agentCompletedData('a', 5),
  ],
  ['a failure of nobody', running, agentFailedData('a')],
  [
    'a failure after the end',
    () => running().all(scheduledData('a'), agentFailedData('a')),
    agentFailedData('a'),
  ],
  ['a document before admission', () => new LogBuilder(), { type: 'document_started', format: 'markdown' }],
  ['a finished document nobody began', running, documentCompleted],
  [
    'a failed document nobody began',
    running,
    { type: 'document_failed', format: 'pdf', failure: failure('internal', 'x') },
  ],
  [
    'a conclusion while pending',
    () => new LogBuilder(),
    { type: 'conclusion_requested', reason: 'caller', graceDeadline: t0 },
  ],
  ['a pause while paused', () => running().add(paused()), paused()],
  ['a resume while running', running, { type: 'workflow_resumed' }],
  [
    'a cancel twice',
    () => running().add({ type: 'cancellation_requested' }),
    { type: 'cancellation_requested' },
  ],
  ['an end while a call is open', calling, lifecycleData('workflow_completed')],
  ['a completion while pending', () => new LogBuilder(), lifecycleData('workflow_completed')],
  [
    'a completion after a cancel was asked for',
    () => running().add({ type: 'cancellation_requested' }),
    lifecycleData('workflow_completed'),
  ],
  ['a cancel nobody asked for', running, lifecycleData('workflow_cancelled')],
];

for (const [what, given, data] of illegal) {
  test(`refuses ${what}, naming workflow, sequence and reason`, () => {
    const { state } = given();
    assert.throws(
      () => evolve(state, LogBuilder.event(state, data)),
      (error: unknown) => {
        assert.ok(error instanceof IllegalEventError);
        const prefix = `workflow ${workflowId}: ${data.type} at sequence ${state.sequence + 1} refused: `;
        assert.ok(error.message.startsWith(prefix), error.message);
        assert.ok(error.message.length > prefix.length);
        return true;
      },
    );
  });
}

test('refuses a log that does not begin with its start, a gap, a repeated sequence and an unknown type', () => {
  const { state } = running();
  const next = LogBuilder.event(state, scheduledData('a'));
  assert.throws(() => evolve(undefined, { ...next, sequence: 1 }), /a log begins with workflow_started/);
  assert.throws(() => evolve(undefined, { ...next, data: startedData() }), IllegalEventError);
  for (const sequence of [state.sequence, state.sequence + 2])
    assert.throws(() => evolve(state, { ...next, sequence }), /expected sequence 3, found/);
  const unknown = { ...next, data: { type: 'from_the_future' } as unknown as EventData };
  assert.throws(() => evolve(state, unknown), /unknown event type/);
});

test('row 8: a terminal status is final: no event of any type follows', () => {
  const samples = new Map(everything().events.map(({ data }) => [data.type, data]));
  for (const type of [...ends, 'cancellation_requested', 'workflow_cancelled'] as const)
    samples.set(type, lifecycleData(type));
  const ended = [...ends.map((end) => running().add(lifecycleData(end)))];
  ended.push(running().all(lifecycleData('cancellation_requested'), lifecycleData('workflow_cancelled')));
  for (const { state } of ended) {
    for (const type of eventTypes) {
      const data = samples.get(type);
      assert.ok(data, type);
      assert.throws(
        () => evolve(state, LogBuilder.event(state, data)),
        new RegExp(`${state.status} is final`),
      );
    }
  }
});

test('a call holds its reservation and settles to what was charged', () => {
  const log = calling();
  assert.equal(log.state.ledger.heldNanoUsd, 1_500);
  assert.equal(log.state.ledger.heldTokens, 150);
  log.add(callEndedData('a'));
  const { ledger, agents } = log.state;
  assert.deepEqual(ledger, {
    spentNanoUsd: 1_000,
    heldNanoUsd: 0,
    spentInputTokens: 80,
    spentOutputTokens: 20,
    heldTokens: 0,
    assumedNanoUsd: 0,
    unpricedCalls: 0,
  });
  assert.equal(agents.get('a')?.costNanoUsd, 1_000);
});

test('an assumed charge and an unpriced call are counted apart', () => {
  const assumed = calling().add({
    ...callLostData('a', 0, 1, 'aborted', 'cancel'),
    assumed: true,
    costNanoUsd: 1_500,
  });
  assert.equal(assumed.state.ledger.assumedNanoUsd, 1_500);
  assert.equal(assumed.state.callsAborted, 1);
  const { costNanoUsd: _, ...unpriced } = callEndedData('a');
  const free = calling().add(unpriced);
  assert.equal(free.state.ledger.unpricedCalls, 1);
  assert.equal(free.state.ledger.spentNanoUsd, 0);
  assert.equal(free.state.callsFinished, 1);
});

test('an attempt that a crash or a shutdown ended does not count; any other does', () => {
  const cases = [
    ['unknown', 'crash', 0],
    ['aborted', 'shutdown', 0],
    ['failed', undefined, 1],
    ['aborted', 'deadline', 1],
  ] as const;
  for (const [result, cause, counted] of cases) {
    const agent = calling()
      .add(callLostData('a', 0, 1, result, cause))
      .state.agents.get('a');
    assert.deepEqual([agent?.countedAttempts, agent?.attempt, agent?.attempts], [counted, 1, 1], `${cause}`);
  }
  const next = calling().all(
    callLostData('a', 0, 1, 'failed'),
    callStartedData('a', 0, 2),
    callEndedData('a', 0, 2),
  );
  const agent = next.state.agents.get('a');
  assert.deepEqual(
    [agent?.turns.length, agent?.attempt, agent?.countedAttempts, agent?.attempts],
    [1, 0, 0, 2],
  );
});

test('the time a rate limit or a breaker kept an attempt waiting is added to what its agent has', () => {
  const log = running().all(scheduledData('a'), callStartedData('a', 0, 1, { agentDeadline: t0 + 30_000 }));
  log.all(callLostData('a', 0, 1, 'failed'), callStartedData('a', 0, 2, { waitedMs: 7_000 }));
  assert.equal(log.state.agents.get('a')?.deadline, t0 + 37_000);
});

test('a pause stops the clocks of workflow and agents; admission starts them again with what was left', () => {
  const log = running().all(scheduledData('a'), callStartedData('a', 0, 1, { agentDeadline: t0 + 30_000 }));
  log.add(callEndedData('a'));
  log.add(paused({ remainingMs: 55_000, agentRemainingMs: { a: 25_000 } }), t0 + 5_000);
  assert.equal(log.state.deadline, undefined);
  assert.equal(log.state.remainingMs, 55_000);
  assert.deepEqual(log.state.pause, { pauseDeadline: t0 + 99_000, startTime: t0 + 5_000 });
  log.add({ type: 'workflow_resumed' }, t0 + 50_000);
  assert.equal(log.state.status, 'pending');
  // Paused again before it was admitted: nothing of the first pause's remainder is lost.
  log.add(paused(), t0 + 60_000).add({ type: 'workflow_resumed' }, t0 + 70_000);
  assert.equal(log.state.remainingMs, 55_000);
  log.add({ type: 'workflow_admitted', deadline: t0 + 135_000 }, t0 + 80_000);
  assert.equal(log.state.agents.get('a')?.deadline, t0 + 105_000);
  assert.equal(log.state.deadline, t0 + 135_000);
  assert.equal(log.state.remainingMs, undefined);
});

test('a call that left before a pause may end while the workflow is paused or waits for its slot', () => {
  const whilePaused = calling().all(paused(), callEndedData('a'));
  const whilePending = calling().all(paused(), { type: 'workflow_resumed' }, callEndedData('a'));
  assert.equal(whilePaused.state.callsFinished, 1);
  assert.equal(whilePending.state.callsFinished, 1);
});

test('agents that were not done when the workflow ended are stopped, and keep what they have', () => {
  const log = calling().all(callEndedData('a'), scheduledData('b'), lifecycleData('workflow_timed_out'));
  assert.equal(log.state.agents.get('a')?.status, 'stopped');
  assert.equal(log.state.agents.get('a')?.turns[0]?.output.text, 'found');
  assert.equal(log.state.agents.get('b')?.status, 'stopped');
  assert.equal(log.state.deadline, undefined);
});

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(part);
}

test('the fold does not change what it was given', () => {
  const log = everything();
  let state = evolve(undefined, log.events[0] ?? assert.fail());
  for (const event of log.events.slice(1)) {
    deepFreeze(event);
    deepFreeze(state);
    const agentsBefore = [...state.agents];
    const before = state;
    state = evolve(state, event);
    assert.deepEqual([...before.agents], agentsBefore);
  }
  assert.deepEqual(state, log.state);
});

test('many events folded at once leave the state they began from as it was', () => {
  const { events } = everything();
  const whole = fold(events);
  for (let cut = 1; cut < events.length; cut++) {
    const before = fold(events.slice(0, cut)) ?? assert.fail();
    const known = structuredClone(before);
    deepFreeze(before);
    assert.deepEqual(fold(events.slice(cut), before), whole);
    assert.deepEqual(before, known);
  }
});

test('folding a prefix and then the rest gives the same as folding the whole', () => {
  const { events } = everything().add(lifecycleData('workflow_failed'));
  const whole = fold(events);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: events.length }), (cut) => {
      assert.deepEqual(fold(events.slice(cut), fold(events.slice(0, cut))), whole);
    }),
  );
  assert.equal(fold([]), undefined);
});

const amount = fc.record({
  inputTokens: fc.integer({ min: 0, max: 400 }),
  outputTokens: fc.integer({ min: 0, max: 400 }),
  costNanoUsd: fc.integer({ min: 0, max: 4_000 }),
});

test('spent and held together never exceed a cap while every call is asked for first, whatever order calls end in', () => {
  const step = fc.record({
    agent: fc.integer({ min: 0, max: 5 }),
    amount,
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: undefined }),
      fc.option(fc.integer({ min: 1, max: 15_000 }), { nil: undefined }),
      (steps, maxTokens, maxCostNanoUsd) => {
        const caps = { maxTokens, maxCostNanoUsd };
        const log = running();
        for (let agent = 0; agent < 6; agent++) log.add(scheduledData(`a${agent}`));
        for (const { agent: number, amount: asked, share } of steps) {
          const agentId = `a${number}`;
          const agent = log.state.agents.get(agentId);
          assert.ok(agent);
          if (agent.openCall) {
            const part = (value: number): number => Math.floor(value * share);
            const held = agent.openCall.reserved;
            log.add(
              callEndedData(agentId, agent.openCall.turn, agent.openCall.attempt, {
                usage: { inputTokens: part(held.inputTokens), outputTokens: part(held.outputTokens) },
                costNanoUsd: part(held.costNanoUsd ?? 0),
              }),
            );
          } else {
            const answer = affordability(log.state.ledger, caps, asked);
            const { heldTokens, heldNanoUsd } = log.state.ledger;
            if (answer === 'waits') assert.ok(heldTokens > 0 || heldNanoUsd > 0, 'waits for something');
            else if (answer !== 'fits')
              assert.equal(heldTokens + heldNanoUsd, 0, 'refused only when nothing is held');
            if (answer !== 'fits') continue;
            log.add(callStartedData(agentId, agent.turns.length, agent.attempt + 1, { reserved: asked }));
          }
          const { ledger } = log.state;
          assert.ok(maxTokens === undefined || spentTokens(ledger) + ledger.heldTokens <= maxTokens);
          assert.ok(
            maxCostNanoUsd === undefined || ledger.spentNanoUsd + ledger.heldNanoUsd <= maxCostNanoUsd,
          );
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a reservation that can never fit names the cap, what is used and the limit', () => {
  const { ledger } = calling().add(callEndedData('a')).state;
  assert.deepEqual(affordability(ledger, { maxTokens: 200 }, reserved), {
    cap: 'tokens',
    used: 100,
    limit: 200,
  });
  assert.deepEqual(affordability(ledger, { maxCostNanoUsd: 2_000 }, reserved), {
    cap: 'cost',
    used: 1_000,
    limit: 2_000,
  });
  assert.equal(affordability(ledger, { maxTokens: 250, maxCostNanoUsd: 2_500 }, reserved), 'fits');
  assert.equal(affordability(calling().state.ledger, { maxTokens: 200 }, reserved), 'waits');
});
