import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Provider__Output } from '../../src/gen/orchestrator/v1/Provider.ts';
import type { Workflow__Output } from '../../src/gen/orchestrator/v1/Workflow.ts';
import { catalogService } from '../../src/grpc/definition.ts';
import { ProviderSimulator } from '../simulator/provider-simulator.ts';
import { temporaryFolder } from './daemon.ts';
import { assertFinishedLog, present, type Session } from './session.ts';
import { World } from './world.ts';

interface PlanRequest {
  readonly response_format: { readonly type: string; readonly json_schema: { readonly strict: boolean } };
  readonly messages: readonly { readonly content: string }[];
}

async function providerOf(session: Session, name: string): Promise<Provider__Output> {
  const { providers } = await session.ask(catalogService.ListProviders, {});
  return present(providers.find((provider) => provider.name === name));
}

/** Asks until it holds; each question is an answer of the server, so nothing sleeps here. */
async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
  }
}

/** A world whose folder holds this configuration. */
async function configured(yaml: string, env: Readonly<Record<string, string>> = {}): Promise<World> {
  const folder = await temporaryFolder();
  await writeFile(join(folder.path, 'orchestrator.yaml'), yaml);
  return World.open(env, { folder });
}

test('row 99: after five failures calls fail fast, the state is shown, and one probe after the wait closes it', async () => {
  const world = await configured('breaker_wait: 2s\n');
  try {
    const { session, simulator } = world;
    simulator.otherwise({ kind: 'status', status: 503 });
    const first = [await session.start({ numAgents: 1 }), await session.start({ numAgents: 1 })];
    const open = await until(
      () => providerOf(session, 'xai'),
      ({ breakers }) => breakers[0]?.state === 'STATE_OPEN',
    );
    const [breaker] = open.breakers;
    assert.equal(breaker?.consecutiveFailures, 5);
    assert.equal(breaker.model, open.defaultModel);
    assert.ok(Number(breaker.retryTime?.seconds) >= Number(breaker.sinceTime?.seconds));
    assert.equal((await session.ask(catalogService.GetStats, {})).openBreakers, 1);
    const line = await world.daemon.line('provider breaker opened');
    assert.deepEqual([line.level, line['provider'], line['failures_in_a_row']], ['warn', 'xai', 5]);

    const requests = simulator.ledger.entries.length;
    const waiting = await session.start({ numAgents: 1, options: { agentTimeout: { seconds: 1 } } });
    const blocked = await until(
      () => session.get(waiting.workflowId),
      ({ blockedReason }) => blockedReason !== '',
    );
    assert.match(
      blocked.blockedReason,
      /^breaker of xai\/[\w.-]+: open since \S+Z, next probe at 2\d{3}-\S+Z$/,
    );
    assert.equal(simulator.ledger.entries.length, requests, 'no request leaves while it is open');

    simulator.reset();
    const ended: readonly Workflow__Output[] = await Promise.all(
      [...first, waiting].map(({ workflowId }) => session.ended(workflowId)),
    );
    // Its agents' time is one second and it waited for two.
    assert.equal(ended.at(-1)?.state, 'STATE_COMPLETED');
    const closed = await providerOf(session, 'xai');
    assert.equal(closed.breakers[0]?.state, 'STATE_CLOSED');
    assert.equal((await session.ask(catalogService.GetStats, {})).openBreakers, 0);
    for (const { workflowId } of ended) assertFinishedLog(await session.events(workflowId));
  } finally {
    await world.close();
  }
});

test('a provider that is down is replaced by the next of its chain, under its own model names and in its own price', async () => {
  const spare = await ProviderSimulator.start();
  const world = await configured(
    [
      'providers:',
      '  xai:',
      '    models: { plan: big, work: small, synthesis: big }',
      '    fallback: [mistral, { provider: openai, models: { big: gpt-big } }]',
      '  openai:',
      '    models: { plan: gpt-plan, work: gpt-small, synthesis: gpt-plan }',
      '    prices: { gpt-big: { input_usd_per_million: 1, output_usd_per_million: 1 } }',
    ].join('\n'),
    { OPENAI_BASE_URL: spare.baseUrl, OPENAI_API_KEY: 'spare-key' },
  );
  try {
    const { session, simulator } = world;
    simulator.otherwise({ kind: 'reset', at: 'before headers' });
    const options = { maxRetries: 10, documentFormats: ['markdown'] };
    const runs = [
      await session.start({ numAgents: 3, options }),
      await session.start({ numAgents: 3, options }),
    ];
    for (const { workflowId } of runs) {
      const workflow = await session.ended(workflowId);
      assert.equal(workflow.state, 'STATE_COMPLETED');
      assert.equal(workflow.completeness, 1);
      const events = await session.events(workflowId);
      assertFinishedLog(events);
      const calls = events.flatMap(({ modelCallStarted }) => modelCallStarted ?? []);
      const pairs = new Set(calls.map(({ provider, model }) => `${provider} ${model}`));
      assert.deepEqual(
        [...pairs].filter((pair) => pair.startsWith('openai')).toSorted(),
        ['openai gpt-big', 'openai gpt-small'],
        'the mapped model, and the default one where none is mapped',
      );
      const priced = events.flatMap(({ modelCallEnded }) => modelCallEnded ?? []);
      assert.ok(priced.some(({ priceSource }) => priceSource === 'configuration'));
      assert.ok([...pairs].every((pair) => /^(xai (big|small)|openai gpt-(big|small))$/.test(pair)));
    }
    assert.deepEqual([...new Set(simulator.ledger.entries.map(({ model }) => model))].toSorted(), [
      'big',
      'small',
    ]);
    assert.deepEqual([...new Set(spare.ledger.entries.map(({ model }) => model))].toSorted(), [
      'gpt-big',
      'gpt-small',
    ]);
    assert.equal(spare.ledger.entries[0]?.headers['authorization'], 'Bearer spare-key');
    const provider = await providerOf(session, 'xai');
    assert.deepEqual(provider.fallbackProviders, ['mistral', 'openai']);
    assert.deepEqual(
      provider.breakers.map(({ state }) => state),
      ['STATE_OPEN', 'STATE_OPEN'],
    );
  } finally {
    await world.close();
    await spare.stop();
  }
});

test('a plan is asked for by a strict schema, and one without that form once more with what is wrong with it', async () => {
  const world = await World.open();
  try {
    const { session, simulator } = world;
    const bad = { kind: 'answer', text: '{"subtasks": [{"title": 7}]}' } as const;
    simulator.when(({ attemptId }) => attemptId.includes('/planner/0/'), bad);
    const { workflowId } = await session.start({ numAgents: 2 });
    assert.equal((await session.ended(workflowId)).state, 'STATE_COMPLETED');
    const plans = simulator.ledger.entries.filter(({ attemptId }) => attemptId.includes('/planner/'));
    const bodies = plans.map(({ body }) => body as PlanRequest);
    assert.deepEqual(
      bodies.map(({ response_format: format }) => [format.type, format.json_schema.strict]),
      [
        ['json_schema', true],
        ['json_schema', true],
      ],
    );
    const asked = bodies[1]?.messages.at(-1)?.content ?? '';
    assert.match(asked, /subtasks\.0\.title: .*expected string/i);
    assert.match(asked, /subtasks\.0\.question: /);

    simulator.when(({ attemptId }) => attemptId.includes('/planner/'), bad);
    const hopeless = await session.start({ numAgents: 2 });
    const failed = await session.ended(hopeless.workflowId);
    assert.equal(failed.error?.type, 'planning_failed');
    assert.match(failed.error.message, /invalid_answer.*also after the repair turn \(subtasks\.0\.title/);
  } finally {
    await world.close();
  }
});

test('agents that are throttled to the end are missing in the report by name; when all are, there is no report', async () => {
  const world = await World.open();
  try {
    const { session, simulator } = world;
    const throttled = { kind: 'status', status: 429, retryAfterMs: '40' } as const;
    simulator.when(({ attemptId }) => /\/researcher\/[0-4]\//.test(attemptId), throttled);
    const some = await session.start({ numAgents: 8, options: { maxRetries: 1 } });
    const partly = await session.ended(some.workflowId);
    assert.equal(partly.state, 'STATE_COMPLETED');
    assert.equal(partly.completeness, 0.375);
    const result = await session.result(some.workflowId);
    const failed = ['researcher/0', 'researcher/1', 'researcher/2', 'researcher/3', 'researcher/4'];
    assert.deepEqual(
      result.failedAgents.map(({ agentId, failure, attempts }) => [agentId, failure?.code, attempts]),
      failed.map((agentId) => [agentId, 'rate_limited', 2]),
    );
    for (const agentId of failed) {
      assert.ok(
        result.gaps.some((gap) => gap.startsWith(`${agentId} (`) && gap.includes('rate_limited')),
        `${agentId} is named as a gap`,
      );
      assert.ok(result.agentResults.every((agent) => agent.agentId !== agentId));
    }
    const report = await session.download(some.workflowId, 'markdown');
    for (const agentId of failed) assert.ok(report.includes(agentId), `the report names ${agentId}`);
    assert.match(report, /37\.5 % \(3 of 8 agents\)/);
    const stats = await session.ask(catalogService.GetStats, {});
    assert.equal(Number(stats.throttledCalls), 10);

    simulator.when(({ attemptId }) => attemptId.includes('/researcher/'), throttled);
    const all = await session.start({ numAgents: 8, options: { maxRetries: 1 } });
    const nothing = await session.ended(all.workflowId);
    assert.equal(nothing.state, 'STATE_FAILED');
    assert.equal(nothing.error?.type, 'quorum_not_met');
    for (let index = 0; index < 8; index++) {
      assert.ok(nothing.error.message.includes(`researcher/${index} (rate_limited`));
    }
    const events = await session.events(all.workflowId);
    assertFinishedLog(events);
    assert.equal(events.filter(({ type }) => type === 'agent_failed').length, 8);
    const silent = new Set(['workflow_completed', 'document_started', 'synthesis_started']);
    assert.deepEqual(
      events.filter(({ type }) => silent.has(type)),
      [],
      'nothing says otherwise',
    );
    assert.equal((await session.result(all.workflowId)).content, '');
  } finally {
    await world.close();
  }
});

test('a run waits for the rate its provider is configured with, and says so', async () => {
  const world = await configured(
    'providers: { xai: { requests_per_minute: 120, max_concurrent_calls: 3 } }\n',
  );
  try {
    const { session, simulator } = world;
    const hold = simulator.hold({ role: 'researcher' });
    const { workflowId } = await session.start({ numAgents: 6 });
    await hold.held(3);
    const blocked = await until(
      () => session.get(workflowId),
      ({ blockedReason }) => blockedReason !== '',
    );
    assert.equal(blocked.blockedReason, 'rate limit of xai: 3 calls are under way, the most it allows');
    const { rateLimit } = await providerOf(session, 'xai');
    assert.deepEqual(
      [rateLimit?.requestsPerMinute, rateLimit?.concurrentCalls, rateLimit?.waitingWorkflows],
      [120, 3, 1],
    );
    hold.release();
    assert.equal((await session.ended(workflowId)).completeness, 1);
    assertFinishedLog(await session.events(workflowId));
  } finally {
    await world.close();
  }
});
