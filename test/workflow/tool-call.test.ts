import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditLog } from '../../src/workflow/audit.ts';
import { eventDataSchema, type EventData, type EventOf } from '../../src/workflow/event.ts';
import { IllegalEventError, failure } from '../../src/workflow/failure.ts';
import { defaultTenant } from '../../src/workflow/id.ts';
import { answersOf, materialOf, type AgentState } from '../../src/workflow/state.ts';
import { ToolAudit } from '../../src/workflow/tool-audit.ts';
import {
  agentCompletedData,
  agentFailedData,
  callEndedData,
  callStartedData,
  lifecycleData,
  LogBuilder,
  scheduledData,
  workflowId,
} from './log-builder.ts';

const agentId = 'researcher/0';
const key = { tenant: defaultTenant, workflowId };

const calls = [
  { id: 'a', name: 'files.read', arguments: '{}' },
  { id: 'b', name: 'files.write', arguments: '{}' },
];
const asks = callEndedData(agentId, 0, 1, {
  output: { text: 'I look.', finishReason: 'x', toolCalls: calls },
});

function started(
  callId: string,
  rest: Partial<EventOf<'tool_call_started'>> = {},
): EventOf<'tool_call_started'> {
  const tool = callId === 'b' ? 'files.write' : 'files.read';
  const idempotent = callId === 'a';
  return { type: 'tool_call_started', agentId, turn: 0, callId, tool, arguments: '{}', idempotent, ...rest };
}

function ended(callId: string, rest: Partial<EventOf<'tool_call_ended'>> = {}): EventOf<'tool_call_ended'> {
  return {
    type: 'tool_call_ended',
    agentId,
    turn: 0,
    callId,
    result: 'ok',
    output: 'x',
    durationMs: 1,
    ...rest,
  };
}

const crashed = (callId: string): EventData =>
  ended(callId, { result: 'unknown', cause: 'crash', failure: failure('crash', 'gone') });
const refused = (callId: string): EventData =>
  ended(callId, { result: 'failed', failure: failure('tool', 'refused') });

/** An agent with two tools whose model has asked for both. */
const asked = (): LogBuilder =>
  new LogBuilder().all(
    lifecycleData('workflow_admitted'),
    { ...scheduledData(agentId), tools: ['files.read', 'files.write'] },
    callStartedData(agentId, 0, 1, { toolsOffered: true }),
    asks,
  );

const agentOf = (log: LogBuilder): AgentState => log.state.agents.get(agentId) ?? assert.fail();

describe('tool calls in a log', () => {
  test('belong to the turn that asked for them, and the next turn follows the last of them', () => {
    const log = asked().all(started('a'), started('b'));
    assert.throws(() => log.add(callStartedData(agentId, 1)), /waits for its tools/);
    log.all(
      ended('b'),
      ended('a', { sources: [{ handle: 'T1.1', documentName: 'd', sha256: 's', start: 0, end: 1 }] }),
    );
    log.all(callStartedData(agentId, 1), callEndedData(agentId, 1));
    assert.deepEqual(answersOf(agentOf(log)), ['found'], 'what it said while it asked is no answer');
    assert.deepEqual(
      materialOf(agentOf(log)).map(({ handle }) => handle),
      ['T1.1'],
    );
    assert.deepEqual(auditLog(key, log.events), []);
  });

  test('are not there for an answer whose request offered no tools', () => {
    const log = new LogBuilder().all(
      lifecycleData('workflow_admitted'),
      { ...scheduledData(agentId), tools: ['files.read'] },
      callStartedData(agentId),
      asks,
    );
    assert.equal(agentOf(log).turns[0]?.asksTools, false);
    assert.throws(() => log.add(started('a')), IllegalEventError);
    assert.deepEqual(auditLog(key, log.add(callStartedData(agentId, 1)).events), []);
  });

  test('that a crash ended start again only when they are idempotent', () => {
    const log = asked().all(started('a'), started('b'), crashed('a'), crashed('b'));
    assert.throws(() => log.add(started('b')), /was started before/);
    assert.throws(() => log.add(callStartedData(agentId, 1)), /waits for its tools/);
    log.all(started('a'), ended('a'), callStartedData(agentId, 1));
    assert.equal(agentOf(log).toolCalls[0]?.starts, 2);
    assert.deepEqual(auditLog(key, log.events), []);
  });

  test('may be refused instead of being started, also instead of being started again', () => {
    const log = asked().all(
      refused('b'),
      started('a'),
      crashed('a'),
      refused('a'),
      callStartedData(agentId, 1),
    );
    assert.deepEqual(auditLog(key, log.events), []);
  });

  test('that are at work keep their agent and their workflow from ending', () => {
    const log = asked().add(started('a'));
    assert.throws(() => log.add(agentFailedData(agentId)), /tool at work/);
    assert.throws(() => log.add(agentCompletedData(agentId, 5)), /tool at work/);
    assert.throws(() => log.add(lifecycleData('workflow_failed')), /no call is open/);
  });

  const illegal: readonly (readonly [string, readonly EventData[]])[] = [
    ['a tool it may not use', [started('a', { tool: 'files.delete' })]],
    ['other arguments than its model gave', [started('a', { arguments: '{"x":1}' })]],
    ['a call nobody asked for', [started('z')]],
    ['a call of another turn', [started('a', { turn: 1 })]],
    ['a call twice', [started('a'), started('a')]],
    ['a call after its end', [started('a'), ended('a'), started('a')]],
    ['an end twice', [started('a'), ended('a'), ended('a')]],
    ['an answer of a call that never began', [ended('a')]],
    ['an interruption of a call that never began', [crashed('a')]],
    ['an interruption without a cause', [started('a'), ended('a', { result: 'unknown' })]],
    ['an end with a cause that was none', [started('a'), ended('a', { cause: 'cancel' })]],
  ];
  for (const [what, events] of illegal) {
    test(`the fold refuses ${what}`, () => {
      const log = asked();
      const last = events.at(-1) ?? assert.fail();
      log.all(...events.slice(0, -1));
      assert.throws(() => log.add(last), IllegalEventError);
      assert.ok(eventDataSchema.safeParse(last).success);
    });
  }
});

describe('the audit of tool calls', () => {
  /** What it says of a log, apart from the fold. */
  const judged = (...events: readonly EventData[]): string | undefined => {
    const audit = new ToolAudit();
    for (const data of [...asked().events.map((event) => event.data), ...events]) {
      if (data.type === 'agent_scheduled') audit.scheduled(data);
      const difference =
        data.type === 'model_call_started'
          ? audit.modelStarted(data)
          : data.type === 'model_call_ended'
            ? audit.modelEnded(data)
            : data.type === 'tool_call_started'
              ? audit.started(data)
              : data.type === 'tool_call_ended'
                ? audit.ended(data)
                : undefined;
      if (difference) return difference.expected;
    }
    return audit.open()?.expected;
  };

  test('finds nothing in what may be', () => {
    assert.equal(judged(started('a'), ended('a'), refused('b')), undefined);
    assert.equal(judged(started('a'), crashed('a'), started('a'), ended('a'), refused('b')), undefined);
  });

  test('finds what must not be', () => {
    const cases: readonly (readonly [RegExp, readonly EventData[]])[] = [
      [/may use/, [started('a', { tool: 'files.delete' })]],
      [/asked for it/, [started('a', { arguments: '[]' })]],
      [/asked for it/, [started('z')]],
      [/one start/, [started('a'), started('a')]],
      [/one start/, [started('b'), crashed('b'), started('b')]],
      [/one start/, [started('a'), ended('a'), started('a')]],
      [/one end/, [started('a'), ended('a'), ended('a')]],
      [/was asked for/, [ended('z')]],
      [/refusal/, [ended('a')]],
      [/the end of tool call/, [started('a'), ended('a'), callStartedData(agentId, 1)]],
      [/no tool at work/, [started('a')]],
    ];
    for (const [finding, events] of cases) assert.match(judged(...events) ?? 'nothing', finding);
  });
});
