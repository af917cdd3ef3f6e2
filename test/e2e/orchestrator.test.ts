import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { wireJson } from '../../src/cli/wire-json.ts';
import { structOf } from '../../src/client/struct-message.ts';
import type { RunOptions__Input } from '../../src/gen/orchestrator/v1/RunOptions.ts';
import type { Workflow__Output } from '../../src/gen/orchestrator/v1/Workflow.ts';
import type { WorkflowResult__Output } from '../../src/gen/orchestrator/v1/WorkflowResult.ts';
import { catalogService, workflowService } from '../../src/grpc/definition.ts';
import { Daemon, temporaryFolder } from './daemon.ts';
import { assertFinishedLog, present } from './session.ts';
import { World } from './world.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const task = 'How is a durable log written and recovered?';
const notes = [
  '# Logs\n\nA durable log is written with fsync before the answer leaves. An event is never changed.',
  '## Recovery\n\nAfter a crash the durable log is read again and the state is folded from its events.',
].join('\n\n');
const documents = [{ name: 'notes.md', text: notes }];
const step = (title: string, instruction: string) => ({ title, instruction });
const steps = [
  step('Collect', 'Collect what is said about a durable log.'),
  step('Explain', 'Explain how a durable log is recovered.'),
];
const branches = { relaxed: steps, urgent: [step('Short', 'Say how a durable log is written.')] };

/** An orchestrator with a defect, beside the configuration that names it. */
const thrower = `
import { defineOrchestrator, z } from 'mcp-orchestrator/orchestrator';
export default defineOrchestrator({
  name: 'thrower',
  version: 1,
  description: 'Throws when its agent has ended.',
  input: { task: z.string() },
  task: ({ task }) => task,
  stages: () => [1],
  next({ ended }) {
    if (ended('one')) throw new Error('a defect of the rules');
    return { ask: [{ id: 'one', title: 'One', instruction: 'Do it.' }] };
  },
});
`;

/** An input of every orchestrator that a server with the examples has. */
const inputs: Readonly<Record<string, object>> = {
  research: { task, numAgents: 2 },
  search: { query: task, numAgents: 9 },
  sequential: { task, steps },
  conditional: { task: `${task} It is urgent.`, condition: { question: 'How soon is it needed?' }, branches },
  iterative: { task, criteria: ['mentions fsync', 'mentions zebras'], maxIterations: 2 },
  debate: { motion: 'A durable log should be written with fsync.' },
  map_reduce: { question: 'How does it treat a durable log?', items: ['recovery', 'fsync'] },
};

let folder: { readonly path: string; remove(): Promise<void> };
let world: World;

before(async () => {
  folder = await temporaryFolder();
  const config = join(folder.path, 'orchestrator.yaml');
  const modules = [`${examples}debate.ts`, `${examples}map-reduce.ts`, './thrower.ts'];
  writeFileSync(config, `orchestrators: ${JSON.stringify(modules)}\n`);
  writeFileSync(join(folder.path, 'thrower.ts'), thrower);
  mkdirSync(join(folder.path, 'docs'));
  writeFileSync(join(folder.path, 'docs', 'notes.md'), notes);
  world = await World.open({ ORCHESTRATOR_CONFIG: config });
});
after(async () => {
  await world.close();
  await folder.remove();
});

interface Ended {
  readonly workflow: Workflow__Output;
  readonly result: WorkflowResult__Output;
  /** The result's details as plain JSON. */
  readonly details: Readonly<Record<string, unknown>>;
}

async function run(orchestrator: string, input: object, options: RunOptions__Input = {}): Promise<Ended> {
  const request = { orchestrator, input: structOf(input), options };
  const { workflow: started } = await world.session.ask(workflowService.StartWorkflow, request);
  const workflow = await world.session.ended(present(started).workflowId);
  const result = await world.session.result(workflow.workflowId);
  assertFinishedLog(await world.session.events(workflow.workflowId));
  return { workflow, result, details: (wireJson(result.details) ?? {}) as Record<string, unknown> };
}

const offline: RunOptions__Input = { providerName: 'offline', documents };

describe('every orchestrator over gRPC', () => {
  test('is listed with its description and the schema of its input', async () => {
    const { orchestrators } = await world.session.ask(catalogService.ListOrchestrators, {});
    assert.deepEqual(
      orchestrators.map(({ name }) => name),
      [...Object.keys(inputs), 'thrower'],
    );
    for (const { name, description, inputSchema } of orchestrators) {
      const schema = wireJson(inputSchema) as {
        type: string;
        properties: object;
        additionalProperties: unknown;
      };
      assert.notEqual(description, '');
      assert.equal(schema.type, 'object');
      assert.equal(schema.additionalProperties, false);
      for (const field of Object.keys(inputs[name] ?? {}))
        assert.ok(field in schema.properties, `${name}.${field}`);
    }
  });

  for (const [orchestrator, input] of Object.entries(inputs)) {
    test(`${orchestrator} ends completed on the offline provider, with a report that cites the document`, async () => {
      const { workflow, result } = await run(orchestrator, input, offline);
      assert.equal(workflow.state, 'STATE_COMPLETED', workflow.error?.message ?? '');
      assert.notEqual(result.content, '');
      assert.equal(result.completeness, 1);
      assert.ok(result.sources.length > 0, 'no source is cited');
      assert.equal(result.documents[0]?.state, 'STATE_COMPLETED');
    });

    test(`${orchestrator} ends completed on a model over HTTP`, async () => {
      const { workflow, result } = await run(orchestrator, input);
      assert.equal(workflow.state, 'STATE_COMPLETED', workflow.error?.message ?? '');
      assert.equal(workflow.providerName, 'xai');
      assert.notEqual(result.content, '');
    });
  }
});

describe('steps in a sequence', () => {
  test('each is handed the output of the one before', async () => {
    const { workflow, result } = await run('sequential', { task, steps });
    assert.deepEqual(
      workflow.agents.map(({ agentId, inputAgentIds }) => [agentId, inputAgentIds]),
      [
        ['step/0', []],
        ['step/1', ['step/0']],
      ],
    );
    assert.equal(result.finalAgentId, 'step/1');
    const [first] = result.agentResults;
    const asked = world.simulator.ledger.entries.find(({ attemptId }) =>
      attemptId.startsWith(`${workflow.workflowId}/step/1/`),
    );
    assert.ok(
      JSON.stringify(asked?.body).includes(JSON.stringify(first?.content.split('\n')[0]).slice(1, -1)),
    );
  });

  test('a failed one stops the rest, unless the run goes on without it', async () => {
    world.simulator.when(({ attemptId }) => /^sequential_.*\/step\/1\//.test(attemptId), {
      kind: 'status',
      status: 400,
    });
    const three = [...steps, step('Close', 'Write a closing sentence.')];
    const stopped = await run('sequential', { task, steps: three });
    assert.equal(stopped.workflow.state, 'STATE_FAILED');
    assert.equal(stopped.workflow.error?.type, 'step_failed');
    assert.match(stopped.workflow.error?.message ?? '', /^step\/1 \(Explain\)/);
    assert.equal(stopped.workflow.agents.length, 2);
    assert.equal(stopped.result.agentResults.length, 1, 'what the first step found stays readable');
    const goes = await run('sequential', { task, steps: three, continueOnFailure: true });
    assert.equal(goes.workflow.state, 'STATE_COMPLETED');
    assert.equal(goes.result.completeness, 0.6667);
    assert.deepEqual(goes.workflow.agents[2]?.inputAgentIds, ['step/0'], 'the last output there is');
    assert.ok(goes.result.gaps.some((gap) => gap.startsWith('step/1 (Explain) failed')));
    world.simulator.reset();
  });
});

describe('a condition', () => {
  test('is a literal: no model is asked, and the branch is in the result', async () => {
    const { workflow, details } = await run('conditional', { task, condition: 'urgent', branches });
    assert.deepEqual(details, { branch: 'urgent', decidedBy: 'literal' });
    assert.deepEqual(
      workflow.agents.map(({ title }) => title),
      ['Short'],
    );
  });

  test('is a question: the model answers with a branch, mends a bad answer once, and the branch is in the result', async () => {
    const condition = { question: 'How soon is it needed?' };
    const answer = (text: string): void =>
      world.simulator.when(
        ({ attemptId }) => /^conditional_.*\/condition\//.test(attemptId),
        { kind: 'answer', text },
        1,
      );
    answer('{"branch": "tomorrow", "reason": "none"}');
    answer('Certainly: {"branch": "urgent", "reason": "It says so."}');
    const { workflow, details } = await run('conditional', { task, condition, branches });
    assert.deepEqual(details, { branch: 'urgent', decidedBy: 'model', reason: 'It says so.' });
    assert.deepEqual(
      workflow.agents.map(({ agentId, role }) => [agentId, role]),
      [
        ['condition', 'evaluator'],
        ['step/0', 'step'],
      ],
    );
    answer('no');
    answer('never');
    const lost = await run('conditional', { task, condition, branches });
    assert.equal(lost.workflow.error?.type, 'evaluator_failed');
    answer('no');
    answer('never');
    const saved = await run('conditional', { task, condition, branches, defaultBranch: 'relaxed' });
    assert.deepEqual(saved.details, { branch: 'relaxed', decidedBy: 'default' });
    assert.equal(saved.workflow.state, 'STATE_COMPLETED');
  });
});

describe('iterations', () => {
  const verdict = (text: string): void =>
    world.simulator.when(
      ({ attemptId }) => /^iterative_.*\/evaluation\//.test(attemptId),
      { kind: 'answer', text },
      1,
    );

  test('go on with the feedback until a draft passes; every one is in the result', async () => {
    verdict('{"passed": false, "feedback": "Name the zebras.", "score": 40}');
    verdict('{"passed": true, "feedback": ""}');
    const { workflow, result, details } = await run('iterative', { task, criteria: ['mentions zebras'] });
    assert.deepEqual(details, {
      converged: true,
      iterations: [
        {
          iteration: 1,
          draftAgentId: 'draft/0',
          evaluatorAgentId: 'evaluation/0',
          passed: false,
          feedback: 'Name the zebras.',
          score: 40,
        },
        {
          iteration: 2,
          draftAgentId: 'draft/1',
          evaluatorAgentId: 'evaluation/1',
          passed: true,
          feedback: '',
        },
      ],
    });
    assert.equal(result.finalAgentId, 'draft/1');
    assert.deepEqual(workflow.agents[2]?.inputAgentIds, ['draft/0', 'evaluation/0']);
    const revision = world.simulator.ledger.entries.find(({ attemptId }) =>
      attemptId.startsWith(`${workflow.workflowId}/draft/1/`),
    );
    assert.match(JSON.stringify(revision?.body), /Name the zebras\./);
  });

  test('end completed and not converged when they are used up', async () => {
    const { workflow, details } = await run('iterative', inputs['iterative'] ?? {}, offline);
    assert.equal(workflow.state, 'STATE_COMPLETED');
    assert.equal(details['converged'], false);
    assert.equal((details['iterations'] as unknown[]).length, 2);
  });
});

test('a bad input is refused with the path of each field', async () => {
  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    ['sequential', { task, steps: [{ title: 'A' }] }, ['input.steps[0].instruction']],
    ['sequential', { steps: [], later: 1 }, ['input.task', 'input.steps', 'input.later']],
    ['conditional', { task, condition: 'no', branches }, ['input.condition']],
    ['iterative', { task, criteria: ['ok so'], maxIterations: 11 }, ['input.maxIterations']],
    ['debate', { motion: 'short' }, ['input.motion']],
  ];
  for (const [orchestrator, input, paths] of cases) {
    const request = { orchestrator, input: structOf(input) };
    const { code, fields } = await world.session.refused(workflowService.StartWorkflow, request);
    assert.equal(code, 3);
    assert.deepEqual(
      fields.map(({ field }) => field),
      paths,
      orchestrator,
    );
  }
});

describe('the command line', () => {
  const cli = async (...argv: string[]): Promise<string> => (await started(...argv)).stdout;
  const started = (...argv: string[]) =>
    promisify(execFile)(process.execPath, [main, ...argv, '--address', world.daemon.address], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'] },
      timeout: 60_000,
    });

  for (const [orchestrator, input] of Object.entries(inputs)) {
    test(`starts ${orchestrator} with the input of a file, follows it and writes its report`, async () => {
      const file = join(folder.path, `${orchestrator}.json`);
      writeFileSync(file, JSON.stringify(input));
      const flags = ['--provider', 'offline', '--docs', 'docs', '--output', `out-${orchestrator}`];
      const text = await cli('start', orchestrator, '--input', file, ...flags);
      assert.match(text, /COMPLETED {2}in/);
      const path = present(/report: (.*\.md)/.exec(text)?.[1]);
      assert.match(readFileSync(path, 'utf8'), /## Sources/);
    });
  }

  test('reads the input from standard input, and says what is wrong with it', async () => {
    const given = async (text: string): Promise<string> => {
      const command = started('start', 'sequential', '--input', '-', '--detach');
      command.child.stdin?.end(text);
      return (await command).stdout;
    };
    const id = (await given(JSON.stringify(inputs['sequential']))).trim();
    assert.equal((await world.session.ended(id)).state, 'STATE_COMPLETED');
    await assert.rejects(given('{'), /standard input is no JSON/);
    await assert.rejects(given('[]'), /standard input must be a JSON object/);
    const deep = `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`;
    await assert.rejects(given(deep), /nested deeper than 16 levels/);
  });

  test('searches with types, and shows in the tree which agent has which', async () => {
    const flags = ['--types', 'news,image', '--agents', '2', '--provider', 'offline', '--json'];
    const { workflow } = JSON.parse(await cli('search', task, ...flags)) as {
      workflow: { state: string; plan: { subtasks: { type: string }[] } };
    };
    assert.equal(workflow.state, 'STATE_COMPLETED');
    assert.deepEqual(
      workflow.plan.subtasks.map(({ type }) => type),
      ['image', 'news'],
    );
  });

  test('lists what can be started', async () => {
    assert.match(await cli('orchestrators'), /^map_reduce +1 {2}Answers a question/m);
    assert.match(await cli('orchestrators', 'iterative'), /"maxIterations": \{/);
    await assert.rejects(cli('orchestrators', 'nothing'), /there are research, search/);
  });
});

test('a custom orchestrator that throws fails its own run and nothing else', async () => {
  const { workflow } = await run('thrower', { task });
  assert.equal(workflow.state, 'STATE_FAILED');
  assert.match(workflow.error?.message ?? '', /a defect of the rules/);
  assert.equal((await run('sequential', { task, steps })).workflow.state, 'STATE_COMPLETED');
});

test('a server whose configuration names a module that is no orchestrator does not start, and says which and why', async () => {
  const broken = join(folder.path, 'broken.ts');
  writeFileSync(broken, 'export default { name: "research" };\n');
  const config = join(folder.path, 'broken.yaml');
  writeFileSync(config, 'orchestrators: [./broken.ts, ./gone.ts]\n');
  const dataDir = join(folder.path, 'none');
  mkdirSync(dataDir);
  const start = Daemon.start({
    dataDir,
    env: { ORCHESTRATOR_CONFIG: config },
  });
  await assert.rejects(start, (error: Error) => {
    assert.match(error.message, /orchestrators\.0: .*broken\.ts has a version that is not a whole number/);
    assert.match(error.message, /orchestrators\.1: .*gone\.ts cannot be loaded/);
    return true;
  });
});
