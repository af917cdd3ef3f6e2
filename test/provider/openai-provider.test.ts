import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { APIConnectionError } from 'openai';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import { AnswerBuilder } from '../../src/provider/answer-builder.ts';
import { OpenAiProvider } from '../../src/provider/openai-provider.ts';
import { failureOf } from '../../src/provider/provider-failure.ts';
import { plainCapabilities } from '../../src/provider/provider-settings.ts';
import { Secret } from '../../src/provider/secret.ts';
import type { FailureCode } from '../../src/workflow/failure.ts';
import { limits } from '../../src/workflow/limits.ts';
import type { Behaviour } from '../simulator/behaviour.ts';
import { canaryKey, configFor, failureFrom, never, requestOf, simulated, WatchedClock } from './fixture.ts';

const someUsage = { inputTokens: 7, outputTokens: 3 };

describe('a model call over HTTP', () => {
  test('answers with the streamed text, finish reason and usage', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'answer', text: 'Grüße, 世界 🌍!', usage: someUsage, deltas: 5 });
    const answer = await provider.call(requestOf('w_1/researcher/0/0/1'), never);
    assert.deepEqual(answer, { text: 'Grüße, 世界 🌍!', finishReason: 'stop', usage: someUsage });
  });

  test('row 98: sends the attempt id, trace context and request id, and always streams', async (t) => {
    const { simulator, provider } = await simulated(t);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await provider.call(requestOf('w_1/final/0/1', { traceparent, requestId: 'req-9' }), never);
    const [entry] = simulator.ledger.entries;
    assert.equal(entry?.attemptId, 'w_1/final/0/1');
    assert.equal(entry?.headers['traceparent'], traceparent);
    assert.equal(entry?.headers['x-request-id'], 'req-9');
    assert.equal(entry?.headers['authorization'], `Bearer ${canaryKey}`);
    const body = entry?.body as Record<string, unknown>;
    assert.equal(body['stream'], true);
    assert.deepEqual(body['stream_options'], { include_usage: true });
    assert.equal(body['max_tokens'], 500);
    assert.equal(body['model'], 'small-1');
  });

  test('asks only for what the provider understands', async (t) => {
    const jsonSchema = { name: 'plan', schema: { type: 'object', properties: {} } };
    const bodyWith = async (
      capabilities: Partial<typeof plainCapabilities>,
      text: string,
    ): Promise<Record<string, unknown>> => {
      const { simulator, provider } = await simulated(t, {
        config: { capabilities: { ...plainCapabilities, ...capabilities } },
      });
      const messages = [{ role: 'user', content: text }] as const;
      await provider.call(requestOf('w_1/planner/0/1', { jsonSchema, messages }), never);
      return simulator.ledger.entries[0]?.body as Record<string, unknown>;
    };
    const enforced = await bodyWith(
      { structuredOutput: 'json_schema', outputLimitField: 'max_completion_tokens' },
      'Plan.',
    );
    assert.deepEqual(enforced['response_format'], {
      type: 'json_schema',
      json_schema: { ...jsonSchema, strict: true },
    });
    assert.equal(enforced['max_completion_tokens'], 500);
    assert.equal('max_tokens' in enforced, false);
    const anyJson = await bodyWith({ structuredOutput: 'json_object' }, 'Answer with JSON.');
    assert.deepEqual(anyJson['response_format'], { type: 'json_object' });
    assert.equal('response_format' in (await bodyWith({ structuredOutput: 'json_object' }, 'Plan.')), false);
    const prompted = await bodyWith(
      { structuredOutput: 'none', streamUsageOption: false },
      'Answer with JSON.',
    );
    assert.equal('response_format' in prompted, false);
    assert.equal('stream_options' in prompted, false);
  });

  test('reports no usage where the provider sent none', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'answer', text: 'ok', usage: null });
    assert.equal((await provider.call(requestOf('a/final/0/1'), never)).usage, undefined);
  });

  test('takes the cost from a provider that reports it, and from no other', async (t) => {
    const reporting = await simulated(t, {
      config: { capabilities: { ...plainCapabilities, reportsCost: true } },
    });
    reporting.simulator.otherwise({ kind: 'answer', text: 'ok', costUsd: 0.000_012_345_1 });
    const answer = await reporting.provider.call(requestOf('a/final/0/1'), never);
    assert.equal(answer.reportedCostNanoUsd, 12_346);
    const silent = await simulated(t);
    silent.simulator.otherwise({ kind: 'answer', text: 'ok', costUsd: 0.5 });
    const other = await silent.provider.call(requestOf('a/final/0/1'), never);
    assert.equal(other.reportedCostNanoUsd, undefined);
  });

  test('a held answer goes on where it stood', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'answer', text: 'first second third' });
    const hold = simulator.hold({ role: 'researcher' }, 'middle');
    const call = provider.call(requestOf('w_1/researcher/0/0/1'), never);
    await hold.held(1);
    assert.equal(simulator.ledger.entries[0]?.answered, false);
    hold.release();
    assert.equal((await call).text, 'first second third');
  });

  test('makes a thousand calls over kept connections without a warning', async (t) => {
    const { simulator, provider } = await simulated(t);
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    t.after(() => process.off('warning', onWarning));
    const controller = new AbortController();
    for (let round = 0; round < 20; round++) {
      const calls = Array.from({ length: 50 }, (_, at) =>
        provider.call(requestOf(`w_${round}/researcher/${at}/0/1`), controller.signal),
      );
      await Promise.all(calls);
    }
    assert.equal(simulator.ledger.entries.length, 1_000);
    assert.equal(new Set(simulator.ledger.entries.map((entry) => entry.attemptId)).size, 1_000);
    assert.deepEqual(warnings, []);
  });
});

interface Fault {
  readonly behaviour: Behaviour;
  readonly code: FailureCode;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}

const status = (code: number, more: object = {}): Behaviour => ({ kind: 'status', status: code, ...more });

const faults: Readonly<Record<string, Fault>> = {
  '429 without a wish': { behaviour: status(429), code: 'rate_limited', retryable: true },
  '429 with seconds': {
    behaviour: status(429, { retryAfter: '7' }),
    code: 'rate_limited',
    retryable: true,
    retryAfterMs: 7_000,
  },
  '429 with zero seconds': {
    behaviour: status(429, { retryAfter: '0' }),
    code: 'rate_limited',
    retryable: true,
    retryAfterMs: 0,
  },
  '429 with an hour': {
    behaviour: status(429, { retryAfter: '3600' }),
    code: 'rate_limited',
    retryable: true,
    retryAfterMs: 3_600_000,
  },
  '429 with milliseconds': {
    behaviour: status(429, { retryAfterMs: '1500', retryAfter: '9' }),
    code: 'rate_limited',
    retryable: true,
    retryAfterMs: 1_500,
  },
  '429 with a wish nobody can read': {
    behaviour: status(429, { retryAfter: 'soon' }),
    code: 'rate_limited',
    retryable: true,
  },
  '429 of an empty account': {
    behaviour: status(429, { body: '{"error":{"message":"pay first","code":"insufficient_quota"}}' }),
    code: 'rate_limited',
    retryable: false,
  },
  '500': { behaviour: status(500), code: 'overloaded', retryable: true },
  '503 with seconds': {
    behaviour: status(503, { retryAfter: '2' }),
    code: 'overloaded',
    retryable: true,
    retryAfterMs: 2_000,
  },
  '529': { behaviour: status(529), code: 'overloaded', retryable: true },
  '502 with a page': {
    behaviour: status(502, { contentType: 'text/html', body: '<html>' }),
    code: 'overloaded',
    retryable: true,
  },
  '400': { behaviour: status(400), code: 'rejected', retryable: false },
  '400 with an array for a body': {
    behaviour: status(400, { body: '[{"error":{"message":"bad"}}]' }),
    code: 'rejected',
    retryable: false,
  },
  '401': { behaviour: status(401), code: 'authentication', retryable: false },
  '402': { behaviour: status(402), code: 'rejected', retryable: false },
  '403': { behaviour: status(403), code: 'authentication', retryable: false },
  '404': { behaviour: status(404), code: 'rejected', retryable: false },
  '408': { behaviour: status(408), code: 'overloaded', retryable: true },
  '409': { behaviour: status(409), code: 'overloaded', retryable: true },
  '422': { behaviour: status(422), code: 'rejected', retryable: false },
  'a redirect': {
    behaviour: status(307, { location: '/v1/chat/completions' }),
    code: 'rejected',
    retryable: false,
  },
  'a refusal with an endless body': {
    behaviour: status(503, { body: 'x'.repeat(5_000_000) }),
    code: 'overloaded',
    retryable: true,
  },
  'a reset before headers': {
    behaviour: { kind: 'reset', at: 'before headers' },
    code: 'connection',
    retryable: true,
  },
  'a reset after headers': {
    behaviour: { kind: 'reset', at: 'after headers' },
    code: 'connection',
    retryable: true,
  },
  'a reset in the middle': {
    behaviour: { kind: 'reset', at: 'mid stream' },
    code: 'connection',
    retryable: true,
  },
  'a stream that is cut': { behaviour: { kind: 'cut' }, code: 'malformed', retryable: true },
  'no finish reason': {
    behaviour: { kind: 'answer', finishReason: null },
    code: 'malformed',
    retryable: true,
  },
  'a garbage frame': { behaviour: { kind: 'garbage' }, code: 'malformed', retryable: true },
  'a frame of another shape': { behaviour: { kind: 'wrongShape' }, code: 'malformed', retryable: true },
  'a page instead of a stream': { behaviour: { kind: 'html' }, code: 'malformed', retryable: true },
  'truncated JSON': { behaviour: { kind: 'truncatedJson' }, code: 'malformed', retryable: true },
  'truncated JSON in a stream': {
    behaviour: { kind: 'truncatedJson', inStream: true },
    code: 'malformed',
    retryable: true,
  },
  'an overloaded error in a stream': {
    behaviour: { kind: 'errorFrame', code: 529 },
    code: 'overloaded',
    retryable: true,
  },
  'a rate limit in a stream': {
    behaviour: { kind: 'errorFrame', code: 'rate_limit_exceeded' },
    code: 'rate_limited',
    retryable: true,
  },
  'finish reason length': {
    behaviour: { kind: 'answer', finishReason: 'length' },
    code: 'truncated',
    retryable: false,
  },
  'finish reason content_filter': {
    behaviour: { kind: 'answer', finishReason: 'content_filter' },
    code: 'refused',
    retryable: false,
  },
  'an unknown finish reason': {
    behaviour: { kind: 'answer', finishReason: 'tool_calls' },
    code: 'malformed',
    retryable: true,
  },
  'a huge answer': { behaviour: { kind: 'huge', bytes: 1e9 }, code: 'limit', retryable: false },
  'a line without end': {
    behaviour: { kind: 'huge', bytes: 1e9, oneLine: true },
    code: 'limit',
    retryable: false,
  },
};

describe('a fault of the provider is one failed attempt of a known kind', () => {
  for (const [name, fault] of Object.entries(faults)) {
    test(`${name}: ${fault.code}, ${fault.retryable ? 'retryable' : 'final'}, one request`, async (t) => {
      const { simulator, provider } = await simulated(t);
      simulator.otherwise(fault.behaviour);
      const { failure, message } = await failureFrom(provider.call(requestOf('w_1/researcher/0/0/1'), never));
      assert.equal(failure.code, fault.code, message);
      assert.equal(failure.retryable, fault.retryable, message);
      assert.equal(failure.retryAfterMs, fault.retryAfterMs);
      assert.match(message, /^simulated: ./);
      assert.ok(message.length <= limits.errorCharsMax);
      assert.equal(simulator.ledger.entries.length, 1);
    });
  }

  test('a retry date is compared with the clock', async (t) => {
    const clock = new SimulatedClock();
    const { simulator, provider } = await simulated(t, { clock });
    simulator.otherwise(status(429, { retryAfter: new Date(clock.now() + 90_000).toUTCString() }));
    const { failure } = await failureFrom(provider.call(requestOf('a/final/0/1'), never));
    assert.equal(failure.retryAfterMs, 90_000);
  });

  test('a refused connection is a connection failure', async (t) => {
    const { simulator, provider } = await simulated(t);
    await simulator.stop();
    const { failure } = await failureFrom(provider.call(requestOf('a/final/0/1'), never));
    assert.equal(failure.code, 'connection');
    assert.equal(failure.retryable, true);
    assert.match(failure.message, /ECONNREFUSED/);
  });

  test('usage of a failed attempt is kept, because it is billed', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'answer', finishReason: 'length', usage: someUsage });
    const error = await failureFrom(provider.call(requestOf('a/final/0/1'), never));
    assert.deepEqual(error.usage, someUsage);
  });

  for (const end of ['breaks', 'stalls'] as const) {
    test(`an answer that is complete when the connection ${end} is one, without usage`, async (t) => {
      const clock = new WatchedClock();
      const { simulator, provider } = await simulated(t, { clock });
      simulator.otherwise({ kind: 'hang', at: 'after finish' });
      const call = provider.call(requestOf('a/final/0/1'), never);
      // Two deltas and the finish reason have been read.
      await clock.armed(limits.idleTimeoutMs, 3);
      if (end === 'breaks') simulator.disconnect();
      else await clock.advance(limits.idleTimeoutMs);
      assert.deepEqual(await call, { text: 'This is the beginning', finishReason: 'stop', usage: undefined });
      await simulator.ledger.closed('a/final/0/1');
    });
  }

  test('a line without end is given up long before the limit of the response', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'huge', bytes: 1e9, oneLine: true });
    const { message } = await failureFrom(provider.call(requestOf('a/final/0/1'), never));
    assert.match(message, /a line of the stream is over 4194304 bytes/);
  });

  test('an answer over its limit closes the connection', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'huge', bytes: 1e9 });
    const { message } = await failureFrom(provider.call(requestOf('a/final/0/1'), never));
    assert.match(message, /the answer is over 1048576 bytes/);
    assert.equal((await simulator.ledger.closed('a/final/0/1')).answered, false);
  });
});

describe('an attempt that takes too long', () => {
  const cases: readonly (readonly [string, Behaviour, number, RegExp])[] = [
    [
      'hangs before headers',
      { kind: 'hang', at: 'before headers' },
      limits.firstByteTimeoutMs,
      /no answer began/,
    ],
    [
      'hangs after headers',
      { kind: 'hang', at: 'after headers' },
      limits.firstByteTimeoutMs,
      /no answer began/,
    ],
    ['sends only keep-alive comments', { kind: 'keepAlive' }, limits.firstByteTimeoutMs, /no answer began/],
  ];
  for (const [name, behaviour, timeoutMs, message] of cases) {
    test(`one that ${name} times out and its connection is closed`, async (t) => {
      const clock = new SimulatedClock();
      const { simulator, provider } = await simulated(t, { clock });
      simulator.otherwise(behaviour);
      let ended = false;
      const call = failureFrom(provider.call(requestOf('a/final/0/1'), never)).finally(() => {
        ended = true;
      });
      await simulator.ledger.arrived(1);
      await clock.advance(timeoutMs - 1);
      assert.equal(ended, false);
      await clock.advance(1);
      const { failure } = await call;
      assert.deepEqual([failure.code, failure.retryable], ['timeout', true]);
      assert.match(failure.message, message);
      assert.equal((await simulator.ledger.closed('a/final/0/1')).answered, false);
      assert.equal(simulator.ledger.entries.length, 1);
      assert.equal(clock.pendingTimers, 0);
    });
  }

  test('a stream that stalls in the middle times out after the idle limit', async (t) => {
    const clock = new WatchedClock();
    const { simulator, provider } = await simulated(t, { clock });
    simulator.otherwise({ kind: 'answer', text: 'one two', deltas: 2 });
    simulator.hold({}, 'middle');
    const call = failureFrom(provider.call(requestOf('a/final/0/1'), never));
    await clock.armed(limits.idleTimeoutMs, 1);
    await clock.advance(limits.idleTimeoutMs);
    const { failure } = await call;
    assert.deepEqual([failure.code, failure.retryable], ['timeout', true]);
    assert.match(failure.message, /idle/);
    assert.equal((await simulator.ledger.closed('a/final/0/1')).answered, false);
  });

  test('a slow drip ends at the limit of the whole attempt', async (t) => {
    const clock = new WatchedClock();
    const { simulator, provider } = await simulated(t, { clock });
    simulator.otherwise({ kind: 'answer', text: 'x'.repeat(5_000), deltas: 5_000, dripMs: 1 });
    const call = failureFrom(provider.call(requestOf('a/final/0/1'), never));
    // Each step is far below the idle limit and begins with a new delta, so only the attempt's own timer can fire.
    const stepMs = limits.idleTimeoutMs / 4;
    for (let moved = 0; moved < limits.attemptTimeoutMs; moved += stepMs) {
      await clock.armed(limits.idleTimeoutMs, clock.count(limits.idleTimeoutMs) + 1);
      await clock.advance(stepMs);
    }
    const { failure } = await call;
    assert.deepEqual([failure.code, failure.retryable], ['timeout', true]);
    assert.match(failure.message, /the attempt took over/);
    assert.equal((await simulator.ledger.closed('a/final/0/1')).answered, false);
    assert.equal(clock.pendingTimers, 0);
  });
});

describe('a sign of life', () => {
  test('usage that cannot be is taken for none, and a total counts only when it fits', () => {
    const usageOf = (usage: unknown) => {
      const answer = new AnswerBuilder('simulated', true);
      answer.add({ choices: [{ delta: { content: 'x' }, finish_reason: 'stop' }], usage });
      const { usage: taken, reportedCostNanoUsd } = answer.finish();
      return [taken?.inputTokens, taken?.outputTokens, reportedCostNanoUsd];
    };
    const counts = (
      prompt_tokens: unknown,
      completion_tokens: unknown,
      total_tokens?: unknown,
      cost?: unknown,
    ) => usageOf({ prompt_tokens, completion_tokens, total_tokens, cost });
    assert.deepEqual(counts(3, 1, 9), [3, 6, undefined]);
    for (const total of [1e15, 2, 3.5, -1, '9', null, undefined, 2 ** 60, Number.NaN])
      assert.deepEqual(counts(3, 1, total), [3, 1, undefined], String(total));
    for (const odd of [-1, 1.5, 1e15, 2 ** 60, '3', null, undefined]) {
      assert.deepEqual(counts(odd, 1, 9, 0.1), [undefined, undefined, undefined], String(odd));
      assert.deepEqual(counts(3, odd, 9, 0.1), [undefined, undefined, undefined], String(odd));
    }
    assert.deepEqual(counts(3, 1, 4, 0.5), [3, 1, 500_000_000]);
    for (const cost of [1e9, -1, Number.POSITIVE_INFINITY, '1'])
      assert.deepEqual(counts(3, 1, 4, cost), [3, 1, undefined], String(cost));
  });

  test('is text, thinking, a finish reason or usage, but neither an empty delta nor the role', () => {
    const answer = new AnswerBuilder('simulated', false);
    const delta = (value: object): boolean => answer.add({ choices: [{ index: 0, delta: value }] });
    assert.equal(delta({ role: 'assistant', content: '' }), false);
    assert.equal(delta({ content: null }), false);
    assert.equal(answer.add({ choices: [] }), false);
    assert.equal(delta({ content: 'x' }), true);
    assert.equal(delta({ reasoning_content: 'hm' }), true);
    assert.equal(
      answer.add({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 9 } }),
      true,
    );
    assert.equal(answer.add({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }), true);
    // Thinking that only the total counts is billed as output.
    const { text, usage } = answer.finish();
    assert.deepEqual([text, usage], ['x', { inputTokens: 3, outputTokens: 6 }]);
  });

  test('sets the idle timer anew, an empty delta does not', async (t) => {
    const clock = new WatchedClock();
    const { simulator, provider } = await simulated(t, { clock });
    simulator.otherwise({ kind: 'answer', text: 'done', deltas: 1 });
    await provider.call(requestOf('a/final/0/1'), never);
    // The role, the text, the finish reason and the usage came in four frames; three of them brought the answer forward.
    assert.equal(clock.count(limits.idleTimeoutMs), 3);
  });
});

describe('an abort', () => {
  const moments: readonly (readonly [string, Behaviour])[] = [
    ['before headers', { kind: 'hang', at: 'before headers' }],
    ['after headers', { kind: 'hang', at: 'after headers' }],
    ['mid-stream', { kind: 'hang', at: 'mid stream' }],
  ];
  for (const [name, behaviour] of moments) {
    test(`${name} rejects at once and closes the socket`, async (t) => {
      const clock = new WatchedClock();
      const { simulator, provider } = await simulated(t, { clock });
      simulator.otherwise(behaviour);
      const controller = new AbortController();
      const call = failureFrom(provider.call(requestOf('a/final/0/1'), controller.signal));
      await simulator.ledger.arrived(1);
      if (name === 'mid-stream') await clock.armed(limits.idleTimeoutMs, 1);
      let turns = 0;
      const counting = setInterval(() => turns++, 0);
      controller.abort(new Error('aborted: cancel'));
      const error = await call;
      clearInterval(counting);
      assert.ok(turns <= 1, `rejected after ${turns} turns`);
      assert.deepEqual([error.failure.code, error.failure.retryable], ['aborted', false]);
      assert.match(String(error.cause), /aborted: cancel/);
      assert.equal((await simulator.ledger.closed('a/final/0/1')).answered, false);
      assert.equal(simulator.ledger.entries.length, 1);
      assert.equal(clock.pendingTimers, 0);
    });
  }

  test('that came before the call makes no request', async (t) => {
    const { simulator, provider } = await simulated(t);
    const { failure } = await failureFrom(provider.call(requestOf('a/final/0/1'), AbortSignal.abort()));
    assert.equal(failure.code, 'aborted');
    assert.equal(simulator.ledger.entries.length, 0);
  });

  test('after the answer changes nothing and leaves no listener behind', async (t) => {
    const { provider } = await simulated(t);
    const controller = new AbortController();
    const answer = await provider.call(requestOf('a/final/0/1'), controller.signal);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    controller.abort();
    assert.equal(answer.finishReason, 'stop');
  });
});

describe('what must not leave the process', () => {
  test('variables of the openai library in the environment have no effect', async (t) => {
    const variables = {
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
      OPENAI_ORG_ID: 'org-leak',
      OPENAI_PROJECT_ID: 'project-leak',
      OPENAI_API_KEY: 'key-leak',
      OPENAI_ADMIN_KEY: 'admin-leak',
      OPENAI_LOG: 'debug',
      OPENAI_CUSTOM_HEADERS: 'x-leak: custom-leak\nauthorization: Bearer leak',
    };
    const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
    t.after(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
    Object.assign(process.env, variables);
    const { simulator, provider } = await simulated(t);
    await provider.call(requestOf('a/final/0/1'), never);
    const headers = simulator.ledger.entries[0]?.headers ?? {};
    assert.equal(headers['authorization'], `Bearer ${canaryKey}`);
    assert.doesNotMatch(JSON.stringify(headers), /leak/);
    assert.equal('openai-organization' in headers, false);
    assert.equal('openai-project' in headers, false);
  });

  test('the key is in no error and on no console, whatever the provider sends back', async (t) => {
    const printed: string[] = [];
    const onConsole: string[] = [];
    for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      t.mock.method(console, name, (...words: unknown[]) => void onConsole.push(inspect(words)));
    }
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as (...words: unknown[]) => boolean;
      t.mock.method(stream, 'write', (...words: unknown[]) => {
        printed.push(String(words[0]));
        return write(...words);
      });
    }
    const echo = `your key ${canaryKey} and Bearer ${canaryKey} and sk-abcdefghijklmnop`;
    const behaviours: readonly Behaviour[] = [
      { kind: 'status', status: 401, body: JSON.stringify({ error: { message: echo, code: echo } }) },
      { kind: 'status', status: 500, body: echo, contentType: 'text/plain' },
      { kind: 'errorFrame', code: 500, message: echo },
      { kind: 'garbage', quoting: echo },
      { kind: 'answer', finishReason: echo },
    ];
    for (const behaviour of behaviours) {
      const { simulator, provider } = await simulated(t);
      simulator.otherwise(behaviour);
      const error = await failureFrom(provider.call(requestOf('a/final/0/1'), never));
      const shown = `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`;
      assert.doesNotMatch(shown, new RegExp(canaryKey), behaviour.kind);
      assert.doesNotMatch(shown, /sk-abcdef/, behaviour.kind);
      assert.ok(behaviour.kind === 'answer' || error.cause !== undefined, `${behaviour.kind} lost its cause`);
    }
    const aborted = new AbortController();
    aborted.abort(new Error(echo));
    const { provider } = await simulated(t);
    const error = await failureFrom(provider.call(requestOf('a/final/0/1'), aborted.signal));
    assert.doesNotMatch(inspect(error, { depth: 20 }), new RegExp(canaryKey));
    const config = configFor('http://127.0.0.1:1/v1');
    assert.doesNotMatch(
      `${inspect(config)} ${JSON.stringify(config)} ${String(config.apiKey)}`,
      new RegExp(canaryKey),
    );
    assert.doesNotMatch(inspect(new OpenAiProvider(config, '', new SimulatedClock())), new RegExp(canaryKey));
    assert.deepEqual(onConsole, []);
    assert.doesNotMatch(printed.join('\n'), new RegExp(canaryKey));
  });

  test('no part of a key is left where a long error is cut', async (t) => {
    const words = 'x '.repeat(1_000);
    for (let start = 1_970; start < 2_000; start++) {
      const body = `${words}${'y'.repeat(start)}${canaryKey} ${words}`;
      const { message } = failureOf(new Error(body), 'simulated', 0, new Secret(canaryKey));
      assert.doesNotMatch(message, new RegExp(canaryKey.slice(0, 6)), String(start));
    }
    const { simulator, provider } = await simulated(t);
    const room = limits.errorCharsMax - 'simulated: 500 '.length;
    simulator.otherwise({
      kind: 'status',
      status: 500,
      body: `${'y'.repeat(room - 12)} ${canaryKey} ${words}`,
      contentType: 'text/plain',
    });
    const error = await failureFrom(provider.call(requestOf('a/final/0/1'), never));
    assert.doesNotMatch(error.failure.message, new RegExp(canaryKey.slice(0, 6)));
    simulator.otherwise({ kind: 'answer', finishReason: `${'y'.repeat(room - 40)}${canaryKey}` });
    const odd = await failureFrom(provider.call(requestOf('a/final/0/2'), never));
    assert.doesNotMatch(odd.failure.message, new RegExp(canaryKey.slice(0, 6)));
  });

  test('only what the network did is a connection failure; a defect of our own is internal and not retried', () => {
    const coded = (code: string): Error => Object.assign(new Error('it broke'), { code });
    for (const error of [
      new TypeError('terminated'),
      new TypeError('fetch failed', { cause: coded('ECONNREFUSED') }),
      new TypeError('odd', { cause: coded('UND_ERR_SOCKET') }),
      new APIConnectionError({ cause: new TypeError('fetch failed', { cause: coded('EAI_AGAIN') }) }),
      coded('EPIPE'),
      coded('ECONNRESET'),
    ]) {
      const { code, retryable } = failureOf(error, 'simulated', 0);
      assert.deepEqual([code, retryable], ['connection', true], inspect(error));
    }
    for (const error of [
      new TypeError("Cannot read properties of undefined (reading 'text')"),
      new APIConnectionError({ cause: new TypeError('Failed to parse URL from x') }),
      new RangeError('Invalid array length'),
      coded('ENOENT'),
      coded('ERR_INVALID_ARG_TYPE'),
    ]) {
      const { code, retryable } = failureOf(error, 'simulated', 0);
      assert.deepEqual([code, retryable], ['internal', false], inspect(error));
    }
  });

  test('every shape of credential the product knows is taken out of a failure', () => {
    for (const credential of [
      'ghp_abcdefghijklmnop',
      'whsec_abcdefghijklmnop',
      'eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl',
      'Bearer abcdefghijklmnop',
      'AIzaabcdefghijklmnopqrstuv',
    ]) {
      const { message } = failureOf(new Error(`got ${credential} here`), 'simulated', 0);
      assert.match(message, /^simulated: got (?:Bearer )?\[redacted\] here$/, credential);
    }
  });

  test('an id that cannot stand in a header does not cost the call', async (t) => {
    const { simulator, provider } = await simulated(t);
    const answer = await provider.call(requestOf('a/final/0/1', { requestId: 'two\r\nlines' }), never);
    assert.equal(answer.finishReason, 'stop');
    assert.equal('x-request-id' in (simulator.ledger.entries[0]?.headers ?? {}), false);
  });
});
