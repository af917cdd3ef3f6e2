import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationError } from '../../src/engine/application-error.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { limits } from '../../src/workflow/limits.ts';
import { contentOf } from '../../src/workflow/state.ts';
import { assertSound, Harness, soon, turns } from './harness.ts';

const worker = (attemptId: string): boolean => attemptId.includes('/researcher/');

/** A research whose first `answering` of 10 researchers answer at once and whose others hang. */
async function halfDone(
  answering: number,
  options: Record<string, unknown> = {},
): Promise<{ harness: Harness; key: WorkflowKey }> {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) =>
    worker(attemptId) && Number(/researcher\/(\d+)/.exec(attemptId)?.[1]) >= answering ? 'hang' : undefined;
  const key = await harness.research({ numAgents: 10 }, options);
  await soon(harness.catalog.arrived(11), 'all researchers');
  await turns();
  return { harness, key };
}

test('concluded at 40 % of the agents, a workflow writes a valid report that names what is missing', async () => {
  const { harness, key } = await halfDone(4);
  const { state } = await harness.service.conclude(key);
  assert.equal(state.status, 'running');
  assert.equal(state.conclusion?.reason, 'caller');
  assert.equal(state.conclusion?.graceDeadline, harness.clock.now() + limits.concludeGraceMs);
  await harness.advance(limits.concludeGraceMs - 1);
  assert.equal(harness.catalog.calls.filter(({ aborted }) => aborted).length, 0, 'the grace is theirs');
  await harness.advance(1);
  const end = await harness.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(end.completion?.completeness, 0.4);
  assert.equal(end.completion?.failedAgentIds.length, 6);
  for (const agentId of end.completion?.failedAgentIds ?? [])
    assert.equal(end.agents.get(agentId)?.failure?.code, 'concluded');
  const final = harness.catalog.calls.at(-1)?.request.brief;
  assert.ok(final?.kind === 'synthesise');
  assert.equal(final.missing.length, 6, 'the author is told what is missing');
  const [orchestrator] = harness.service.orchestrators();
  const gaps = orchestrator?.report(end).gaps.join('\n') ?? '';
  for (let index = 4; index < 10; index++) assert.match(gaps, new RegExp(`researcher/${index}`));
  assert.ok(contentOf(end.agents.get(end.completion?.finalAgentId ?? '') ?? assert.fail()));
  assertSound(await harness.log(key));
  await harness.stop();
});

test('concluded at 40 %, the report costs no more than what was kept for it', async () => {
  const maxTokens = 200_000;
  const { harness, key } = await halfDone(4, { onLimit: 'conclude', maxTokens, maxOutputTokens: 500 });
  await harness.service.conclude(key);
  await harness.advance(limits.concludeGraceMs);
  const end = await harness.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(end.completion?.completeness, 0.4);
  const authors = new Set(
    [...end.agents.values()].flatMap((a) => (a.stage.type === 'synthesis' ? [a.agentId] : [])),
  );
  const reserved = (await harness.eventsOf(key, 'model_call_started'))
    .filter(({ agentId }) => authors.has(agentId))
    .reduce((sum, call) => sum + call.reserved.inputTokens + call.reserved.outputTokens, 0);
  assert.ok(reserved > 0 && reserved <= (end.options.reserve?.tokens ?? 0), `${reserved} tokens`);
  // Every event keeps to the cap, and work to its three quarters.
  assertSound(await harness.log(key));
  await harness.stop();
});

test('what is answered within the grace is part of the report', async () => {
  const { harness, key } = await halfDone(9);
  await harness.service.conclude(key);
  harness.catalog.calls.find(({ request }) => request.attemptId.includes('/researcher/9/'))?.answerCanned();
  const end = await harness.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(end.completion?.completeness, 1);
  await harness.stop();
});

test('a second conclude changes nothing, and a cancel still beats it', async () => {
  const { harness, key } = await halfDone(4);
  await harness.service.conclude(key);
  await harness.service.conclude(key);
  assert.equal((await harness.eventsOf(key, 'conclusion_requested')).length, 1);
  const { cancelled } = await harness.service.cancel(key, undefined);
  assert.equal(cancelled, true);
  assert.equal((await harness.end(key)).status, 'cancelled');
  await harness.stop();
});

test('only a running workflow can be concluded', async () => {
  const harness = await Harness.started({ supervisor: { maxLiveWorkflows: 1 } });
  harness.catalog.script = () => 'hang';
  await harness.research();
  const pending = await harness.research();
  const refused = (error: unknown): boolean =>
    error instanceof ApplicationError && error.reason === 'WRONG_STATE' && error.message.includes('RUNNING');
  await assert.rejects(harness.service.conclude(pending), refused);
  await harness.service.cancel(pending, undefined);
  await assert.rejects(harness.service.conclude(pending), refused);
  await harness.stop();
});

test('concluded before there is a plan or a finding, a workflow fails and says so', async () => {
  const harness = await Harness.started();
  harness.catalog.script = () => 'hang';
  const unplanned = await harness.research();
  await soon(harness.catalog.arrived(1), 'the planner');
  await harness.service.conclude(unplanned);
  const early = await harness.end(unplanned);
  assert.equal(early.status, 'failed');
  assert.match(early.error?.message ?? '', /before there was a plan/);
  await harness.stop();

  const { harness: other, key } = await halfDone(0);
  await other.service.conclude(key);
  await other.advance(limits.concludeGraceMs);
  const empty = await other.end(key);
  assert.equal(empty.status, 'failed');
  assert.match(empty.error?.message ?? '', /without any finding/);
  await other.stop();
});

test('with on_limit conclude a deadline is met with a report', async () => {
  const { harness, key } = await halfDone(4, { onLimit: 'conclude', workflowTimeoutMs: 100_000 });
  const { deadline, options } = (await harness.service.get(key)).state;
  assert.equal(options.reserve?.timeMs, 25_000);
  await harness.advance(74_999);
  assert.equal((await harness.service.get(key)).state.conclusion, undefined);
  await harness.advance(1);
  assert.equal((await harness.service.get(key)).state.conclusion?.reason, 'deadline');
  await harness.advance(25_000 / 4);
  const end = await harness.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(end.completion?.completeness, 0.4);
  assert.ok((end.endTime ?? 0) < (deadline ?? 0));
  assertSound(await harness.log(key));
  await harness.stop();
});

test('a final call that hangs at the deadline is given up in time, and the report is put together by code', async () => {
  const { harness, key } = await halfDone(4, { onLimit: 'conclude', workflowTimeoutMs: 100_000 });
  harness.catalog.script = () => 'hang';
  await harness.advance(99_999);
  const end = await harness.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(end.completion?.finalAgentId, undefined);
  assert.equal(end.agents.get('final')?.failure?.code, 'deadline');
  assert.equal(end.documents.get('markdown')?.status, 'completed');
  assertSound(await harness.log(key));
  await harness.stop();
});

test('with on_limit conclude a cap stops the work, and the report is paid from what was kept for it', async () => {
  const harness = await Harness.started();
  harness.catalog.nanoUsdPerToken = 10;
  harness.catalog.usage = { inputTokens: 3_000, outputTokens: 1_000 };
  const key = await harness.research(
    { numAgents: 10 },
    { onLimit: 'conclude', maxTokens: 40_000, maxOutputTokens: 1_000, maxConcurrentAgents: 2 },
  );
  const end = await harness.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(end.conclusion?.reason, 'budget');
  assert.equal(end.limitReached?.cap, 'tokens');
  assert.equal(end.limitReached?.limit, 30_000, 'the work has three quarters');
  assert.ok((end.completion?.completeness ?? 1) < 1);
  assert.equal(end.completion?.finalAgentId !== undefined, true, 'the report has its author');
  assertSound(await harness.log(key));
  await harness.stop();
});

test('a reserve too small for the final call still gives a report', async () => {
  const harness = await Harness.started();
  harness.catalog.script = ({ attemptId }) => (worker(attemptId) ? 'word '.repeat(4_000) : undefined);
  const key = await harness.research(
    { numAgents: 2 },
    { onLimit: 'conclude', maxTokens: 24_000, maxOutputTokens: 1_000 },
  );
  const end = await harness.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(
    end.agents.get('executive')?.failure?.code ?? end.agents.get('final')?.failure?.code,
    'budget',
  );
  assert.equal(end.completion?.finalAgentId, undefined);
  assertSound(await harness.log(key));
  await harness.stop();
});

test('a workflow that was recovered goes on concluding', async () => {
  const { harness, key } = await halfDone(4);
  await harness.service.conclude(key);
  await harness.shutDown(0);
  const next = await Harness.started({ clock: harness.clock, store: harness.store });
  await turns();
  const end = await next.end(key);
  assert.equal(end.status, 'completed');
  assert.equal(end.completion?.completeness, 0.4);
  assertSound(await next.log(key));
  await next.stop();
});

test('looking whether a start would do starts nothing and names every bad field', async () => {
  const harness = await Harness.started();
  const request = {
    tenant: 'default',
    method: 'StartResearch',
    orchestrator: 'research',
    input: { task: 'How do durable workflows survive crashes?' },
    inputPath: [],
    options: { maxTokens: 1_000 },
  };
  const { state } = await harness.service.validate(request);
  assert.deepEqual([state.workflowId, state.status, state.options.maxTokens], ['', 'pending', 1_000]);
  await assert.rejects(
    harness.service.validate({ ...request, input: { task: 'x' }, options: { maxTokens: 0 } }),
    (error: unknown) => error instanceof ApplicationError && error.violations.length === 2,
  );
  await turns();
  assert.equal(harness.catalog.calls.length, 0);
  assert.equal(harness.supervisor.registeredCount, 0);
  assert.deepEqual((await harness.service.list({ tenant: 'default', limit: 10 })).rows, []);
  await harness.stop();
});

test('a finished workflow can be deleted, one that has not ended cannot', async () => {
  const { harness, key } = await halfDone(4);
  await assert.rejects(
    harness.service.remove(key),
    (error: unknown) => error instanceof ApplicationError && error.reason === 'WRONG_STATE',
  );
  await harness.service.cancel(key, undefined);
  const watched = harness.service.advanced(key, 10_000, new AbortController().signal);
  await harness.service.remove(key);
  await assert.rejects(
    harness.service.get(key),
    (error: unknown) => error instanceof ApplicationError && error.kind === 'not_found',
  );
  await soon(watched, 'whoever watches is told');
  await assert.rejects(
    harness.service.remove(key),
    (error: unknown) => error instanceof ApplicationError && error.kind === 'not_found',
  );
  await harness.stop();
});
