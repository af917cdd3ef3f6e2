import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RunOptions__Output } from '../../src/gen/orchestrator/v1/RunOptions.ts';
import type { ListWorkflowsRequest__Input } from '../../src/gen/orchestrator/v1/ListWorkflowsRequest.ts';
import type { StartResearchRequest__Input } from '../../src/gen/orchestrator/v1/StartResearchRequest.ts';
import type { Value__Input } from '../../src/gen/google/protobuf/Value.ts';
import { workflowService } from '../../src/grpc/definition.ts';
import { refusalOf } from '../grpc/harness.ts';
import { World } from './world.ts';

const invalidArgument = 3;
const resourceExhausted = 8;
const task = 'What is known about durable logs?';

let world: World;
before(async () => {
  world = await World.open();
});
after(() => world.close());

/** Nothing was started, nothing was asked of the provider, and the process serves on. */
async function assertUntouched(): Promise<void> {
  assert.equal(await world.session.count(), 0);
  assert.equal(world.simulator.ledger.entries.length, 0);
  assert.ok(world.daemon.running);
  assert.deepEqual(
    world.daemon.log.filter(({ level }) => level === 'error'),
    [],
  );
}

interface Case {
  readonly name: string;
  readonly request: StartResearchRequest__Input;
  /** Path of the violation. */
  readonly field: string;
  readonly description?: RegExp;
  /** Of the violation. */
  readonly reason?: string;
}

const withOptions = (options: Partial<RunOptions__Output>): StartResearchRequest__Input => ({
  task,
  options,
});

const cases: readonly Case[] = [
  { name: 'row 41: no task', request: {}, field: 'task' },
  { name: 'row 41: an empty task', request: { task: '' }, field: 'task' },
  {
    name: 'rows 62, 86 and 91: a task of one letter',
    request: { task: 'x' },
    field: 'task',
    description: /10/,
  },
  { name: 'row 41: twelve spaces', request: { task: ' '.repeat(12) }, field: 'task' },
  {
    name: 'row 41: 5,001 characters',
    request: { task: 'x'.repeat(5_001) },
    field: 'task',
    description: /5.?000/,
  },
  { name: 'row 42: a title of 201 characters', request: { task, title: 't'.repeat(201) }, field: 'title' },
  { name: 'row 43: no agents', request: { task, numAgents: 0 }, field: 'num_agents' },
  { name: 'row 43: minus one agent', request: { task, numAgents: -1 }, field: 'num_agents' },
  { name: 'row 43: 21 agents', request: { task, numAgents: 21 }, field: 'num_agents', description: /20/ },
  {
    name: 'row 47: an unknown format is named',
    request: withOptions({ documentFormats: ['markdown', 'exe'] }),
    field: 'options.document_formats[1]',
    description: /"exe"/,
  },
  {
    name: 'row 47: pdf',
    request: withOptions({ documentFormats: ['pdf'] }),
    field: 'options.document_formats',
    reason: 'NOT_SUPPORTED_YET',
  },
  {
    name: 'row 47: docx',
    request: withOptions({ documentFormats: ['docx'] }),
    field: 'options.document_formats',
    reason: 'NOT_SUPPORTED_YET',
  },
  {
    name: 'row 48: a provider name with a dash',
    request: withOptions({ providerName: 'my-provider' }),
    field: 'options.provider_name',
  },
  {
    name: 'rows 37 and 48: an unknown provider',
    request: withOptions({ providerName: 'nobody' }),
    field: 'options.provider_name',
    description: /xai/,
  },
  {
    name: 'row 36: a provider without its key names the variable',
    request: withOptions({ providerName: 'openai' }),
    field: 'options.provider_name',
    description: /OPENAI_API_KEY/,
  },
  {
    name: 'row 36: any of the variables a provider knows',
    request: withOptions({ providerName: 'huggingface' }),
    field: 'options.provider_name',
    description: /HF_TOKEN.*HF_API_KEY.*HUGGINGFACE_API_KEY/,
  },
  {
    name: 'row 49: a model of 201 characters',
    request: withOptions({ model: 'm'.repeat(201) }),
    field: 'options.model',
  },
  {
    name: 'row 50: a webhook that is no address of the web',
    request: withOptions({ webhookUrl: 'ftp://example.com' }),
    field: 'options.webhook_url',
  },
  {
    name: 'row 50: a webhook on a private address',
    request: withOptions({ webhookUrl: 'http://127.0.0.1:9/hook' }),
    field: 'options.webhook_url',
  },
  {
    name: 'row 50: a webhook',
    request: withOptions({ webhookUrl: 'https://example.com/hook' }),
    field: 'options.webhook_url',
    reason: 'NOT_SUPPORTED_YET',
  },
  {
    name: 'on_limit panic',
    request: withOptions({ onLimit: 'panic' }),
    field: 'options.on_limit',
    description: /panic/,
  },
  {
    name: 'a cost cap with an unknown price',
    request: withOptions({ maxCostUsd: 1, model: 'nobody-knows' }),
    field: 'options.max_cost_usd',
    description: /nobody-knows/,
  },
  { name: 'a cost cap of zero', request: withOptions({ maxCostUsd: 0 }), field: 'options.max_cost_usd' },
  {
    name: 'a cost cap that is no number',
    request: withOptions({ maxCostUsd: Number.NaN }),
    field: 'options.max_cost_usd',
  },
  { name: 'minus five tokens', request: withOptions({ maxTokens: '-5' }), field: 'options.max_tokens' },
  { name: 'minus one retry', request: withOptions({ maxRetries: -1 }), field: 'options.max_retries' },
  {
    name: 'no concurrent agents',
    request: withOptions({ maxConcurrentAgents: 0 }),
    field: 'options.max_concurrent_agents',
  },
  {
    name: 'more successes than agents',
    request: { ...withOptions({ minSuccessfulAgents: 3 }), numAgents: 2 },
    field: 'options.min_successful_agents',
  },
  {
    name: 'a negative time',
    request: withOptions({ workflowTimeout: { seconds: '-1', nanos: 0 } }),
    field: 'options.workflow_timeout',
  },
  {
    name: 'a timeout of a year',
    request: withOptions({ workflowTimeout: { seconds: '31536000', nanos: 0 } }),
    field: 'options.workflow_timeout',
  },
  { name: 'an unknown corpus', request: withOptions({ corpus: '../etc' }), field: 'options.corpus' },
  {
    name: 'a document without a text',
    request: withOptions({ documents: [{ name: 'a', text: '' }] }),
    field: 'options.documents[0].text',
  },
  {
    name: 'documents of more than 512 KiB',
    request: withOptions({ documents: [{ name: 'a', text: 'x'.repeat(512 * 1024 + 1) }] }),
    field: 'options.documents',
    description: /512 KiB/,
  },
  {
    name: 'a request id of 129 characters',
    request: { task, requestId: 'r'.repeat(129) },
    field: 'request_id',
  },
];

for (const { name, request, field, description = /./, reason } of cases) {
  test(`${name} is refused with the field, before anything starts`, async () => {
    const refusal = await world.session.refused(workflowService.StartResearch, request);
    assert.equal(refusal.code, invalidArgument, refusal.message);
    const violation = refusal.fields.find((found) => found.field === field);
    assert.ok(violation, `fields ${JSON.stringify(refusal.fields)}`);
    assert.match(violation.description, description);
    if (reason !== undefined) assert.equal(violation.reason, reason);
  });
}

test('rows 62 and 92: every bad field is named at once, and after all of it nothing has started', async () => {
  const refusal = await world.session.refused(workflowService.StartResearch, {
    ...withOptions({ providerName: 'NO', documentFormats: ['exe'], maxRetries: 99 }),
    task: 'short',
    numAgents: 50,
  });
  assert.deepEqual(refusal.fields.map(({ field }) => field).toSorted(), [
    'num_agents',
    'options.document_formats[0]',
    'options.max_retries',
    'options.provider_name',
    'task',
  ]);
  await assertUntouched();
});

test('row 62: an unknown orchestrator, a wrong type and a Struct that is too deep are refused', async () => {
  const { session } = world;
  const unknown = await session.refused(workflowService.StartWorkflow, {
    orchestrator: 'nothing',
    input: {},
  });
  assert.equal(unknown.code, invalidArgument);
  assert.equal(unknown.fields[0]?.field, 'orchestrator');

  const wrong = await session.refused(workflowService.StartWorkflow, {
    orchestrator: 'research',
    input: { fields: { task: { numberValue: 7 }, numAgents: { stringValue: 'many' } } },
  });
  assert.equal(wrong.code, invalidArgument);
  assert.deepEqual(wrong.fields.map(({ field }) => field).toSorted(), ['input.numAgents', 'input.task']);

  let deep: Value__Input = { stringValue: 'bottom' };
  for (let level = 0; level < 20; level++) deep = { structValue: { fields: { next: deep } } };
  const tooDeep = await session.refused(workflowService.StartWorkflow, {
    orchestrator: 'research',
    input: { fields: { task: { stringValue: task }, extra: deep } },
  });
  assert.equal(tooDeep.code, invalidArgument);
  assert.match(tooDeep.fields[0]?.field ?? '', /^input/);
  assert.match(tooDeep.message, /16/);

  const extra = await session.refused(workflowService.StartWorkflow, {
    orchestrator: 'research',
    input: { fields: { task: { stringValue: task }, agents: { numberValue: 3 } } },
  });
  assert.deepEqual(
    extra.fields.map(({ field, reason }) => [field, reason]),
    [['input.agents', 'UNKNOWN_FIELD']],
  );
  await assertUntouched();
});

test('row 91: a message of 2 MiB is refused before it is decoded, and the connection serves on', async () => {
  const huge = withOptions({ documents: [{ name: 'a', text: 'x'.repeat(2 * 1024 * 1024) }] });
  await assert.rejects(world.session.ask(workflowService.StartResearch, huge), { code: resourceExhausted });
  await assertUntouched();
});

test('a state nobody knows, a bad page size and a foreign page token are refused with the field', async () => {
  const { session } = world;
  const bad = [
    ['page_size', { pageSize: -1 }],
    ['page_token', { pageToken: 'made up' }],
    ['states', { states: [99 as 1] }],
  ] satisfies (readonly [string, ListWorkflowsRequest__Input])[];
  for (const [field, request] of bad) {
    const refusal = await session.refused(workflowService.ListWorkflows, request);
    assert.equal(refusal.code, invalidArgument, field);
    assert.ok(refusal.fields[0]?.field.startsWith(field), JSON.stringify(refusal.fields));
  }
});

test('row 61: an id that is not well-formed is refused by every method, also one with a line break', async () => {
  for (const workflowId of [
    '',
    'research_abc123',
    'RESEARCH_0a1b2c3d4e5f',
    'research_0a1b2c3d4e5f\n',
    '../etc/passwd',
  ]) {
    const refusal = await world.session.refused(workflowService.GetWorkflow, { workflowId });
    assert.equal(refusal.code, invalidArgument, JSON.stringify(workflowId));
    assert.equal(refusal.fields[0]?.field, 'workflow_id');
    const watched = await world.session.watch(workflowId, 0).ended;
    assert.equal(watched && refusalOf(watched).code, invalidArgument, JSON.stringify(workflowId));
  }
});

test('row 91: bytes that are no message are refused, and the process lives', async () => {
  const { client } = world.session;
  const failure = await new Promise<{ readonly code?: number } | null>((resolve) => {
    client.makeUnaryRequest(
      workflowService.StartResearch.path,
      () => Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      (bytes) => bytes,
      {},
      { deadline: Date.now() + 10_000 },
      (error) => resolve(error),
    );
  });
  assert.ok(failure);
  await assertUntouched();
});

test('half an emoji in a task, a title or a label is refused naming the field, and nothing is started', async () => {
  const { session } = world;
  const half = 'half an emoji \ud83d in a text that is long enough';
  const refusal = await session.refused(workflowService.StartResearch, {
    task: half,
    title: half,
    options: { labels: { team: half } },
  });
  assert.equal(refusal.code, invalidArgument);
  assert.deepEqual(
    refusal.fields.map(({ field }) => field),
    ['task', 'title', 'options.labels.team'],
  );
  await assertUntouched();
});

// The last test, for it starts something.
test('a NUL and a mark of direction in a task are data: the run takes them and ends', async () => {
  const { session } = world;
  const odd = 'a NUL \u0000 and \u202e a mark of direction';
  const { workflowId } = await session.start({ task: odd, numAgents: 1 });
  const workflow = await session.ended(workflowId);
  assert.equal(workflow.state, 'STATE_COMPLETED');
  assert.equal(workflow.task, odd);
});
