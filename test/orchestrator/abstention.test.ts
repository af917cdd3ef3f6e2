import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { research } from '../../src/orchestrator/research.ts';
import { failure } from '../../src/workflow/failure.ts';
import { ResearchRun, planText } from './research-run.ts';

const none = 'NO ANSWER: the archive is closed\n\nI looked in [D1.1].';

describe('a researcher that could not find out', () => {
  test('counts neither as a success nor as a failure, and the report says why', () => {
    const run = new ResearchRun({ numAgents: 4, enableDrummer: false });
    run.work((id) => {
      if (id === 'planner') return planText(4);
      if (id === 'researcher/1') return none;
      return id === 'researcher/2' ? failure('rate_limited', 'slow down') : `Text of ${id}.`;
    });
    assert.equal(run.agent('researcher/1').completion?.outcome, 'abstained');
    assert.equal(run.agent('researcher/0').completion?.outcome, undefined);
    const executive = run.agent('executive');
    assert.deepEqual(executive.inputAgentIds, ['researcher/0', 'researcher/3']);
    const prompt = research.render(run.state, 'executive', []).messages.map(({ content }) => content);
    assert.match(prompt.join('\n'), /- Part 2\n- Part 1 \(not found out: the archive is closed\)/);
    const report = research.report(run.state);
    assert.ok(report.gaps.includes('researcher/1 (Part 1) could not find out: the archive is closed'));
    assert.doesNotMatch(JSON.stringify(report.sections), /NO ANSWER|researcher\/1/);
    assert.equal(new Map(report.metadata).get('Completeness'), '50.0 % (2 of 4 agents)');
    const end = run.finish();
    assert.ok(end.type === 'complete');
    assert.equal(end.completeness, 0.5);
    assert.deepEqual(end.failedAgentIds, ['researcher/2']);
  });

  test('a run in which all of them abstain fails and names each reason', () => {
    const run = new ResearchRun({ numAgents: 2 });
    run.work((id) => (id === 'planner' ? planText(2) : none));
    const end = run.finish();
    assert.ok(end.type === 'fail');
    assert.equal(end.errorType, 'quorum_not_met');
    assert.match(end.message, /0 succeeded, 2 abstained, 0 failed\)/);
    assert.match(end.message, /abstained: researcher\/0 \(the archive is closed\), researcher\/1 \(the/);
  });

  test('only a researcher may: a planner and a synthesis that say it are read as they always were', () => {
    const run = new ResearchRun({ numAgents: 2, enableDrummer: false });
    run.work((id) => (id === 'planner' ? planText(2) : id === 'executive' ? none : `Text of ${id}.`));
    assert.equal(run.agent('executive').completion?.outcome, undefined);
    assert.equal(run.finish().type, 'complete');
  });
});

test('a log of before abstentions had a name keeps its course', () => {
  const run = new ResearchRun({ numAgents: 1 });
  run.schedule();
  run.answer('planner', planText(1));
  run.schedule();
  run.answer('researcher/0', none);
  const old = structuredClone(run.agent('researcher/0'));
  const { outcome: _, ...completion } = old.completion ?? assert.fail('it has completed');
  const agents = new Map(run.state.agents).set('researcher/0', { ...old, completion });
  const decision = research.next({ ...run.state, agents });
  assert.ok(decision.type === 'schedule');
  assert.deepEqual(decision.agents[0]?.inputAgentIds, ['researcher/0']);
});
