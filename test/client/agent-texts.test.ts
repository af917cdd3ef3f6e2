import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AgentTexts } from '../../src/client/agent-texts.ts';
import type { Progress__Output } from '../../src/gen/orchestrator/v1/Progress.ts';
import type { WorkflowEvent__Output } from '../../src/gen/orchestrator/v1/WorkflowEvent.ts';

const about = (attempt = 1, turn = 0) => ({ agentId: 'researcher/0', turn, attempt });
const delta = (offset: number, text: string, attempt = 1, turn = 0): Progress__Output => ({
  ...about(attempt, turn),
  delta: { offset: String(offset), text },
});
const event = (type: string): WorkflowEvent__Output => ({
  workflowId: 'research_000000000001',
  sequence: '7',
  time: null,
  type,
  agentId: 'researcher/0',
  progress: 0,
});

/** The text that is shown after these messages. */
function shown(messages: readonly Progress__Output[], tailCharsMax = 100): string | undefined {
  const texts = new AgentTexts(tailCharsMax);
  for (const message of messages) texts.progress(message);
  return texts.all.get('researcher/0')?.tail;
}

describe('the texts of agents', () => {
  test('grow by the deltas that follow on each other', () => {
    assert.equal(shown([delta(0, 'Flüsse '), delta(8, 'fließen')]), 'Flüsse fließen');
  });

  test('begin anew after a gap, for what is shown has none', () => {
    assert.equal(shown([delta(0, 'one '), delta(40, 'two')]), 'two');
  });

  test('are replaced by a stream that begins again', () => {
    assert.equal(shown([delta(0, 'one '), delta(4, 'two'), delta(0, 'one two three')]), 'one two three');
  });

  test('are void after a roll-back and with every new attempt or turn', () => {
    assert.equal(shown([delta(0, 'one'), { ...about(2), rollBack: { cause: null } }]), undefined);
    assert.equal(shown([delta(0, 'one'), { ...about(2), activity: 'ACTIVITY_CALLING' }]), undefined);
    assert.equal(shown([delta(0, 'one'), delta(0, 'two', 2)]), 'two');
    assert.equal(shown([delta(0, 'one'), delta(0, 'two', 1, 1)]), 'two');
    assert.equal(shown([delta(0, 'one'), { ...about(), activity: 'ACTIVITY_CALLING' }]), 'one');
  });

  test('are kept to their end, which begins with a whole character', () => {
    assert.equal(shown([delta(0, 'a🌊'), delta(5, 'bcd')], 4), 'bcd');
    assert.equal(shown([delta(0, 'a🌊'), delta(5, 'bcd')], 5), '🌊bcd');
  });

  test('are over when the answer is in the log', () => {
    const texts = new AgentTexts(100);
    texts.progress(delta(0, 'one'));
    texts.event(event('workflow_paused'));
    assert.equal(texts.all.size, 1);
    texts.event(event('model_call_ended'));
    assert.equal(texts.all.size, 0);
  });
});
