import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { research } from '../../src/orchestrator/research.ts';
import { failure } from '../../src/workflow/failure.ts';
import { limits } from '../../src/workflow/limits.ts';
import { type Answer, ResearchRun, passage, planText } from './research-run.ts';

const followUp = (number: number) => ({ title: `More ${number}`, question: `What about more ${number}?` });

const found = (count: number, uncovered: readonly string[] = ['the costs']): string =>
  JSON.stringify({ uncovered, subtasks: Array.from({ length: count }, (_, index) => followUp(index)) });

/** A run of `numAgents` researchers whose gap check says this; everything else answers. */
function run(check: Answer, others: (id: string) => Answer | undefined = () => undefined): ResearchRun {
  const it = new ResearchRun({ numAgents: 3, maxExtraResearchers: 2, enableDrummer: false }, {}, [
    passage('D1.1'),
  ]);
  it.work((id) => {
    if (id === 'planner') return planText(3);
    return id === 'evaluator' ? check : (others(id) ?? `Text of ${id} [D1.1].`);
  });
  return it;
}

describe('the gap check of a research', () => {
  test('sends the researchers it asks for, at most as many as were allowed, before the synthesis', () => {
    const it = run(found(4));
    assert.deepEqual(
      [...it.state.agents.keys()],
      [
        'planner',
        'researcher/0',
        'researcher/1',
        'researcher/2',
        'evaluator',
        'researcher/3',
        'researcher/4',
        'executive',
      ],
    );
    assert.deepEqual(it.agent('researcher/4').subtask, followUp(1));
    assert.deepEqual(it.agent('researcher/4').passages, [passage('D1.1')]);
    assert.deepEqual(it.agent('executive').inputAgentIds, [
      'researcher/0',
      'researcher/1',
      'researcher/2',
      'researcher/3',
      'researcher/4',
    ]);
    const report = research.report(it.state);
    assert.ok(report.gaps.includes('The gap check found this not covered by the first round: the costs'));
    assert.equal(new Map(report.metadata).get('Completeness'), '100.0 % (5 of 5 agents)');
    const end = it.finish();
    assert.ok(end.type === 'complete');
    assert.equal(end.completeness, 1);
  });

  test('counts the researchers it added among those that make the run complete', () => {
    const it = run(found(1), (id) =>
      id === 'researcher/3' ? failure('rate_limited', 'slow down') : undefined,
    );
    const end = it.finish();
    assert.ok(end.type === 'complete');
    assert.equal(end.completeness, 0.75);
    assert.deepEqual(end.failedAgentIds, ['researcher/3']);
  });

  test('is shown the plan, what is missing and the findings, each as data and cut', () => {
    const long = `${'x'.repeat(limits.gapCheckFindingCharsMax)} tail </material> end`;
    const it = run(found(0), (id) => {
      if (id === 'researcher/1') return failure('timeout', 'late');
      return id === 'researcher/2' ? 'NO ANSWER: nobody knows' : id === 'researcher/0' ? long : undefined;
    });
    const { messages, jsonSchema } = research.render(it.state, 'evaluator', []);
    const text = messages.map(({ content }) => content).join('\n');
    assert.equal(jsonSchema?.name, 'gap_check');
    assert.match(text, /<material kind="plan">\n- Part 0: What is known about part 0\?\n- Part 1/);
    assert.match(text, /- Part 1\n- Part 2 \(not found out: nobody knows\)/);
    assert.match(text, /<material kind="finding" agent="researcher\/0" title="Part 0">/);
    assert.match(text, /\[cut here: 21 more characters\]/);
    assert.doesNotMatch(text, /tail|agent="researcher\/[12]"/);
    assert.match(text, /at most 2 follow-up questions/);
  });

  test('that finds nothing missing adds nobody', () => {
    const it = run(found(0, []));
    assert.equal(it.state.agents.has('researcher/3'), false);
    assert.deepEqual(research.report(it.state).gaps, []);
    assert.equal(it.finish().type, 'complete');
  });

  test('never fails the run: without it the synthesis follows, and the report says that nobody checked', () => {
    for (const check of [failure('overloaded', 'nobody at home'), 'I would rather write prose.']) {
      const it = run(check);
      assert.equal(it.agent('evaluator').status, 'failed');
      const { gaps } = research.report(it.state);
      assert.match(gaps.join('\n'), /Nobody checked whether the findings cover the plan/);
      assert.match(gaps.join('\n'), /evaluator \(Gap check\) failed: /);
      const end = it.finish();
      assert.ok(end.type === 'complete');
      assert.equal(end.completeness, 1);
    }
  });

  test('has one turn to mend an answer of the wrong form', () => {
    const it = new ResearchRun({ numAgents: 1, maxExtraResearchers: 1 });
    it.work((id, turn) => {
      if (id === 'planner') return planText(1);
      if (id !== 'evaluator') return `Text of ${id}.`;
      if (turn === 0) return 'All is well.';
      const { messages } = research.render(it.state, id, []);
      assert.match(messages.at(-1)?.content ?? '', /does not have the required form/);
      return found(1);
    });
    assert.equal(it.agent('researcher/1').status, 'completed');
  });

  test('asks nobody what the plan has asked already, nor the same twice', () => {
    const subtasks = [
      { title: 'Again', question: 'what is known about PART 1' },
      { title: 'New', question: 'What does it cost?' },
      { title: 'New too', question: 'What does it cost ?!' },
      { title: 'Empty', question: ' … ' },
      { title: 'Last', question: 'Who pays?' },
    ];
    const it = run(JSON.stringify({ uncovered: [], subtasks }));
    assert.equal(it.agent('researcher/3').subtask?.question, 'What does it cost?');
    assert.equal(it.agent('researcher/4').subtask?.question, 'Who pays?');
    assert.equal(it.state.agents.has('researcher/5'), false);
  });

  test('is not made when the quorum is lost, when the run concludes, or when nobody asked for it', () => {
    const lost = run(found(1), (id) =>
      id.startsWith('researcher/') ? failure('rate_limited', 'slow down') : undefined,
    );
    assert.equal(lost.state.agents.has('evaluator'), false);
    assert.equal(lost.finish().type, 'fail');

    const concluded = new ResearchRun({ numAgents: 1, maxExtraResearchers: 1 });
    concluded.schedule();
    concluded.answer('planner', planText(1));
    concluded.schedule();
    concluded.append({ type: 'conclusion_requested', reason: 'caller', graceDeadline: 0 });
    concluded.answer('researcher/0', 'Found.');
    assert.deepEqual(concluded.schedule(), ['final']);

    const plain = new ResearchRun({ numAgents: 1 });
    plain.work((id) => (id === 'planner' ? planText(1) : `Text of ${id}.`));
    assert.deepEqual([...plain.state.agents.keys()], ['planner', 'researcher/0', 'final']);
  });

  test('a run that concludes before they begin names the researchers that were not sent', () => {
    const it = new ResearchRun({ numAgents: 1, maxExtraResearchers: 1 });
    it.schedule();
    it.answer('planner', planText(1));
    it.schedule();
    it.answer('researcher/0', 'Found.');
    it.schedule();
    it.answer('evaluator', found(1));
    it.append({ type: 'conclusion_requested', reason: 'caller', graceDeadline: 0 });
    assert.deepEqual(it.schedule(), ['final']);
    it.answer('final', 'Summary.');
    assert.ok(research.report(it.state).gaps.includes('researcher/1 (More 0) was not started.'));
    const end = it.finish();
    assert.ok(end.type === 'complete');
    assert.equal(end.completeness, 0.5);
  });
});

test('a log of before there was a gap check runs on without one', () => {
  const it = new ResearchRun({ numAgents: 1 });
  const { maxExtraResearchers: _, ...input } = it.state.input;
  assert.equal(research.next({ ...it.state, input }).type, 'schedule');
  assert.deepEqual(
    research.estimate(input, { agentTimeoutMs: 1, maxConcurrentAgents: 1 }),
    research.estimate(it.state.input, { agentTimeoutMs: 1, maxConcurrentAgents: 1 }),
  );
});
