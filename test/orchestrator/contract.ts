import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { z } from 'zod';
import type { Decision, Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { failure } from '../../src/workflow/failure.ts';
import { outcomeOf } from '../../src/workflow/outcome.ts';
import { contentOf, isActive } from '../../src/workflow/state.ts';
import { cannedAnswer } from '../engine/scripted-catalog.ts';
import { OrchestratorRun, passage } from './research-run.ts';

/** Answers and failures beyond what any run of these inputs takes; a run that needs more never ends. */
const answersMax = 400;
const passages = [passage('D1.1'), passage('D1.2', 20)];

/** One thing that happens to a run: whose turn it is, and what comes of it. */
const happening = fc.record({
  who: fc.nat(),
  what: fc.constantFrom(
    'answer',
    'answer',
    'answer',
    'answer',
    'blank',
    'prose',
    'abstain',
    'fail',
    'conclude',
  ),
});

/**
 * What every orchestrator must keep, whatever its agents answer and in whatever order: a custom one runs this too.
 * `inputs` are valid ones that together reach all its rules.
 */
export function orchestratorContract(
  orchestrator: Orchestrator,
  inputs: readonly Readonly<Record<string, unknown>>[],
): void {
  describe(`${orchestrator.name} keeps the contract of orchestrators`, () => {
    test('it has a name, a version, a description and an input that can be shown and refuses what it does not know', () => {
      assert.match(orchestrator.name, /^[a-z][a-z_]*$/);
      assert.ok(Number.isSafeInteger(orchestrator.version) && orchestrator.version >= 1);
      assert.notEqual(orchestrator.description, '');
      const schema = z.toJSONSchema(orchestrator.inputSchema, { io: 'input', unrepresentable: 'any' });
      assert.equal(schema.type, 'object');
      for (const input of inputs) {
        const parsed = orchestrator.inputSchema.parse(input);
        assert.notEqual(orchestrator.taskOf(parsed), '');
        assert.notEqual(orchestrator.defaultTitle(parsed), '');
        assert.equal(orchestrator.inputSchema.safeParse({ ...input, unheardOf: 1 }).success, false);
        // The log holds what was parsed, and it is read again.
        assert.deepEqual(orchestrator.inputSchema.parse(JSON.parse(JSON.stringify(parsed))), parsed);
      }
    });

    test('it estimates more time for fewer agents at once', () => {
      for (const input of inputs) {
        const parsed = orchestrator.inputSchema.parse(input);
        const at = (maxConcurrentAgents: number) =>
          orchestrator.estimate(parsed, { agentTimeoutMs: 1_000, maxConcurrentAgents });
        assert.ok(at(1).workers >= 1 && at(1).agents >= at(1).workers);
        assert.ok(at(1).stagesMs >= at(20).stagesMs && at(20).stagesMs > 0);
      }
    });

    test('in any order of answers and failures it ends, within its caps, and schedules nothing twice', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...inputs),
          fc.array(happening, { minLength: answersMax, maxLength: answersMax }),
          fc.integer({ min: 1, max: 3 }),
          fc.boolean(),
          (input, happenings, minSuccessfulAgents, generateDocuments) => {
            const most = orchestrator.estimate(orchestrator.inputSchema.parse(input), {
              agentTimeoutMs: undefined,
              maxConcurrentAgents: 1,
            });
            const run = new OrchestratorRun(
              orchestrator,
              input,
              {
                minSuccessfulAgents: Math.min(minSuccessfulAgents, most.workers),
                ...(generateDocuments && { generateDocuments, documentFormats: ['markdown'] }),
              },
              passages,
            );
            const end = drive(run, happenings);
            assert.ok(
              run.state.agents.size <= most.agents,
              `${run.state.agents.size} of ${most.agents} agents`,
            );
            judgeEnd(run, end);
          },
        ),
        { numRuns: 60 },
      );
    });
  });
}

function drive(run: OrchestratorRun, happenings: readonly { who: number; what: string }[]): Decision {
  const { orchestrator } = run;
  for (const { who, what } of happenings) {
    for (let decision = run.next(); decision.type === 'schedule'; decision = run.next()) {
      assert.deepEqual(orchestrator.next(run.state), decision, 'asked the same, it answers the same');
      const ids = decision.agents.map(({ agentId }) => agentId);
      assert.equal(new Set(ids).size, ids.length, `asks for an agent twice: ${ids.join(', ')}`);
      for (const { agentId, inputAgentIds, timeoutMs } of decision.agents) {
        assert.ok(!run.state.agents.has(agentId), `${agentId} exists already`);
        assert.ok(timeoutMs > 0);
        for (const id of inputAgentIds) assert.ok(!isActive(run.agent(id)), `${agentId} waits for ${id}`);
      }
      run.schedule();
    }
    const decision = run.next();
    if (decision.type !== 'wait') return run.finish();
    const progress = orchestrator.progress(run.state);
    assert.ok(progress >= 0 && progress <= 99, `progress ${progress}`);
    const active = [...run.state.agents.values()].filter(isActive);
    const agent = active[who % active.length];
    assert.ok(agent, 'waits, but nothing is under way');
    if (what === 'conclude' && !run.state.conclusion) {
      run.append({ type: 'conclusion_requested', reason: 'caller', graceDeadline: run.state.updateTime });
      continue;
    }
    const texts = passages.map(({ handle, documentName }) => ({ handle, documentName, text: 'It is so.' }));
    const prompt = orchestrator.render(run.state, agent.agentId, texts);
    assert.deepEqual(orchestrator.render(run.state, agent.agentId, texts), prompt);
    assert.equal(prompt.messages[0]?.role, 'system');
    const request = { ...prompt, attemptId: `${agent.agentId}/${who}`, model: 'm', maxOutputTokens: 100 };
    if (what === 'fail') run.answer(agent.agentId, failure('refused', 'no'));
    else if (what === 'blank') run.answer(agent.agentId, ' ');
    else if (what === 'prose') run.answer(agent.agentId, 'I would rather write about [D1.1] and [D9.9].');
    else if (what === 'abstain') run.answer(agent.agentId, 'NO ANSWER: nobody has written about it.');
    else run.answer(agent.agentId, cannedAnswer(request));
  }
  throw new assert.AssertionError({ message: `it has not ended after ${answersMax} happenings` });
}

function judgeEnd(run: OrchestratorRun, end: Decision): void {
  const report = run.orchestrator.report(run.state);
  assert.equal(report.title, run.state.title);
  if (end.type === 'fail') {
    assert.match(end.errorType, /^[a-z_]+$/);
    assert.ok(!end.errorType.endsWith('_defect'), `${end.errorType}: ${end.message}`);
    assert.notEqual(end.message, '');
    return;
  }
  assert.ok(end.type === 'complete', end.type);
  assert.ok(end.completeness > 0 && end.completeness <= 1, `completeness ${end.completeness}`);
  const failed = [...run.state.agents.values()].filter(({ status }) => status === 'failed');
  assert.deepEqual(
    end.failedAgentIds,
    failed.map(({ agentId }) => agentId),
  );
  assert.equal(run.orchestrator.next(run.state).type, 'wait', 'it asks for something after its end');
  if (failed.length > 0) assert.ok(report.gaps.length > 0, 'the report hides what failed');
  for (const agent of run.state.agents.values()) {
    if (outcomeOf(agent) !== 'abstained') continue;
    const named = report.gaps.some(
      (gap) => gap.startsWith(agent.agentId) && gap.includes('nobody has written'),
    );
    assert.ok(named, `the report hides that ${agent.agentId} abstained`);
  }
  if (end.finalAgentId === undefined) return;
  assert.notEqual(contentOf(run.agent(end.finalAgentId)), undefined, 'the result has no text');
  assert.ok(report.sections.length > 0);
}
