import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RealClock } from '../../src/clock/real-clock.ts';
import { OpenAiProvider } from '../../src/provider/openai-provider.ts';
import { configFor, failureFrom, never, requestOf, simulated } from '../provider/fixture.ts';
import { SimulatorProcess } from './simulator-process.ts';

const planRequest = (attemptId: string, text: string, schema?: Record<string, unknown>) =>
  requestOf(attemptId, {
    messages: [
      { role: 'system', content: 'You plan a project. Answer with JSON only: {"subtasks": [...]}' },
      { role: 'user', content: text },
    ],
    ...(schema ? { jsonSchema: { name: 'plan', schema } } : {}),
  });

const planSchema = (bounds: object): Record<string, unknown> => ({
  type: 'object',
  properties: {
    subtasks: {
      type: 'array',
      ...bounds,
      items: {
        type: 'object',
        properties: {
          title: { type: 'string' },
          question: { type: 'string' },
          type: { enum: ['news', 'video'] },
        },
      },
    },
  },
});

interface Plan {
  readonly subtasks: readonly { readonly title: string; readonly question: string; readonly type?: string }[];
}

describe('the provider simulator', () => {
  test('answers a plan with the number asked for by the schema, else by the prompt, else eight', async (t) => {
    const { provider } = await simulated(t);
    const plan = async (text: string, schema?: Record<string, unknown>): Promise<Plan> =>
      JSON.parse((await provider.call(planRequest('w_1/planner/0/1', text, schema), never)).text) as Plan;
    const bounded = await plan('Plan.', planSchema({ minItems: 3, maxItems: 3 }));
    assert.equal(bounded.subtasks.length, 3);
    assert.equal(bounded.subtasks[1]?.type, 'video');
    assert.equal((await plan('Plan exactly 5 subtasks.', planSchema({}))).subtasks.length, 5);
    assert.equal((await plan('Plan exactly 4 subtasks.')).subtasks.length, 4);
    assert.equal((await plan('Plan.')).subtasks.length, 8);
  });

  test('what it plans in a second turn differs from the first', async (t) => {
    const { provider } = await simulated(t);
    const plan = async (turn: number): Promise<Plan> =>
      JSON.parse((await provider.call(planRequest(`w_1/planner/${turn}/1`, 'Plan.'), never)).text) as Plan;
    const titles = [...(await plan(0)).subtasks, ...(await plan(1)).subtasks].map(({ title }) => title);
    assert.equal(new Set(titles).size, 16);
  });

  test('answers anything else with the attempt id and the handles it was given', async (t) => {
    const { provider } = await simulated(t);
    const { text } = await provider.call(requestOf('w_1/researcher/2/0/1'), never);
    assert.match(text, /This is the answer of w_1\/researcher\/2\/0\/1\./);
    assert.match(text, /\[D1\.2\]/);
  });

  test('follows rules by role, attempt and number of the request', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.script(
      { match: { role: 'researcher', nth: 2 }, behaviour: { kind: 'status', status: 500 } },
      { match: { attemptIdIncludes: 'w_2/' }, behaviour: { kind: 'answer', text: 'second' }, times: 1 },
    );
    simulator.when((entry) => entry.attemptId.endsWith('/9'), { kind: 'answer', text: 'ninth' });
    const text = async (id: string): Promise<string> => (await provider.call(requestOf(id), never)).text;
    assert.match(await text('w_1/researcher/0/0/1'), /answer of/);
    await failureFrom(provider.call(requestOf('w_1/researcher/1/0/1'), never));
    assert.match(await text('w_1/researcher/1/0/2'), /answer of/);
    assert.equal(await text('w_2/final/0/1'), 'second');
    assert.match(await text('w_2/final/0/2'), /answer of/);
    assert.equal(await text('w_2/final/0/9'), 'ninth');
  });

  test('holds requests until they are released, one or all', async (t) => {
    const { simulator, provider } = await simulated(t);
    const hold = simulator.hold({ role: 'researcher' });
    const calls = [0, 1, 2].map((at) => provider.call(requestOf(`w_1/researcher/${at}/0/1`), never));
    await provider.call(requestOf('w_1/planner/0/1'), never);
    await hold.held(3);
    hold.release('w_1/researcher/1/0/1');
    await calls[1];
    assert.equal(simulator.ledger.entries.filter((entry) => entry.answered).length, 2);
    hold.release();
    await Promise.all(calls);
    await simulator.ledger.answered(4);
  });

  test('rejects who still waits when it stops', async (t) => {
    const { simulator } = await simulated(t);
    const waiting = assert.rejects(simulator.ledger.arrived(1), /stopped after 0 requests/);
    await simulator.stop();
    await waiting;
    await assert.rejects(simulator.ledger.arrived(1), /has stopped/);
  });

  test('answers without streaming too', async (t) => {
    const { simulator } = await simulated(t);
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }] });
    const response = await fetch(`${simulator.baseUrl}/chat/completions`, { method: 'POST', body });
    const whole = (await response.json()) as { choices: { message: { content: string } }[]; usage: unknown };
    assert.match(whole.choices[0]?.message.content ?? '', /answer of/);
    assert.ok(whole.usage);
  });

  test('runs in a process of its own, scripted and read over HTTP', async (t) => {
    const simulator = await SimulatorProcess.start();
    t.after(() => simulator.stop());
    const provider = new OpenAiProvider(configFor(simulator.baseUrl), '', new RealClock());
    await simulator.script({ match: { role: 'final' }, behaviour: { kind: 'status', status: 503 } });
    const { failure } = await failureFrom(provider.call(requestOf('w_1/final/0/1'), never));
    assert.equal(failure.code, 'overloaded');
    const id = await simulator.hold({ role: 'researcher' });
    const call = provider.call(requestOf('w_1/researcher/0/0/1'), never);
    await simulator.ledger({ arrived: 2 });
    await simulator.release(id);
    assert.match((await call).text, /answer of w_1\/researcher/);
    const entries = await simulator.ledger({ answered: 2 });
    assert.deepEqual(
      entries.map(({ attemptId, status }) => [attemptId, status]),
      [
        ['w_1/final/0/1', 503],
        ['w_1/researcher/0/0/1', 200],
      ],
    );
  });
});
