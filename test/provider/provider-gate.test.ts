import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { CallPermit } from '../../src/provider/call-gate.ts';
import { resolveProviders } from '../../src/provider/provider-config.ts';
import { gateRulesOf, ProviderGate } from '../../src/provider/provider-gate.ts';
import type { Asker } from '../../src/provider/waiting-line.ts';
import { failure, type FailureCode } from '../../src/workflow/failure.ts';
import { ScriptedCatalog } from '../engine/scripted-catalog.ts';

const reserved = { inputTokens: 10, outputTokens: 10 };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function asker(id = 'a', wake: () => void = () => {}): Asker {
  return { id, priority: 0, wake };
}

function permitOf(gate: ProviderGate, provider = 'xai', model = 'm'): CallPermit {
  const answer = gate.permit(asker(), provider, model, reserved);
  assert.equal(answer.type, 'permit');
  return answer.permit;
}

function gateOf(rules: ConstructorParameters<typeof ProviderGate>[0]['rules'] = {}): ProviderGate {
  const catalog = new ScriptedCatalog();
  catalog.known = ['xai', 'twin', 'spare'];
  return new ProviderGate({ catalog, clock: new SimulatedClock(), rules });
}

describe('the gate', () => {
  const verdicts: readonly (readonly [code: FailureCode, opens: boolean])[] = [
    ['overloaded', true],
    ['connection', true],
    ['timeout', true],
    ['malformed', true],
    ['rate_limited', false],
    ['rejected', false],
    ['authentication', false],
    ['refused', false],
    ['truncated', false],
    ['limit', false],
    ['internal', false],
  ];
  for (const [code, opens] of verdicts) {
    test(`${opens ? 'holds' : 'does not hold'} ${code} against the provider's health`, async () => {
      const gate = gateOf();
      for (let call = 0; call < 5; call++) {
        permitOf(gate).settle({ result: 'failed', failure: failure(code, 'x'), usage: undefined });
        await settled();
      }
      assert.equal(gate.info('xai').breakers[0]?.state, opens ? 'open' : 'closed');
    });
  }

  test('does not pause a provider whose account is used up, for waiting does not fill it', () => {
    const gate = gateOf();
    permitOf(gate).settle({
      result: 'failed',
      failure: failure('rate_limited', 'insufficient_quota', false),
      usage: undefined,
    });
    assert.equal(gate.info('xai').pausedUntilTime, undefined);
    permitOf(gate);
  });

  test('keeps a breaker for each model of a provider', async () => {
    const gate = gateOf();
    for (let call = 0; call < 5; call++) {
      permitOf(gate, 'xai', 'ill').settle({
        result: 'failed',
        failure: failure('overloaded', 'x', true),
        usage: undefined,
      });
      await settled();
    }
    const wish = { provider: 'xai', kind: 'work', priced: false } as const;
    assert.equal(gate.route(asker(), { ...wish, model: 'ill' }).type, 'wait');
    assert.equal(gate.route(asker(), { ...wish, model: 'well' }).type, 'call');
    gate.gone('a');
    assert.equal(gate.reason('a'), undefined);
  });

  test('forgets a wait that is not told again, and wakes nobody for it', async () => {
    let woken = 0;
    const gate = gateOf({ xai: { fallback: [], rateLimits: { concurrentCalls: 1 } } });
    const first = permitOf(gate);
    const waiter = asker('waiter', () => woken++);
    assert.equal(gate.permit(waiter, 'xai', 'm', reserved).type, 'wait');
    gate.looked('waiter');
    assert.match(gate.reason('waiter') ?? '', /^rate limit of xai/);
    gate.looked('waiter');
    assert.equal(gate.reason('waiter'), undefined);
    first.settle({ result: 'ok', failure: undefined, usage: undefined });
    await settled();
    assert.equal(woken, 0);
    assert.equal(gate.info('xai').waitingWorkflows, 0);
  });

  test('paces two names of one key as one, by the stricter of their limits', () => {
    const env = { XAI_API_KEY: 'key', OTHER_KEY: 'another' };
    const { configs, problems } = resolveProviders(env, {
      xai: { requestsPerMinute: 600 },
      twin: {
        baseUrl: 'https://api.x.ai/v1',
        keyVariable: 'XAI_API_KEY',
        models: { work: 'w' },
        requestsPerMinute: 60,
        concurrentCalls: 1,
      },
      spare: { baseUrl: 'https://api.x.ai/v1', keyVariable: 'OTHER_KEY', models: { work: 'w' } },
    });
    assert.deepEqual(problems, []);
    const rules = gateRulesOf(configs);
    const gate = gateOf(rules);
    permitOf(gate, 'xai');
    assert.equal(gate.permit(asker(), 'twin', 'w', reserved).type, 'wait');
    permitOf(gate, 'spare', 'w');
    assert.equal(rules['xai']?.rateLimits.requestsPerMinute, 60);
    assert.equal(gate.info('twin').waitingWorkflows, 1);
    assert.deepEqual([rules['twin']?.pacedAs, rules['spare']?.pacedAs], ['xai', undefined]);
  });
});
