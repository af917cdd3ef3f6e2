import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { research } from '../../src/orchestrator/research.ts';
import { failure } from '../../src/workflow/failure.ts';
import { ResearchRun, passage, planText } from './research-run.ts';

const passages = [passage('D1.1', 0), passage('D1.2', 20), passage('D2.1', 40)];

function finished(): ResearchRun {
  const run = new ResearchRun(
    { numAgents: 8 },
    { generateDocuments: true, documentFormats: ['markdown'] },
    passages,
  );
  run.work((id) => {
    if (id === 'planner') return planText(8);
    if (id === 'researcher/2') return failure('timeout', 'no first\nbyte');
    if (id === 'synthesizer/1') return failure('refused', 'no');
    if (id === 'researcher/0') return 'Zero [D1.2] and [D6.6].';
    if (id === 'researcher/1') return 'One [D2.1, D1.2].';
    if (id === 'synthesizer/0') return 'Group: [D2.1].';
    if (id === 'final') return 'Summary [D1.1] [D1.2].';
    return id === 'researcher/7' ? 'Seven [D1.1].' : `Text of ${id}.`;
  });
  return run;
}

describe('the report of a research run', () => {
  test('has the final synthesis first, then groups, then findings with their subtasks', () => {
    const report = research.report(finished().state);
    assert.equal(report.title, 'Research: What is known about the parts?');
    assert.deepEqual(
      report.sections.map((section) => [section.depth, section.heading]),
      [
        [2, 'Synthesis'],
        [2, 'Group synthesis 1 of 2'],
        [2, 'Findings'],
        [3, 'researcher/0: Part 0'],
        [3, 'researcher/1: Part 1'],
        [3, 'researcher/3: Part 3'],
        [3, 'researcher/4: Part 4'],
        [3, 'researcher/5: Part 5'],
        [3, 'researcher/6: Part 6 (unsynthesised)'],
        [3, 'researcher/7: Part 7 (unsynthesised)'],
      ],
    );
    assert.equal(report.sections[3]?.markdown, '> What is known about part 0?\n\nZero [3] and.');
  });

  test('numbers sources across all sections by first citation and drops unknown handles', () => {
    const report = research.report(finished().state);
    // The final agent was given group 0's synthesis and the findings of group 1; D1.2 is in neither.
    assert.equal(report.sections[0]?.markdown, 'Summary [1].');
    assert.equal(report.sections[1]?.markdown, 'Group: [2].');
    assert.deepEqual(
      report.sources.map((source) => [source.number, source.handle, source.start]),
      [
        [1, 'D1.1', 0],
        [2, 'D2.1', 40],
        [3, 'D1.2', 20],
      ],
    );
    assert.doesNotMatch(JSON.stringify(report.sections), /D\d+\.\d+/);
  });

  test('names failed agents, unsynthesised groups and removed citations', () => {
    assert.deepEqual(research.report(finished().state).gaps, [
      'researcher/2 (Part 2) failed: timeout: no first byte',
      'synthesizer/1 (Group synthesis 2 of 2) failed: refused: no',
      'The findings of researcher/6, researcher/7 are unsynthesised because synthesizer/1 failed.',
      'researcher/0 cited [D6.6], which no source of its material has; removed.',
      'final cited [D1.2], which no source of its material has; removed.',
    ]);
  });

  test('says when, with what, how much and how complete', () => {
    const run = finished();
    const metadata = new Map(research.report(run.state).metadata);
    assert.deepEqual(
      [...metadata.keys()],
      ['Workflow', 'Started', 'Finished', 'Duration', 'Provider', 'Models', 'Completeness', 'Tokens', 'Cost'],
    );
    assert.equal(metadata.get('Workflow'), 'research_0a1b2c3d4e5f');
    assert.equal(metadata.get('Started'), '2023-11-14T22:13:22.000Z');
    assert.match(metadata.get('Finished') ?? '', /^2023-11-14T22:\d\d:\d\d\.000Z$/);
    assert.equal(metadata.get('Models'), 'plan-1, work-1, synthesis-1');
    assert.equal(metadata.get('Completeness'), '87.5 % (7 of 8 agents)');
    assert.equal(metadata.get('Tokens'), '100 in, 50 out');
    assert.equal(metadata.get('Cost'), '0.01 USD');
  });

  test('says for how many calls no price is known', () => {
    const run = new ResearchRun({ numAgents: 1 });
    run.schedule();
    const call = { agentId: 'planner', turn: 0, attempt: 1 };
    run.append({
      type: 'model_call_started',
      ...call,
      provider: 'x',
      model: 'm',
      reserved: { inputTokens: 1, outputTokens: 1 },
    });
    run.append({
      type: 'model_call_ended',
      ...call,
      result: 'ok',
      output: { text: planText(1), finishReason: 'stop' },
      usage: { inputTokens: 1, outputTokens: 1 },
      assumed: false,
      durationMs: 1,
    });
    assert.equal(new Map(research.report(run.state).metadata).get('Cost'), 'unknown price for 1 call');
  });

  test('is the same before and after its documents are rendered', () => {
    const run = finished();
    const before = research.report(run.state);
    run.finish();
    assert.equal(run.state.status, 'completed');
    assert.deepEqual(research.report(run.state), before);
  });

  test('the only group is the synthesis and stands once', () => {
    const run = new ResearchRun({ numAgents: 5 });
    run.work((id) => (id === 'planner' ? planText(5) : `Text of ${id}.`));
    const report = research.report(run.state);
    assert.deepEqual(
      report.sections.filter((section) => section.depth === 2).map((section) => section.heading),
      ['Synthesis', 'Findings'],
    );
    assert.deepEqual(report.gaps, []);
    assert.equal(report.sections[0]?.markdown, 'Text of synthesizer/0.');
  });

  test('a run that was cut off has a report of what it got', () => {
    const run = new ResearchRun({ numAgents: 2 });
    run.schedule();
    run.answer('planner', planText(2));
    run.schedule();
    run.answer('researcher/1', 'Found.');
    run.append({
      type: 'workflow_timed_out',
      limit: 'workflow_timeout',
      limitMs: 1,
      error: { type: 't', message: 'm' },
    });
    const report = research.report(run.state);
    assert.deepEqual(
      report.sections.map((section) => section.heading),
      ['Findings', 'researcher/1: Part 1'],
    );
    assert.ok(report.gaps.includes('researcher/0 (Part 0) did not finish.'));
  });
});
