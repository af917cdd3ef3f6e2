import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultMessage } from '../../src/grpc/result-message.ts';
import { research } from '../../src/orchestrator/research.ts';
import { failure } from '../../src/workflow/failure.ts';
import { ResearchRun, planText } from '../orchestrator/research-run.ts';

test('a result says of each agent what came of it, so that a throttled call is never read as an answer', () => {
  const run = new ResearchRun({ numAgents: 5, enableDrummer: false });
  run.work((id) => {
    if (id === 'planner') return planText(5);
    if (id === 'researcher/1') return 'NO ANSWER: nobody knows';
    if (id === 'researcher/2') return failure('rate_limited', 'slow down', true);
    if (id === 'researcher/3') return failure('refused', 'no');
    return id === 'researcher/4' ? failure('truncated', 'cut') : `Text of ${id}.`;
  });
  run.finish();
  const result = resultMessage(run.state, research.report(run.state));
  assert.equal(result.completeness, 0.2);
  assert.deepEqual(
    result.agentResults?.map(({ agentId, outcome }) => [agentId, outcome]),
    [
      ['researcher/0', 'answered'],
      ['researcher/1', 'abstained'],
      ['final', 'answered'],
    ],
  );
  assert.deepEqual(
    result.failedAgents?.map(({ agentId, outcome }) => [agentId, outcome]),
    [
      ['researcher/2', 'infrastructure_failure'],
      ['researcher/3', 'refused'],
      ['researcher/4', 'truncated'],
    ],
  );
});
