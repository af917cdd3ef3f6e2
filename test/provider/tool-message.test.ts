import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AnswerBuilder } from '../../src/provider/answer-builder.ts';
import type { Message } from '../../src/provider/model-provider.ts';
import { ToolCallBuilder, ToolNames, wireMessages } from '../../src/provider/tool-message.ts';
import { limits } from '../../src/workflow/limits.ts';
import { failureFrom, never, requestOf, simulated } from './fixture.ts';

const draft = 'https://json-schema.org/draft/2020-12/schema';
const offer = (name: string) => ({
  name,
  description: `The tool ${name}.`,
  parameters: { $schema: draft, type: 'object', properties: { text: { type: 'string' } } },
});
const { $schema: _, ...sentSchema } = offer('any').parameters;
const offers = [offer('files.read_file'), offer('documents.search')];

describe('tools over HTTP', () => {
  test('are offered under names every endpoint takes, and come back under their own', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({
      kind: 'answer',
      text: 'I look.',
      toolCalls: [
        { name: 'files__read_file', arguments: '{"text": "a"}' },
        { name: 'documents__search', arguments: '{"text": "b"}' },
        { name: 'rm', arguments: '{}' },
      ],
    });
    const request = requestOf('w_1/researcher/0/0/1', { tools: { offers, choice: 'auto' } });
    const answer = await provider.call(request, never);
    assert.equal(answer.finishReason, 'tool_calls');
    assert.deepEqual(
      answer.toolCalls?.map(({ name, arguments: json }) => [name, json]),
      [
        ['files.read_file', '{"text": "a"}'],
        ['documents.search', '{"text": "b"}'],
        ['rm', '{}'],
      ],
    );
    assert.equal(new Set(answer.toolCalls?.map(({ id }) => id)).size, 3);
    const body = simulator.ledger.entries[0]?.body as Record<string, unknown>;
    assert.equal(body['tool_choice'], 'auto');
    assert.deepEqual((body['tools'] as unknown[])[0], {
      type: 'function',
      function: { ...offer('files.read_file'), name: 'files__read_file', parameters: sentSchema },
    });
  });

  test('a conversation with tool turns goes back as it was, arguments that are no JSON aside', async (t) => {
    const { simulator, provider } = await simulated(t);
    const messages: Message[] = [
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [
          { id: 'c1', name: 'files.read_file', arguments: '{"text": "a"}' },
          { id: 'c2', name: 'no such/tool', arguments: '{"text": ' },
        ],
      },
      { role: 'tool', toolCallId: 'c1', content: 'water \ud83d' },
      { role: 'tool', toolCallId: 'c2', content: 'refused' },
    ];
    const request = requestOf('w_1/researcher/0/1/1', { messages, tools: { offers, choice: 'none' } });
    await provider.call(request, never);
    const body = simulator.ledger.entries[0]?.body as Record<string, unknown>;
    assert.equal(body['tool_choice'], 'none');
    assert.deepEqual(body['messages'], [
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'files__read_file', arguments: '{"text": "a"}' } },
          { id: 'c2', type: 'function', function: { name: 'no_such_tool', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'water \ufffd' },
      { role: 'tool', tool_call_id: 'c2', content: 'refused' },
    ]);
  });

  test('a request without tools says nothing of tools', async (t) => {
    const { simulator, provider } = await simulated(t);
    await provider.call(requestOf('w_1/final/0/1'), never);
    const body = simulator.ledger.entries[0]?.body as Record<string, unknown>;
    assert.ok(!('tools' in body) && !('tool_choice' in body));
  });

  test('arguments without end are cut off like any answer', async (t) => {
    const { simulator, provider } = await simulated(t);
    const json = JSON.stringify({ text: 'x'.repeat(limits.outputBytesMax) });
    simulator.otherwise({ kind: 'answer', text: '', toolCalls: [{ name: 'a', arguments: json }] });
    const { failure } = await failureFrom(provider.call(requestOf('w_1/researcher/0/0/1'), never));
    assert.equal(failure.code, 'limit');
  });
});

test('names of tools stay apart on the wire, however alike or long they are', () => {
  const long = `files.${'x'.repeat(100)}`;
  const names = ['a.b', 'a..b', 'a__b', 'a/b', 'ä.b', '', long, `${long}y`];
  const wire = new ToolNames({ messages: [], tools: { offers: names.map(offer), choice: 'auto' } });
  const sent = names.map((name) => wire.wireOf(name));
  assert.equal(new Set(sent).size, names.length, sent.join(' '));
  for (const [index, name] of sent.entries()) {
    assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/);
    assert.equal(wire.nameOf(name), names[index]);
  }
  assert.equal(wire.nameOf('never_sent'), 'never_sent');
});

test('tool calls are put together from pieces in any of the ways endpoints send them', () => {
  const built = (...pieces: Parameters<ToolCallBuilder['add']>[0][]) => {
    const builder = new ToolCallBuilder();
    for (const piece of pieces) builder.add(piece);
    return builder.finish().map(({ id, name, arguments: json }) => [id, name, json]);
  };
  const whole = (id: string | null, name: string, given: unknown) => ({
    id,
    function: { name, arguments: given },
  });
  assert.deepEqual(
    built(
      { index: 1, id: 'b', function: { name: 'two', arguments: '' } },
      { index: 0, id: 'a', function: { name: 'one', arguments: '{"x"' } },
      { index: 0, function: { arguments: ': 1}' } },
      { index: 1, function: { arguments: '{}' } },
    ),
    [
      ['a', 'one', '{"x": 1}'],
      ['b', 'two', '{}'],
    ],
    'interleaved, by index',
  );
  assert.deepEqual(
    built(whole('a', 'one', '{}'), whole('b', 'two', { y: 2 })),
    [
      ['a', 'one', '{}'],
      ['b', 'two', '{"y":2}'],
    ],
    'whole, without an index, arguments as a value',
  );
  assert.deepEqual(built(whole(null, 'one', '{}')), [['call_0', 'one', '{}']], 'without an id');
});

test('a finish reason of tool calls without any is no answer, and stop with some is one', () => {
  const finish = (reason: string, toolCalls: unknown[]) => {
    const answer = new AnswerBuilder('simulated', false);
    answer.add({ choices: [{ delta: { tool_calls: toolCalls }, finish_reason: reason }] });
    return answer.finish();
  };
  const call = { index: 0, id: 'a', function: { name: 'one', arguments: '{}' } };
  assert.throws(() => finish('tool_calls', []), /finish reason/);
  assert.equal(finish('stop', [call]).toolCalls?.length, 1);
  assert.equal(finish('tool_use', [call]).toolCalls?.length, 1);
});

test('every message keeps its role and text', () => {
  const names = new ToolNames();
  const messages: Message[] = [
    { role: 'system', content: 'a' },
    { role: 'assistant', content: 'b' },
    { role: 'tool', toolCallId: 'c', content: 'd' },
  ];
  assert.deepEqual(wireMessages(messages, names), [
    { role: 'system', content: 'a' },
    { role: 'assistant', content: 'b' },
    { role: 'tool', tool_call_id: 'c', content: 'd' },
  ]);
});
