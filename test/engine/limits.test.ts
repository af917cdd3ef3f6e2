import assert from 'node:assert/strict';
import { test } from 'node:test';
import { research } from '../../src/orchestrator/research.ts';
import { failure } from '../../src/workflow/failure.ts';
import type { EventOf } from '../../src/workflow/event.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { usdOf } from '../../src/workflow/ledger.ts';
import { limits } from '../../src/workflow/limits.ts';
import { assertSound, Harness, soon, turns } from './harness.ts';
import { cannedAnswer } from './scripted-catalog.ts';

const planned = (attemptId: string): boolean => attemptId.includes('/planner/');

async function researching(
  options: Record<string, unknown> = {},
  numAgents = 2,
): Promise<{ harness: Harness; key: WorkflowKey }> {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) => (planned(attemptId) ? undefined : 'hang');
  const key = await harness.research({ numAgents }, options);
  await soon(harness.catalog.arrived(2), 'a researcher');
  await turns();
  return { harness, key };
}

test('rows 21 and 22: workflow_timeout is used as given; absent or 0 it is agents × agent_timeout × 1.5', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => 'hang';
  const timeout = async (numAgents: number, options: Record<string, unknown>): Promise<number> => {
    const key = await harness.research({ numAgents }, options);
    const { state } = await harness.service.get(key);
    return state.options.workflowTimeoutMs;
  };
  assert.equal(await timeout(8, { workflowTimeoutMs: 1_234 }), 1_234);
  assert.equal(await timeout(8, {}), 3_600_000);
  assert.equal(await timeout(8, { workflowTimeoutMs: 0, agentTimeoutMs: 0 }), 3_600_000);
  assert.equal(await timeout(8, { agentTimeoutMs: 100_000 }), 1_200_000);
  // Row 28: with one agent never shorter than its own stages: planner, researcher, final.
  assert.ok((await timeout(1, {})) >= 300_000 + 180_000 + 300_000);
  assert.ok((await timeout(1, { agentTimeoutMs: 60_000 })) >= 180_000);
  await harness.stop();
});

test('rows 24 to 27: at its limit a workflow ends as timed out, its calls aborted, with what was finished and paid', async () => {
  const { harness, key } = await researching({ workflowTimeoutMs: 60_000 });
  harness.catalog.calls[1]?.answerCanned();
  await turns();
  const admitted = await harness.event(key, 'workflow_admitted');
  assert.equal(admitted.deadline, harness.clock.now() + 60_000);
  await harness.advance(59_999);
  assert.equal(await harness.status(key), 'running');
  await harness.advance(1);
  const state = await harness.end(key);
  assert.equal(state.status, 'timed_out');
  assert.equal((state.endTime ?? 0) - (state.startTime ?? 0), 60_000);
  assert.match(state.error?.message ?? '', /workflow_timeout of 60 s/);
  assert.equal(harness.catalog.calls[2]?.aborted, true);
  const last = await harness.event(key, 'workflow_timed_out');
  assert.deepEqual([last.limit, last.limitMs], ['workflow_timeout', 60_000]);
  assert.equal(state.agents.get('researcher/0')?.status, 'completed');
  assert.equal(state.agents.get('researcher/1')?.status, 'stopped');
  assert.ok(state.ledger.spentNanoUsd > 3_000, 'the aborted call is charged as assumed');
  assertSound(await harness.log(key));
  await harness.stop();
});

test('row 28: the limit covers planning', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => 'hang';
  const key = await harness.research({}, { workflowTimeoutMs: 10_000 });
  await harness.advance(10_000);
  assert.equal((await harness.end(key)).status, 'timed_out');
  assert.equal(harness.catalog.calls[0]?.aborted, true);
  await harness.stop();
});

test('row 28: the limit covers documents', async () => {
  const harness = await Harness.started({
    renderer: {
      format: 'markdown',
      fileExtension: 'md',
      mediaType: 'text/markdown',
      render: (_, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    },
  });
  const key = await harness.research({}, { workflowTimeoutMs: 10_000 });
  await soon(harness.event(key, 'document_started'), 'the document');
  await harness.advance(10_000);
  assert.equal((await harness.end(key)).status, 'timed_out');
  await harness.stop();
});

test('an agent over its time fails with deadline and its call is aborted; the others go on', async () => {
  const { harness, key } = await researching({ agentTimeoutMs: 20_000, workflowTimeoutMs: 600_000 });
  await harness.advance(10_000);
  harness.catalog.calls[1]?.answerCanned();
  harness.catalog.script = () => undefined;
  await harness.advance(10_000);
  const state = await harness.end(key);
  assert.equal(state.status, 'completed');
  assert.equal(state.completion?.completeness, 0.5);
  assert.deepEqual(state.completion?.failedAgentIds, ['researcher/1']);
  const failed = await harness.event(key, 'agent_failed');
  assert.equal(failed.failure.code, 'deadline');
  assert.equal(failed.durationMs, 20_000);
  assert.equal(harness.catalog.calls[2]?.aborted, true);
  await harness.stop();
});

test("an agent's time begins with its first call, not while it waits for its turn", async () => {
  const { harness, key } = await researching({
    maxConcurrentAgents: 1,
    agentTimeoutMs: 20_000,
    workflowTimeoutMs: 600_000,
  });
  await harness.advance(15_000);
  assert.equal(harness.catalog.calls.length, 2, 'one agent at a time');
  harness.catalog.calls[1]?.answerCanned();
  await turns();
  await harness.advance(15_000);
  assert.equal((await harness.eventsOf(key, 'agent_failed')).length, 0);
  await harness.advance(5_000);
  assert.equal((await harness.eventsOf(key, 'agent_failed'))[0]?.agentId, 'researcher/1');
  await harness.stop();
});

test('retries wait with full jitter inside the bounds, and the backoff is part of the time of the agent', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const harness = await Harness.started({ seed });
    harness.catalog.script = () => failure('overloaded', 'busy', true);
    const key = await harness.research({}, { maxRetries: 3 });
    await harness.advance(10_000);
    const state = await harness.end(key);
    assert.equal(state.error?.type, 'planning_failed');
    assert.equal(harness.catalog.calls.length, 4);
    const delays = (await harness.eventsOf(key, 'agent_retrying')).map(({ delayMs }) => delayMs);
    assert.equal(delays.length, 3);
    for (const [index, delay] of delays.entries())
      assert.ok(
        delay >= 0 && delay <= limits.backoffBaseMs * 2 ** index,
        `${delay} after ${index + 1} failures`,
      );
    await harness.stop();
  }
  const { harness, key } = await researching({ agentTimeoutMs: 1_000, maxRetries: 10 });
  harness.catalog.script = () => failure('overloaded', 'busy', true);
  for (const call of harness.catalog.calls.slice(1)) call.fail(failure('overloaded', 'busy', true));
  await harness.advance(60_000);
  for (const failed of await harness.eventsOf(key, 'agent_failed')) {
    assert.equal(failed.failure.code, 'deadline');
    assert.equal(failed.durationMs, 1_000);
  }
  await harness.stop();
});

test('a rate limit waits as long as the provider asks, at least a second', async () => {
  for (const [asked, least] of [
    [7_000, 7_000],
    [0, 1_000],
    [undefined, 1_000],
  ] as const) {
    const harness = await Harness.started();
    harness.catalog.script = ({ attemptId }) =>
      attemptId.endsWith('/planner/0/1') ? failure('rate_limited', 'slow down', true, asked) : undefined;
    const key = await harness.research();
    const { delayMs } = await soon(harness.event(key, 'agent_retrying'), 'the retry');
    assert.equal(delayMs, least);
    assert.match((await harness.service.get(key)).blockedReason ?? '', /^backoff: /);
    await harness.advance(least - 1);
    assert.equal(harness.catalog.calls.length, 1);
    await harness.advance(1);
    assert.equal((await harness.end(key)).status, 'completed');
    await harness.stop();
  }
});

test("the wait for a provider's rate limit is not taken from the time of the agent", async () => {
  const { harness, key } = await researching({ agentTimeoutMs: 20_000, workflowTimeoutMs: 600_000 }, 1);
  await harness.advance(5_000);
  harness.catalog.calls[1]?.fail(failure('rate_limited', 'slow down', true, 60_000));
  await turns();
  await harness.advance(60_000);
  assert.equal(harness.catalog.calls.length, 3, 'the retry leaves when the provider said');
  await harness.advance(14_999);
  assert.equal((await harness.eventsOf(key, 'agent_failed')).length, 0);
  await harness.advance(1);
  const failed = await harness.event(key, 'agent_failed');
  assert.equal(failed.failure.code, 'deadline');
  assertSound(await harness.log(key));
  await harness.stop();
});

test('what cannot be tried again fails at once; max_retries counts per turn', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => failure('rejected', 'bad request');
  const refused = await harness.research({}, { maxRetries: 5 });
  assert.equal((await harness.end(refused)).status, 'failed');
  assert.equal(harness.catalog.calls.length, 1);
  // The first turn needs a retry, its answer is no plan, the second turn needs one, too.
  harness.catalog.script = (request) => {
    if (!planned(request.attemptId)) return undefined;
    if (request.attemptId.endsWith('/1')) return failure('connection', 'broke', true);
    return request.attemptId.includes('/planner/0/') ? 'I would rather not.' : cannedAnswer(request);
  };
  const key = await harness.research({}, { maxRetries: 1 });
  await harness.advance(10_000);
  assert.equal((await harness.end(key)).status, 'completed');
  assert.equal((await harness.eventsOf(key, 'agent_retrying')).length, 2);
  await harness.stop();
});

test('row 91: a plan that is none twice, and a final synthesis that fails, fail the workflow and name the agent', async () => {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) => (planned(attemptId) ? 'no plan' : undefined);
  const unplanned = await harness.end(await harness.research());
  assert.equal(unplanned.error?.type, 'planning_failed');
  assert.match(unplanned.error?.message ?? '', /planner/);
  harness.catalog.script = ({ brief }) =>
    brief.kind === 'synthesise' ? failure('rejected', 'no') : undefined;
  const unsynthesised = await harness.end(await harness.research());
  assert.equal(unsynthesised.error?.type, 'synthesis_failed');
  assert.equal(unsynthesised.agents.get('researcher/0')?.status, 'completed', 'findings stay readable');
  await harness.stop();
});

test('a quorum that cannot be met any more fails the workflow at once and aborts the rest', async () => {
  const { harness, key } = await researching({ minSuccessfulAgents: 3, maxRetries: 0 }, 4);
  harness.catalog.calls[1]?.fail(failure('rejected', 'no'));
  await turns();
  assert.equal(await harness.status(key), 'running');
  harness.catalog.calls[2]?.fail(failure('rejected', 'no'));
  const state = await harness.end(key);
  assert.equal(state.status, 'failed');
  assert.equal(state.error?.type, 'quorum_not_met');
  assert.match(state.error?.message ?? '', /at least 3/);
  assert.equal(harness.catalog.calls[3]?.aborted, true);
  assert.equal(harness.catalog.calls[4]?.aborted, true);
  assertSound(await harness.log(key));
  await harness.stop();
});

test('row 91: all agents failed is failed, never completed', async () => {
  const harness = await Harness.started();
  harness.catalog.script = ({ brief }) => (brief.kind === 'answer' ? failure('rejected', 'no') : undefined);
  const state = await harness.end(await harness.research({ numAgents: 3 }));
  assert.equal(state.status, 'failed');
  await harness.stop();
});

const sum = (parts: readonly EventOf<'model_call_started'>[]): number =>
  parts.reduce((total, { reserved }) => total + (reserved.costNanoUsd ?? 0), 0);

test('row 91: caps hold with twenty agents at once; calls wait while money is held, and the end says which cap', async () => {
  for (const cap of ['cost', 'tokens'] as const) {
    const probe = await Harness.started();
    const free = await probe.research(
      { numAgents: 20 },
      { maxConcurrentAgents: 20, generateDocuments: false },
    );
    await probe.end(free);
    const started = await probe.eventsOf(free, 'model_call_started');
    // Four researchers and most of a fifth: more than 80 % is held, whatever their prompts say.
    const nanoUsd = Math.ceil(1.1 * sum(started.slice(1, 5)));
    await probe.stop();

    const harness = await Harness.started();
    harness.catalog.script = ({ attemptId }) => (planned(attemptId) ? undefined : 'hang');
    const options = cap === 'cost' ? { maxCostUsd: usdOf(nanoUsd) } : { maxTokens: Math.ceil(nanoUsd / 10) };
    const key = await harness.research({ numAgents: 20 }, { ...options, maxConcurrentAgents: 20 });
    await soon(harness.catalog.arrived(5), 'what the cap allows');
    await turns();
    const under = harness.catalog.calls.length;
    assert.ok(under < 21, `${under} calls`);
    assert.equal(await harness.status(key), 'running');
    assert.equal((await harness.eventsOf(key, 'limit_reached')).length, 0, 'held money is not spent money');
    assert.equal((await harness.eventsOf(key, 'budget_warning')).length, 1);
    harness.catalog.usage = { inputTokens: 600, outputTokens: 2_000 };
    for (let index = 1; harness.supervisor.find(key) && index < 60; index++) {
      harness.catalog.calls[index]?.answerCanned();
      await turns();
    }
    const state = await harness.end(key);
    assert.equal(state.status, 'failed');
    assert.equal(state.error?.type, 'budget_exceeded');
    assert.match(state.error?.message ?? '', cap === 'cost' ? /max_cost_usd/ : /max_tokens/);
    assert.equal((await harness.eventsOf(key, 'limit_reached'))[0]?.cap, cap);
    assert.equal((await harness.eventsOf(key, 'budget_warning')).length, 1, 'warned once');
    assertSound(await harness.log(key));
    await harness.stop();
  }
});

test('a cost cap is refused for a model without a price; without a cap the calls are counted as unpriced', async () => {
  const harness = await Harness.started();
  harness.catalog.nanoUsdPerToken = undefined;
  await assert.rejects(harness.research({}, { maxCostUsd: 1 }), { kind: 'invalid' });
  const state = await harness.end(await harness.research({ numAgents: 2 }));
  assert.equal(state.ledger.unpricedCalls, harness.catalog.calls.length);
  await harness.stop();
});

test('a call without reported usage is charged its whole reservation', async () => {
  const harness = await Harness.started();
  harness.catalog.usage = undefined;
  const key = await harness.research({ numAgents: 1 }, { generateDocuments: false });
  const { ledger } = await harness.end(key);
  assert.equal(ledger.spentNanoUsd, sum(await harness.eventsOf(key, 'model_call_started')));
  assert.equal(ledger.assumedNanoUsd, ledger.spentNanoUsd);
  await harness.stop();
});

test('row 92: bad input is refused with every field, before any cost and without a trace', async () => {
  const harness = await Harness.started();
  await assert.rejects(
    harness.research({ task: 'short', numAgents: 21 }, { priority: 1_000 }),
    (error: { kind?: string; violations?: readonly { path: readonly unknown[] }[] }) => {
      assert.equal(error.kind, 'invalid');
      assert.deepEqual(error.violations?.map(({ path }) => path.join('.')).toSorted(), [
        'numAgents',
        'options.priority',
        'task',
      ]);
      return true;
    },
  );
  assert.equal(harness.catalog.calls.length, 0);
  assert.deepEqual((await harness.store.list({ tenant: 'default', limit: 5 })).rows, []);
  await harness.stop();
});

test('row 91: an agent whose answers are never good enough ends after its turns', async () => {
  const endless: typeof research = { ...research, name: 'endless', judge: () => ({ type: 'again' }) };
  const harness = await Harness.started({ orchestrators: [endless] });
  const { state } = await harness.service.start({
    tenant: 'default',
    method: 'StartWorkflow',
    orchestrator: 'endless',
    input: { task: 'A task without an end', numAgents: 1 },
    inputPath: ['input'],
    options: {},
  });
  const end = await harness.end({ tenant: 'default', workflowId: state.workflowId });
  assert.equal(end.status, 'failed');
  assert.equal(end.agents.get('planner')?.failure?.code, 'limit');
  assert.equal(harness.catalog.calls.length, limits.turnsPerAgentDefault);
  await harness.stop();
});
