import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sequential } from '../../src/orchestrator/sequential.ts';
import type { EventData } from '../../src/workflow/event.ts';
import { OrchestratorRun } from './research-run.ts';

test('what a step found with its tools is a numbered source of the report', () => {
  const run = new OrchestratorRun(sequential, {
    task: 'Tell the time of high water.',
    steps: [{ title: 'Look', instruction: 'Look it up.' }],
  });
  const decision = run.next();
  assert.ok(decision.type === 'schedule');
  const [spec] = decision.agents;
  assert.ok(spec);
  const { agentId } = spec;
  const call = { agentId, turn: 0, attempt: 1 };
  const output = 'high water at noon';
  run.append(
    {
      type: 'agent_scheduled',
      ...spec,
      inputAgentIds: [...spec.inputAgentIds],
      subtask: undefined,
      passages: [],
      inputHash: 'hash',
      tools: ['fake.look'],
    } satisfies EventData,
    {
      type: 'model_call_started',
      ...call,
      provider: 'offline',
      model: 'm',
      reserved: { inputTokens: 1, outputTokens: 1 },
      toolsOffered: true,
    },
    {
      type: 'model_call_ended',
      ...call,
      result: 'ok',
      output: {
        text: '',
        toolCalls: [{ id: 'c', name: 'fake.look', arguments: '{}' }],
        finishReason: 'tool_calls',
      },
      usage: { inputTokens: 1, outputTokens: 1 },
      assumed: false,
      durationMs: 1,
    },
    { type: 'tool_call_started', agentId, turn: 0, callId: 'c', tool: 'fake.look', arguments: '{}' },
    {
      type: 'tool_call_ended',
      agentId,
      turn: 0,
      callId: 'c',
      result: 'ok',
      output,
      durationMs: 1,
      sources: [
        {
          handle: 'T1.1',
          documentName: 'fake.look {}',
          sha256: 'b'.repeat(64),
          start: 0,
          end: output.length,
        },
      ],
    },
  );
  run.answer(agentId, 'At noon [T1.1].');
  run.finish();
  const report = sequential.report(run.state);
  assert.equal(report.sections[0]?.markdown, 'At noon [1].');
  assert.deepEqual(
    report.sources.map(({ handles }) => handles),
    [['T1.1']],
  );
});
