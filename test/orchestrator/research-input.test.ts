import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { research } from '../../src/orchestrator/research.ts';

const task = 'Compare the parts';

function problems(input: unknown): readonly string[] {
  const result = research.inputSchema.safeParse(input);
  return result.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? [];
}

describe('research input', () => {
  test('row 43, row 44, row 45: numAgents is 8 and both tiers are on unless the caller says otherwise', () => {
    assert.deepEqual(research.inputSchema.parse({ task }), {
      task,
      numAgents: 8,
      maxExtraResearchers: 0,
      enableDrummer: true,
      enableCamina: true,
    });
    const given = { task, numAgents: 3, maxExtraResearchers: 5, enableDrummer: false, enableCamina: false };
    assert.deepEqual(research.inputSchema.parse(given), given);
  });

  test('row 41: the task is required and says so', () => {
    assert.deepEqual(problems({}), ['task is required: what to research, 10 to 5000 characters']);
    assert.deepEqual(problems({ task: 5 }), ['task must be a text, found a value of type number']);
  });

  test('row 41: the task is trimmed before its characters are counted', () => {
    assert.match(problems({ task: ' '.repeat(12) })[0] ?? '', /^task is too short: 10 to 5000 .* found 0$/);
    assert.match(problems({ task: '   nine char   ' })[0] ?? '', /found 9$/);
    assert.deepEqual(research.inputSchema.parse({ task: '\n ten chars! \t' })['task'], 'ten chars!');
    assert.deepEqual(problems({ task: ` ${'x'.repeat(5_000)} ` }), []);
    assert.match(problems({ task: 'x'.repeat(5_001) })[0] ?? '', /too long: .* found 5001$/);
  });

  test('row 41: an emoji is one character', () => {
    assert.deepEqual(problems({ task: '🦊'.repeat(10) }), []);
    assert.deepEqual(problems({ task: '🦊'.repeat(5_000) }), []);
    assert.match(problems({ task: '🦊'.repeat(9) })[0] ?? '', /found 9$/);
  });

  test('half a surrogate pair in the task is replaced', () => {
    assert.equal(research.inputSchema.parse({ task: `broken \ud83d text` })['task'], 'broken \ufffd text');
  });

  test('row 43: numAgents outside 1 to 20 is refused with the bounds and the value', () => {
    for (const numAgents of [0, 21, 1.5, -1]) {
      assert.ok(
        problems({ task, numAgents }).includes(
          `numAgents must be a whole number from 1 to 20, found ${numAgents}`,
        ),
      );
    }
    assert.deepEqual(problems({ task, numAgents: 1 }), []);
    assert.deepEqual(problems({ task, numAgents: 20 }), []);
    assert.match(problems({ task, numAgents: '8' })[0] ?? '', /found a value of type string$/);
    assert.notDeepEqual(problems({ task, numAgents: Number.NaN }), []);
  });

  test('row 44, row 45: the tier switches are booleans only', () => {
    assert.match(problems({ task, enableDrummer: 'yes' })[0] ?? '', /^enableDrummer must be true or false/);
    assert.match(problems({ task, enableCamina: 1 })[0] ?? '', /^enableCamina must be true or false/);
  });

  test('row 51: there is no switch for parallel execution, and unknown fields are refused', () => {
    assert.match(problems({ task, parallelExecution: false })[0] ?? '', /parallelExecution/);
    assert.match(problems({ task, num_agents: 3 })[0] ?? '', /num_agents/);
  });

  test('row 42: the default title is the first 50 characters, with dots only when cut', () => {
    const title = (text: string) => research.defaultTitle(research.inputSchema.parse({ task: text }));
    assert.equal(title('x'.repeat(50)), `Research: ${'x'.repeat(50)}`);
    assert.equal(title('x'.repeat(51)), `Research: ${'x'.repeat(50)}...`);
    assert.equal(title('🦊'.repeat(50)), `Research: ${'🦊'.repeat(50)}`);
    assert.equal(title(`${'🦊'.repeat(50)}!`), `Research: ${'🦊'.repeat(50)}...`);
  });
});

describe('research estimate', () => {
  const estimate = (input: object, maxConcurrentAgents = 10, agentTimeoutMs?: number) =>
    research.estimate(research.inputSchema.parse({ task, ...input }), {
      agentTimeoutMs,
      maxConcurrentAgents,
    });

  test('row 22: workers are the requested agents, whatever tiers they need', () => {
    assert.equal(estimate({}).workers, 8);
    assert.equal(estimate({}).agents, 1 + 8 + 2 + 1);
    assert.equal(estimate({ numAgents: 5 }).agents, 1 + 5 + 1);
    assert.equal(estimate({ numAgents: 20 }).agents, 1 + 20 + 4 + 1);
    assert.equal(estimate({ numAgents: 20, enableDrummer: false, enableCamina: false }).agents, 1 + 20 + 1);
  });

  test('row 28: one agent still needs the time of all its stages', () => {
    assert.equal(estimate({ numAgents: 1 }).stagesMs, 300_000 + 180_000 + 300_000);
    assert.equal(estimate({ numAgents: 1 }, 10, 1_000).stagesMs, 3_000);
  });

  test('row 28: a stage takes its timeout as often as the concurrency makes it', () => {
    assert.equal(estimate({ numAgents: 20 }, 10).stagesMs, 300_000 + 2 * 180_000 + 240_000 + 300_000);
    assert.equal(estimate({ numAgents: 20 }, 1).stagesMs, 300_000 + 20 * 180_000 + 4 * 240_000 + 300_000);
    assert.equal(estimate({ numAgents: 5 }, 2).stagesMs, 300_000 + 3 * 180_000 + 240_000);
  });
});
