import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RunOptions__Input } from '../../src/gen/orchestrator/v1/RunOptions.ts';
import type { StartSearchRequest__Input } from '../../src/gen/orchestrator/v1/StartSearchRequest.ts';
import type { Workflow__Output } from '../../src/gen/orchestrator/v1/Workflow.ts';
import { workflowService } from '../../src/grpc/definition.ts';
import { specialisations } from '../../src/workflow/specialisation.ts';
import { present } from './session.ts';
import { World } from './world.ts';

const query = 'durable logs in practice';
const types: readonly string[] = specialisations;

let world: World;
before(async () => {
  world = await World.open();
});
after(() => world.close());

async function start(request: StartSearchRequest__Input): Promise<Workflow__Output> {
  return present((await world.session.ask(workflowService.StartSearch, request)).workflow);
}

const ended = async (request: StartSearchRequest__Input): Promise<Workflow__Output> =>
  world.session.ended((await start(request)).workflowId);

const inputOf = async (request: StartSearchRequest__Input): Promise<string> => {
  const { workflowId, input } = await start(request);
  await world.session.ended(workflowId);
  return JSON.stringify(input);
};

const typesOf = (workflow: Workflow__Output): readonly string[] =>
  (workflow.plan?.subtasks ?? []).map(({ type }) => type);

interface Refused {
  readonly name: string;
  readonly request: StartSearchRequest__Input;
  readonly field: string;
  readonly description: RegExp;
}

const optionsOf = (options: RunOptions__Input): StartSearchRequest__Input => ({ query, options });

const refused: readonly Refused[] = [
  { name: 'row 52: no query', request: {}, field: 'query', description: /is required/ },
  { name: 'row 52: four letters', request: { query: 'four' }, field: 'query', description: /5 to 1000/ },
  {
    name: 'row 52: spaces',
    request: { query: `  abc${' '.repeat(9)}` },
    field: 'query',
    description: /found 3/,
  },
  {
    name: 'row 52: 1,001 characters',
    request: { query: 'q'.repeat(1_001) },
    field: 'query',
    description: /too long/,
  },
  {
    name: 'row 53: a title of 201 characters',
    request: { query, title: 't'.repeat(201) },
    field: 'title',
    description: /200/,
  },
  {
    name: 'row 54: no agents',
    request: { query, numAgents: 0 },
    field: 'num_agents',
    description: /1 to 20/,
  },
  {
    name: 'row 54: 21 agents',
    request: { query, numAgents: 21 },
    field: 'num_agents',
    description: /1 to 20/,
  },
  {
    name: 'row 55: an unknown type',
    request: { query, allowedAgentTypes: ['news', 'gossip'] },
    field: 'allowed_agent_types[1]',
    description: /one of image, video.*"gossip"/,
  },
  {
    name: 'row 57: an unknown format is named',
    request: optionsOf({ documentFormats: ['markdown', 'exe'] }),
    field: 'options.document_formats[1]',
    description: /"exe"/,
  },
  {
    name: 'row 58: a provider with capitals',
    request: optionsOf({ providerName: 'X-AI' }),
    field: 'options.provider_name',
    description: /./,
  },
  {
    name: 'row 60: a webhook that is no web address',
    request: optionsOf({ webhookUrl: 'ftp://example.org' }),
    field: 'options.webhook_url',
    description: /./,
  },
];

for (const { name, request, field, description } of refused) {
  test(`${name} is refused, naming the field`, async () => {
    const { code, fields } = await world.session.refused(workflowService.StartSearch, request);
    assert.equal(code, 3);
    const violation = present(fields.find((found) => found.field === field));
    assert.match(violation.description, description);
  });
}

test('rows 48, 56, 57, 58 and 59: what a search does without options, and with a model of its own', async () => {
  const workflow = await ended({ query });
  assert.equal(workflow.state, 'STATE_COMPLETED');
  assert.equal(workflow.providerName, 'xai');
  assert.equal(workflow.options?.generateDocuments, true);
  assert.deepEqual(workflow.options?.documentFormats, ['markdown']);
  assert.equal(workflow.documents.length, 1);
  const other = await ended({ query, options: { model: 'grok-test', generateDocuments: false } });
  assert.deepEqual([...new Set(other.agents.map(({ model }) => model))], ['grok-test']);
  assert.equal(other.documents.length, 0);
});

test('row 48: a research without a provider uses xai, and refuses a name that is none', async () => {
  const workflow = await world.session.start({ numAgents: 1 });
  assert.equal(workflow.providerName, 'xai');
  await world.session.ended(workflow.workflowId);
  const { code } = await world.session.refused(workflowService.StartResearch, {
    task: 'What is known about durable logs?',
    options: { providerName: 'no_such_provider' },
  });
  assert.equal(code, 3);
});

test('rows 52, 53 and 54: the query is trimmed, the title made of it, five agents search and one writes', async () => {
  const workflow = await ended({ query: `  ${query}  ` });
  assert.equal(workflow.task, query);
  assert.equal(workflow.title, `Search: ${query}`);
  assert.match(workflow.workflowId, /^search_[0-9a-f]{12}$/);
  const roles = workflow.agents.map(({ role }) => role);
  assert.deepEqual(roles, ['planner', ...Array.from({ length: 5 }, () => 'researcher'), 'final']);
  const long = await start({ query: 'w'.repeat(60), title: '' });
  assert.equal(long.title, `Search: ${'w'.repeat(50)}...`);
  await world.session.ended(long.workflowId);
});

test('rows 54 and 55: all nine types are reached, each with its own prompt, and one finding is synthesised too', async () => {
  const workflow = await ended({ query, numAgents: 9 });
  assert.deepEqual([...typesOf(workflow)].toSorted(), [...types].toSorted());
  const prompts = world.simulator.ledger.entries
    .filter(({ attemptId }) => attemptId.startsWith(`${workflow.workflowId}/researcher`))
    .map(({ body }) => /You are an? ([a-z ]+researcher)/.exec(JSON.stringify(body))?.[1]);
  assert.equal(new Set(prompts).size, 9, prompts.join(', '));
  const result = await world.session.result(workflow.workflowId);
  assert.equal(result.finalAgentId, 'final');
  assert.equal(result.completeness, 1);
  const one = await ended({ query, numAgents: 1 });
  assert.deepEqual(
    one.agents.map(({ role }) => role),
    ['planner', 'researcher', 'final'],
  );
});

test('row 55: nothing becomes a type that is not allowed, whatever the planner proposes', async () => {
  const proposed = ['gossip', 'general', 'image', undefined, 7, ' NEWS '];
  const subtasks = proposed.map((type, index) => ({
    title: `T${index}`,
    question: `Question ${index}?`,
    type,
  }));
  world.simulator.when(
    ({ attemptId }) => /^search_.*\/planner\//.test(attemptId),
    { kind: 'answer', text: JSON.stringify({ subtasks }) },
    2,
  );
  const workflow = await ended({
    query,
    numAgents: 6,
    // Twice and in any order.
    allowedAgentTypes: ['news', 'academic', 'news'],
  });
  assert.deepEqual(typesOf(workflow), ['academic', 'news', 'academic', 'news', 'academic', 'news']);
  const anyType = await ended({ query, numAgents: 6 });
  assert.deepEqual(typesOf(anyType), ['general', 'general', 'image', 'general', 'general', 'news']);
  assert.equal(await inputOf({ query, allowedAgentTypes: [...types, ...types] }), await inputOf({ query }));
});

test('a search fails as soon as its quorum cannot be met, and names what failed', async () => {
  world.simulator.when(({ attemptId }) => /^search_.*\/researcher\/[12]\//.test(attemptId), {
    kind: 'status',
    status: 400,
  });
  const failed = await ended({ query, numAgents: 3, options: { minSuccessfulAgents: 2 } });
  assert.equal(failed.state, 'STATE_FAILED');
  assert.equal(failed.error?.type, 'quorum_not_met');
  const partial = await ended({ query, numAgents: 3 });
  assert.equal(partial.state, 'STATE_COMPLETED');
  assert.equal(partial.completeness, 0.3333);
  const { gaps, failedAgents } = await world.session.result(partial.workflowId);
  assert.equal(failedAgents.length, 2);
  assert.ok(gaps.some((gap) => gap.startsWith('researcher/1')));
});
