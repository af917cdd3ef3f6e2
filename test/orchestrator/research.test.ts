import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Decision } from '../../src/orchestrator/orchestrator.ts';
import { research } from '../../src/orchestrator/research.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import { failure } from '../../src/workflow/failure.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { ResearchRun, passage, planText, type Answer } from './research-run.ts';

const timeout = failure('timeout', 'no first byte');

/** Answers of a whole run in which the named agents fail. */
const failing =
  (count: number, ...ids: readonly string[]) =>
  (agentId: string): Answer => {
    if (ids.includes(agentId)) return timeout;
    return agentId === 'planner' ? planText(count) : `Findings of ${agentId}.`;
  };

const idsOf = (decision: Decision): readonly string[] =>
  decision.type === 'schedule' ? decision.agents.map((agent) => agent.agentId) : [];

function planned(count: number, input: Record<string, unknown> = {}, options = {}): ResearchRun {
  const run = new ResearchRun({ numAgents: count, ...input }, options);
  run.schedule();
  run.answer('planner', planText(count));
  return run;
}

describe('what a research run does next', () => {
  test('it begins with a planner for the task, on the plan model', () => {
    const run = new ResearchRun();
    assert.deepEqual(run.next(), {
      type: 'schedule',
      agents: [
        {
          agentId: 'planner',
          role: 'planner',
          stage: { type: 'plan' },
          title: 'Plan',
          inputAgentIds: [],
          passageQuery: 'What is known about the parts?',
          model: 'plan-1',
          timeoutMs: 300_000,
        },
      ],
    });
    run.schedule();
    assert.deepEqual(run.next(), { type: 'wait' });
  });

  test('row 51: all researchers are scheduled at once, each with its own question', () => {
    const run = planned(8);
    const decision = run.next();
    assert.equal(decision.type, 'schedule');
    assert.deepEqual(
      idsOf(decision),
      Array.from({ length: 8 }, (_, index) => `researcher/${index}`),
    );
    if (decision.type !== 'schedule') return;
    assert.deepEqual(decision.agents[3], {
      agentId: 'researcher/3',
      role: 'researcher',
      stage: { type: 'work' },
      title: 'Part 3',
      subtask: { title: 'Part 3', question: 'What is known about part 3?' },
      inputAgentIds: [],
      passageQuery: 'What is known about part 3?',
      model: 'work-1',
      timeoutMs: 180_000,
    });
  });

  test('only researchers that do not exist are scheduled', () => {
    const run = planned(3);
    const decision = run.next();
    const events: ResearchRun['events'] = [];
    run.schedule();
    for (const event of run.events) {
      if (event.data.type === 'agent_scheduled' && event.data.agentId === 'researcher/2') break;
      events.push(event);
    }
    const state = events.reduce<WorkflowState | undefined>(evolve, undefined);
    assert.ok(state);
    assert.equal(idsOf(decision).length, 3);
    assert.deepEqual(idsOf(research.next(state)), ['researcher/2']);
  });

  test('a request that names an agent timeout gives it to every role', () => {
    const run = new ResearchRun({ numAgents: 5 }, { agentTimeoutMs: 7_000 });
    run.work(failing(5));
    assert.deepEqual(
      [...run.state.agents.values()].map((agent) => agent.timeoutMs),
      Array.from({ length: 7 }, () => 7_000),
    );
  });

  test('each role has its own time and model', () => {
    const run = new ResearchRun({ numAgents: 8 });
    run.work(failing(8));
    const seen = ['planner', 'researcher/0', 'synthesizer/1', 'executive'].map((id) => {
      const { role, model, timeoutMs } = run.agent(id);
      return [role, model, timeoutMs];
    });
    assert.deepEqual(seen, [
      ['planner', 'plan-1', 300_000],
      ['researcher', 'work-1', 180_000],
      ['synthesizer', 'synthesis-1', 240_000],
      ['executive', 'synthesis-1', 300_000],
    ]);
    assert.deepEqual(run.agent('executive').inputAgentIds, ['synthesizer/0', 'synthesizer/1']);
  });

  test('no group is synthesised while a researcher is under way', () => {
    const run = planned(6);
    run.schedule();
    for (let index = 0; index < 5; index++) run.answer(`researcher/${index}`, 'Found.');
    assert.deepEqual(run.next(), { type: 'wait' });
    run.answer('researcher/5', 'Found.');
    assert.deepEqual(idsOf(run.next()), ['synthesizer/0']);
  });

  const tiers: readonly (readonly [number, readonly string[], boolean, boolean, readonly string[]])[] = [
    [1, [], true, true, ['final']],
    [1, [], false, true, ['final']],
    [4, [], true, true, ['final']],
    [4, [], false, true, ['executive']],
    [4, [], false, false, ['final']],
    [5, [], true, true, ['synthesizer/0']],
    [5, ['researcher/1'], true, true, ['final']],
    [5, ['synthesizer/0'], true, true, ['synthesizer/0', 'final']],
    [6, [], true, true, ['synthesizer/0']],
    [8, [], true, true, ['synthesizer/0', 'synthesizer/1', 'executive']],
    [8, [], true, false, ['synthesizer/0', 'synthesizer/1', 'final']],
    [8, ['synthesizer/0'], true, true, ['synthesizer/0', 'synthesizer/1', 'final']],
    [8, ['synthesizer/0', 'synthesizer/1'], true, true, ['synthesizer/0', 'synthesizer/1', 'final']],
    [8, ['researcher/0', 'researcher/4'], true, true, ['synthesizer/0']],
    [11, ['synthesizer/1'], true, true, ['synthesizer/0', 'synthesizer/1', 'final']],
    [20, [], true, true, ['synthesizer/0', 'synthesizer/1', 'synthesizer/2', 'synthesizer/3', 'executive']],
    [
      20,
      ['synthesizer/3'],
      true,
      true,
      ['synthesizer/0', 'synthesizer/1', 'synthesizer/2', 'synthesizer/3', 'executive'],
    ],
    [20, [], false, true, ['executive']],
  ];
  for (const [count, failed, enableDrummer, enableCamina, expected] of tiers) {
    const flags = `drummer ${enableDrummer ? 'on' : 'off'}, camina ${enableCamina ? 'on' : 'off'}`;
    test(`${count} researchers, ${flags}, failed [${failed.join()}]: ${expected.join()}`, () => {
      const run = new ResearchRun({ numAgents: count, enableDrummer, enableCamina });
      run.work(failing(count, ...failed));
      const syntheses = [...run.state.agents.keys()].filter(
        (id) => id !== 'planner' && !id.startsWith('researcher'),
      );
      assert.deepEqual(syntheses, expected);
      const decision = run.finish();
      assert.equal(decision.type, 'complete');
      if (decision.type !== 'complete') return;
      assert.equal(decision.finalAgentId, expected.at(-1));
      assert.deepEqual([...decision.failedAgentIds].toSorted(), [...failed].toSorted());
      const lost = failed.filter((id) => id.startsWith('researcher')).length;
      assert.equal(decision.completeness, Math.round(((count - lost) / count) * 10_000) / 10_000);
    });
  }

  test('a failed group hands on its findings, marked as unsynthesised', () => {
    const run = new ResearchRun({ numAgents: 8 });
    run.work(failing(8, 'synthesizer/1'));
    const final = run.agent('final');
    assert.deepEqual(final.inputAgentIds, ['synthesizer/0', 'researcher/5', 'researcher/6', 'researcher/7']);
    assert.deepEqual(final.parameters['unsynthesised'], ['researcher/5', 'researcher/6', 'researcher/7']);
    const user = research.render(run.state, 'final', []).messages.at(-1)?.content ?? '';
    assert.equal(user.match(/checked="no, unsynthesised"/g)?.length, 3);
  });

  test('a run asks for documents once, and waits for each to end', () => {
    const run = new ResearchRun(
      { numAgents: 1 },
      { generateDocuments: true, documentFormats: ['markdown', 'pdf'] },
    );
    run.work(failing(1));
    assert.deepEqual(run.next(), { type: 'render', formats: ['markdown', 'pdf'] });
    run.append({ type: 'document_started', format: 'markdown' });
    assert.deepEqual(run.next(), { type: 'render', formats: ['pdf'] });
    run.append({ type: 'document_started', format: 'pdf' });
    assert.deepEqual(run.next(), { type: 'wait' });
    run.append({ type: 'document_failed', format: 'pdf', failure: failure('internal', 'no ink') });
    assert.deepEqual(run.next(), { type: 'wait' });
    run.append({ type: 'document_failed', format: 'markdown', failure: failure('internal', 'no ink') });
    assert.equal(run.next().type, 'complete');
  });

  test('without generated documents none is asked for', () => {
    const run = new ResearchRun(
      { numAgents: 1 },
      { generateDocuments: false, documentFormats: ['markdown'] },
    );
    run.work(failing(1));
    assert.equal(run.next().type, 'complete');
  });

  test('nothing is wanted of a workflow that is cancelling or has ended', () => {
    const run = planned(3);
    run.append({ type: 'cancellation_requested' });
    assert.deepEqual(run.next(), { type: 'wait' });
    const ended = new ResearchRun({ numAgents: 1 });
    ended.work(failing(1));
    ended.finish();
    assert.equal(ended.state.status, 'completed');
    assert.deepEqual(ended.next(), { type: 'wait' });
  });
});

describe('when a research run fails', () => {
  const errorOf = (decision: Decision): readonly [string, string] => {
    assert.equal(decision.type, 'fail');
    return decision.type === 'fail' ? [decision.errorType, decision.message] : ['', ''];
  };

  test('a planner that failed fails it', () => {
    const run = new ResearchRun();
    run.schedule();
    run.answer('planner', timeout);
    assert.deepEqual(errorOf(run.next()), ['planning_failed', 'planner: timeout: no first byte']);
  });

  test('a plan that cannot be read, also after the repair turn, fails it', () => {
    const run = new ResearchRun();
    run.schedule();
    run.answer('planner', 'No.');
    assert.deepEqual(run.next(), { type: 'wait' });
    run.answer('planner', 'Never.');
    assert.equal(run.agent('planner').failure?.code, 'invalid_answer');
    assert.equal(errorOf(run.next())[0], 'planning_failed');
  });

  test('it fails as soon as the quorum is out of reach, while others still work', () => {
    const run = planned(4, {}, { minSuccessfulAgents: 3 });
    run.schedule();
    run.answer('researcher/0', timeout);
    assert.deepEqual(run.next(), { type: 'wait' });
    run.answer('researcher/1', 'Found.');
    run.answer('researcher/2', failure('refused', 'not that'));
    const [type, message] = errorOf(run.next());
    assert.equal(type, 'quorum_not_met');
    assert.equal(
      message,
      'at least 3 successful researchers are required, 2 of 4 are still possible (1 succeeded, 2 failed); ' +
        'failed: researcher/0 (timeout: no first byte), researcher/2 (refused: not that)',
    );
  });

  test('a plan that is too short for the quorum costs no researcher', () => {
    const run = new ResearchRun({ numAgents: 6 }, { minSuccessfulAgents: 5 });
    run.schedule();
    run.answer('planner', planText(4));
    run.answer('planner', planText(4));
    assert.equal(errorOf(run.next())[0], 'quorum_not_met');
    assert.deepEqual([...run.state.agents.keys()], ['planner']);
  });

  test('a quorum above the number of agents costs nothing at all', () => {
    assert.equal(
      errorOf(new ResearchRun({ numAgents: 2 }, { minSuccessfulAgents: 3 }).next())[0],
      'quorum_not_met',
    );
  });

  test('all researchers failed is a failure, also with a quorum of 0', () => {
    const run = planned(2, {}, { minSuccessfulAgents: 0 });
    run.schedule();
    run.answer('researcher/0', timeout);
    assert.deepEqual(run.next(), { type: 'wait' });
    run.answer('researcher/1', timeout);
    assert.equal(errorOf(run.next())[0], 'quorum_not_met');
  });

  test('its message is bounded whatever the agents said', () => {
    const run = planned(20);
    for (const id of run.schedule()) run.answer(id, failure('rejected', 'x'.repeat(4_000)));
    assert.equal(errorOf(run.next())[1].length, 4_000);
  });

  for (const [count, id] of [
    [2, 'final'],
    [8, 'executive'],
  ] as const) {
    test(`a failed ${id} call fails it, and the findings stay readable`, () => {
      const run = new ResearchRun({ numAgents: count });
      run.work(failing(count, id));
      assert.deepEqual(errorOf(run.finish()), ['synthesis_failed', `${id}: timeout: no first byte`]);
      const report = research.report(run.state);
      assert.ok(report.sections.some((section) => section.markdown.includes('Findings of researcher/1.')));
      assert.ok(report.gaps.includes('There is no synthesis; the parts stand as they were found.'));
    });
  }

  test('with on_limit conclude a failed final call leaves the report to the code', () => {
    const run = new ResearchRun({ numAgents: 8 }, { onLimit: 'conclude' });
    run.work(failing(8, 'executive'));
    assert.deepEqual(run.finish(), {
      type: 'complete',
      completeness: 1,
      failedAgentIds: ['executive'],
      finalAgentId: undefined,
    });
    assert.equal(research.report(run.state).sections[0]?.heading, 'Group synthesis 1 of 2');
  });
});

describe('a research run that is concluded', () => {
  const conclusion = { type: 'conclusion_requested', reason: 'caller', graceDeadline: 1 } as const;

  test('opens no researcher, and fails before there is a plan or a finding', () => {
    const early = new ResearchRun();
    early.schedule();
    early.append(conclusion);
    assert.deepEqual(early.next(), {
      type: 'fail',
      errorType: 'concluded',
      message: 'concluded (caller) before there was a plan',
    });
    const run = planned(3);
    run.append(conclusion);
    assert.equal(run.next().type, 'fail');
  });

  test('writes one final text from what is there, whatever the quorum, and names what is missing', () => {
    const run = planned(8, {}, { minSuccessfulAgents: 8 });
    run.schedule();
    for (let index = 0; index < 6; index++) run.answer(`researcher/${index}`, 'Found.');
    run.append(conclusion);
    assert.deepEqual(run.next(), { type: 'wait' });
    run.answer('researcher/6', failure('concluded', 'closed early'));
    run.answer('researcher/7', failure('concluded', 'closed early'));
    assert.deepEqual(idsOf(run.next()), ['final']);
    run.schedule();
    assert.deepEqual(run.agent('final').inputAgentIds.length, 6);
    assert.deepEqual(run.agent('final').parameters['missing'], ['Part 6', 'Part 7']);
    run.answer('final', 'Report.');
    const decision = run.finish();
    assert.equal(decision.type === 'complete' && decision.completeness, 0.75);
    assert.ok(research.report(run.state).gaps.includes('The run was concluded early (caller).'));
  });

  test('keeps group syntheses that were under way', () => {
    const run = planned(8);
    for (const id of run.schedule()) run.answer(id, 'Found.');
    run.schedule();
    run.append(conclusion);
    run.answer('synthesizer/0', 'Group.');
    assert.deepEqual(run.next(), { type: 'wait' });
    run.answer('synthesizer/1', failure('concluded', 'closed early'));
    run.schedule();
    assert.deepEqual(run.agent('final').inputAgentIds, [
      'synthesizer/0',
      'researcher/5',
      'researcher/6',
      'researcher/7',
    ]);
  });
});

describe('turns of a research run', () => {
  test('the planner is asked for the schema, and once more for the missing ones only', () => {
    const run = new ResearchRun({ numAgents: 4 });
    run.schedule();
    const first = research.render(run.state, 'planner', []);
    assert.equal(first.jsonSchema?.name, 'research_plan');
    assert.equal(first.messages.length, 2);
    assert.deepEqual(first.brief, {
      kind: 'plan',
      task: 'What is known about the parts?',
      count: 4,
      missing: 4,
      known: [],
      passages: [],
    });
    run.answer('planner', planText(3));
    const second = research.render(run.state, 'planner', []);
    assert.deepEqual(
      second.messages.map((message) => message.role),
      ['system', 'user', 'assistant', 'user'],
    );
    assert.match(second.messages[3]?.content ?? '', /- Part 2[\s\S]*only the 1 missing subtask/);
    assert.ok(second.brief.kind === 'plan' && second.brief.missing === 1);
    run.answer('planner', planText(1, 3));
    assert.equal(run.state.plan?.subtasks.length, 4);
  });

  test('fewer subtasks than requested run, lower the completeness and are named', () => {
    const run = new ResearchRun({ numAgents: 4 });
    run.work((id) => (id === 'planner' ? planText(3) : 'Found.'));
    const decision = run.next();
    assert.equal(decision.type === 'complete' && decision.completeness, 0.75);
    assert.deepEqual(run.state.plan?.requested, 4);
    assert.ok(research.report(run.state).gaps.includes('The plan holds 3 of 4 requested subtasks.'));
  });

  test('the repair turn of a plan says what its schema has against the answer', () => {
    const run = new ResearchRun({ numAgents: 1 });
    run.schedule();
    run.answer('planner', '{"subtasks": "one"}');
    const { messages, jsonSchema } = research.render(run.state, 'planner', []);
    assert.match(messages.at(-1)?.content ?? '', /subtasks: .*expected array/i);
    assert.equal(jsonSchema?.name, 'research_plan');
    run.answer('planner', '{"subtasks": []}');
    const reason = run.agent('planner').failure;
    assert.equal(reason?.code, 'invalid_answer');
    assert.match(reason.message, /the plan holds no subtask/);
  });

  test('a blank planner answer is repaired without sending a blank message', () => {
    const run = new ResearchRun({ numAgents: 1 });
    run.schedule();
    run.answer('planner', '  ');
    assert.deepEqual(
      research.render(run.state, 'planner', []).messages.map((message) => message.role),
      ['system', 'user', 'user'],
    );
  });

  test('a blank answer of a researcher is asked for once more, then it has failed', () => {
    const run = planned(1);
    run.schedule();
    run.answer('researcher/0', ' \n');
    assert.equal(run.agent('researcher/0').status, 'working');
    assert.match(research.render(run.state, 'researcher/0', []).messages.at(-1)?.content ?? '', /was empty/);
    run.answer('researcher/0', '');
    assert.equal(run.agent('researcher/0').failure?.code, 'invalid_answer');
  });

  test('a researcher may cite its passages, a synthesizer what its findings cite', () => {
    const run = new ResearchRun({ numAgents: 2 }, {}, [passage('D1.1'), passage('D1.2', 20)]);
    run.work((id) => {
      if (id === 'planner') return planText(2);
      if (id === 'researcher/0') return 'A [D1.1]. B [D7.7].';
      return id === 'final' ? 'All [D1.1], and [D1.2].' : 'Nothing cited.';
    });
    assert.deepEqual(run.agent('researcher/0').completion?.citations, ['D1.1']);
    assert.deepEqual(run.agent('researcher/0').completion?.unknownCitations, ['D7.7']);
    assert.deepEqual(run.agent('final').completion?.citations, ['D1.1']);
    assert.deepEqual(run.agent('final').completion?.unknownCitations, ['D1.2']);
    const { brief } = research.render(run.state, 'final', []);
    assert.ok(brief.kind === 'synthesise');
    assert.equal(brief.findings[0]?.text, 'A [D1.1]. B.');
  });

  test('an unknown agent is a defect', () => {
    assert.throws(() => research.render(new ResearchRun().state, 'nobody', []), /there is no agent nobody/);
  });
});

describe('every prefix of a log', () => {
  const runs: Readonly<Record<string, () => ResearchRun>> = {
    'a full run of 8': () => {
      const run = new ResearchRun(
        { numAgents: 8 },
        { generateDocuments: true, documentFormats: ['markdown', 'docx'] },
      );
      run.work(failing(8));
      return run;
    },
    'a run with failures everywhere': () => {
      const run = new ResearchRun({ numAgents: 20 });
      run.work((id, turn) => {
        if (id === 'planner') return turn === 0 ? 'No.' : planText(turn === 1 ? 17 : 18);
        return ['researcher/3', 'researcher/9', 'synthesizer/2'].includes(id) ? timeout : 'Found.';
      });
      return run;
    },
    'a run whose final call fails': () => {
      const run = new ResearchRun({ numAgents: 3 });
      run.work(failing(3, 'final'));
      return run;
    },
  };
  for (const [name, build] of Object.entries(runs)) {
    test(`of ${name} gives one decision, and never an agent or a document that exists`, () => {
      const run = build();
      run.finish();
      assert.ok(run.state.endTime !== undefined);
      let state: WorkflowState | undefined;
      let last = 0;
      for (const event of run.events) {
        state = evolve(state, event);
        const decision = research.next(state);
        // From a copy that shares nothing: the answer depends on the log alone.
        assert.deepEqual(research.next(structuredClone(state)), decision);
        if (decision.type === 'schedule') {
          const ids = idsOf(decision);
          assert.ok(ids.length > 0 && new Set(ids).size === ids.length);
          for (const id of ids) assert.ok(!state.agents.has(id), `${id} at ${event.sequence}`);
          for (const spec of decision.agents) {
            for (const id of spec.inputAgentIds) assert.equal(state.agents.get(id)?.status, 'completed');
          }
        }
        if (decision.type === 'render') {
          for (const format of decision.formats) assert.ok(!state.documents.has(format));
        }
        const progress = research.progress(state);
        assert.ok(Number.isInteger(progress) && progress >= 0 && progress <= 99);
        if (run.boundaries.includes(event.sequence)) last = Math.max(last, progress);
        research.report(state);
        for (const agent of state.agents.values()) {
          if (agent.status === 'scheduled' || agent.status === 'working')
            research.render(state, agent.agentId, []);
        }
      }
      assert.equal(last, 99);
    });
  }

  test('whatever fails, a run ends in complete or fail, with all its agents ended', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.nat({ max: 24 }), { maxLength: 20 }),
        fc.integer({ min: 0, max: 20 }),
        (numAgents, enableDrummer, enableCamina, failures, minSuccessfulAgents) => {
          const all = [
            ...Array.from({ length: 20 }, (_, index) => `researcher/${index}`),
            'synthesizer/0',
            'synthesizer/1',
            'synthesizer/2',
            'executive',
            'final',
          ];
          const failed = failures.map((index) => all[index] ?? '');
          const run = new ResearchRun({ numAgents, enableDrummer, enableCamina }, { minSuccessfulAgents });
          run.work(failing(numAgents, ...failed));
          const decision = run.finish();
          assert.ok(decision.type === 'complete' || decision.type === 'fail', decision.type);
          if (decision.type === 'complete') {
            assert.equal(run.agent(decision.finalAgentId ?? '').status, 'completed');
            assert.ok(decision.completeness * numAgents + 0.01 >= Math.max(1, minSuccessfulAgents));
          }
        },
      ),
    );
  });
});

describe('progress', () => {
  test('rises with every agent that ends', () => {
    const run = new ResearchRun({ numAgents: 8 });
    const seen: number[] = [research.progress(run.state)];
    for (let decision = run.next(); decision.type === 'schedule'; decision = run.next()) {
      for (const id of run.schedule()) {
        run.answer(id, failing(8)(id));
        seen.push(research.progress(run.state));
      }
    }
    assert.deepEqual(seen, [0, 8, 16, 25, 33, 41, 50, 58, 66, 75, 83, 91, 99]);
  });
});
