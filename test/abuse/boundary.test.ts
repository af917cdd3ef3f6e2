import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Value__Input } from '../../src/gen/google/protobuf/Value.ts';
import type { RunOptions__Input } from '../../src/gen/orchestrator/v1/RunOptions.ts';
import type { StartResearchRequest__Input } from '../../src/gen/orchestrator/v1/StartResearchRequest.ts';
import { workflowService } from '../../src/grpc/definition.ts';
import { limits } from '../../src/workflow/limits.ts';
import { World } from '../e2e/world.ts';

const invalidArgument = 3;
const resourceExhausted = 8;
const task = 'What is known about durable logs?';
const DAY_S = 86_400;

let world: World;
before(async () => {
  world = await World.open();
});
after(() => world.close());

interface Boundary {
  readonly what: string;
  /** Path of the violation beyond the limit. */
  readonly field: string;
  /** As the violation says it; default: the limit itself. */
  readonly says?: string;
  /** The limit, or the last value inside of it. */
  readonly at: number;
  /** The first value beyond. Default: one more. */
  readonly over?: number;
  readonly request: (size: number) => StartResearchRequest__Input;
}

const withOptions = (options: RunOptions__Input): StartResearchRequest__Input => ({
  task,
  numAgents: 1,
  options: { providerName: 'offline', ...options },
});

const labels = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`label${index}`, 'x']));

/** Two bytes and one character; a limit in bytes must count the former, a limit in characters the latter. */
const wide = '\u00e9';
/** One character for people, two for JavaScript. */
const pair = '\ud83d\ude00';

const boundaries: readonly Boundary[] = [
  {
    what: 'a task of the fewest characters',
    field: 'task',
    at: limits.taskCharsMin,
    over: limits.taskCharsMin - 1,
    request: (size) => ({ ...withOptions({}), task: 'x'.repeat(size) }),
  },
  {
    what: 'a task of the most characters',
    field: 'task',
    at: limits.taskCharsMax,
    request: (size) => ({ ...withOptions({}), task: pair.repeat(size) }),
  },
  {
    what: 'a title',
    field: 'title',
    at: limits.titleCharsMax,
    request: (size) => ({ ...withOptions({}), title: wide.repeat(size) }),
  },
  {
    what: 'agents',
    field: 'num_agents',
    at: limits.agentsMax,
    request: (numAgents) => ({ ...withOptions({}), numAgents }),
  },
  {
    what: 'the fewest agents',
    field: 'num_agents',
    at: limits.agentsMin,
    over: limits.agentsMin - 1,
    request: (numAgents) => ({ ...withOptions({}), numAgents }),
  },
  {
    what: 'a request id',
    field: 'request_id',
    at: limits.requestIdCharsMax,
    request: (size) => ({ ...withOptions({}), requestId: 'r'.repeat(size) }),
  },
  ...(['model', 'workerModel', 'synthesisModel'] as const).map(
    (name): Boundary => ({
      what: `the name in ${name}`,
      field: `options.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      at: limits.modelNameCharsMax,
      request: (size) => withOptions({ [name]: 'm'.repeat(size) }),
    }),
  ),
  {
    what: 'one document of so many bytes, in characters of two',
    field: 'options.documents',
    says: '512 KiB',
    at: limits.inlineDocumentBytesMax,
    over: limits.inlineDocumentBytesMax + wide.length,
    request: (size) =>
      withOptions({
        documents: [{ name: 'a', text: wide.repeat(Math.floor(size / 2)) + 'x'.repeat(size % 2) }],
      }),
  },
  {
    what: 'two documents of so many bytes together',
    field: 'options.documents',
    says: '512 KiB',
    at: limits.inlineDocumentBytesMax,
    request: (size) =>
      withOptions({
        documents: [
          { name: 'a', text: 'x'.repeat(1_000) },
          { name: 'b', text: 'x'.repeat(size - 1_000) },
        ],
      }),
  },
  {
    what: 'documents',
    field: 'options.documents',
    at: limits.inlineDocumentsMax,
    request: (size) =>
      withOptions({ documents: Array.from({ length: size }, (_, n) => ({ name: `d${n}`, text: 'A log.' })) }),
  },
  {
    what: "a document's name",
    field: 'options.documents[0].name',
    at: limits.documentNameCharsMax,
    request: (size) => withOptions({ documents: [{ name: 'n'.repeat(size), text: 'A log.' }] }),
  },
  {
    what: 'labels',
    field: 'options.labels',
    at: limits.labelsMax,
    request: (size) => withOptions({ labels: labels(size) }),
  },
  {
    what: "a label's name",
    field: `options.labels.${'k'.repeat(limits.labelKeyCharsMax + 1)}`,
    at: limits.labelKeyCharsMax,
    request: (size) => withOptions({ labels: { ['k'.repeat(size)]: 'x' } }),
  },
  {
    what: "a label's value",
    field: 'options.labels.team',
    at: limits.labelValueCharsMax,
    request: (size) => withOptions({ labels: { team: 'v'.repeat(size) } }),
  },
  {
    what: 'retries',
    field: 'options.max_retries',
    at: limits.retriesMax,
    request: (maxRetries) => withOptions({ maxRetries }),
  },
  {
    what: 'agents at once',
    field: 'options.max_concurrent_agents',
    at: limits.concurrentAgentsMax,
    request: (maxConcurrentAgents) => withOptions({ maxConcurrentAgents }),
  },
  {
    what: 'successes',
    field: 'options.min_successful_agents',
    at: 2,
    request: (minSuccessfulAgents) => ({ ...withOptions({ minSuccessfulAgents }), numAgents: 2 }),
  },
  {
    what: 'the highest priority',
    field: 'options.priority',
    at: limits.priorityMax,
    request: (priority) => withOptions({ priority }),
  },
  {
    what: 'the lowest priority',
    field: 'options.priority',
    at: limits.priorityMin,
    over: limits.priorityMin - 1,
    request: (priority) => withOptions({ priority }),
  },
  {
    what: 'tokens of one answer',
    field: 'options.max_output_tokens',
    at: limits.outputTokensMax,
    request: (maxOutputTokens) => withOptions({ maxOutputTokens }),
  },
  {
    what: 'tokens',
    field: 'options.max_tokens',
    at: limits.tokensMax,
    request: (maxTokens) => withOptions({ maxTokens: String(maxTokens) }),
  },
  {
    what: 'the cost',
    field: 'options.max_cost_usd',
    at: limits.costUsdMax,
    request: (maxCostUsd) => withOptions({ maxCostUsd }),
  },
  {
    what: "an agent's time",
    field: 'options.agent_timeout',
    says: `${DAY_S} s`,
    at: DAY_S,
    request: (seconds) => withOptions({ agentTimeout: { seconds } }),
  },
  {
    what: "a workflow's time",
    field: 'options.workflow_timeout',
    says: `${30 * DAY_S} s`,
    at: 30 * DAY_S,
    request: (seconds) => withOptions({ workflowTimeout: { seconds } }),
  },
];

describe('a start at a limit begins, and beyond it is refused with the field and the limit, and begins nothing', () => {
  for (const { what, field, at, over = at + 1, says = String(at), request } of boundaries) {
    test(what, async () => {
      const { session } = world;
      const known = await session.count();
      const refusal = await session.refused(workflowService.StartResearch, request(over));
      assert.equal(refusal.code, invalidArgument, refusal.message);
      assert.deepEqual([...new Set(refusal.fields.map((found) => found.field))], [field]);
      const description = refusal.fields.map((found) => found.description).join('\n');
      assert.ok(description.includes(says), description);
      assert.equal(await session.count(), known);

      const { workflowId } = await session.start(request(at));
      await session.ended(workflowId);
      assert.equal(await session.count(), known + 1);
    });
  }
});

/** So many levels, the outermost Struct among them. */
function nested(depth: number, inner: 'structValue' | 'listValue'): Value__Input {
  let value: Value__Input = { stringValue: 'bottom' };
  for (let level = 1; level < depth; level++) {
    value =
      inner === 'structValue'
        ? { structValue: { fields: { next: value } } }
        : { listValue: { values: [value] } };
  }
  return value;
}

describe('the input of StartWorkflow', () => {
  const reasons = async (fields: Readonly<Record<string, Value__Input>>): Promise<readonly string[]> => {
    const input = { fields: { task: { stringValue: task }, ...fields } };
    const refusal = await world.session.refused(workflowService.StartWorkflow, {
      orchestrator: 'research',
      input,
    });
    assert.equal(refusal.code, invalidArgument, refusal.message);
    return refusal.fields.map(({ field, reason }) => `${field.slice(0, 40)} ${reason}`);
  };

  for (const inner of ['structValue', 'listValue'] as const) {
    test(`may be ${limits.inputDepthMax} levels of ${inner} deep and no deeper`, async () => {
      // No orchestrator has such a field: at the limit that is what is wrong with it, not its depth.
      assert.deepEqual(await reasons({ extra: nested(limits.inputDepthMax - 1, inner) }), [
        'input.extra UNKNOWN_FIELD',
      ]);
      const [tooDeep, ...more] = await reasons({ extra: nested(limits.inputDepthMax + 1, inner) });
      assert.match(tooDeep ?? '', /^input\.extra.* TOO_DEEP$/);
      assert.deepEqual(more, []);
    });
  }

  test(`may have ${limits.inputBytesMax} bytes as JSON and no more`, async () => {
    const frame = JSON.stringify({ task, extra: '' }).length;
    const text = (bytes: number): Value__Input => ({ stringValue: 'x'.repeat(bytes - frame) });
    assert.deepEqual(await reasons({ extra: text(limits.inputBytesMax) }), ['input.extra UNKNOWN_FIELD']);
    assert.deepEqual(await reasons({ extra: text(limits.inputBytesMax + 1) }), [
      'input.extra UNKNOWN_FIELD',
      'input TOO_BIG',
    ]);
  });
});

test('a message at the limit is read, and one byte more is refused as a whole, naming both sizes', async () => {
  const { session } = world;
  const known = await session.count();
  const { requestSerialize } = workflowService.StartResearch;
  const text = (length: number): StartResearchRequest__Input => ({ task, title: 't'.repeat(length) });
  const overhead = requestSerialize(text(limits.requestBytesMax)).length - limits.requestBytesMax;
  const ofBytes = (bytes: number): StartResearchRequest__Input => text(bytes - overhead);
  assert.equal(requestSerialize(ofBytes(limits.requestBytesMax)).length, limits.requestBytesMax);

  const read = await session.refused(workflowService.StartResearch, ofBytes(limits.requestBytesMax));
  assert.equal(read.code, invalidArgument);
  assert.deepEqual(
    read.fields.map(({ field }) => field),
    ['title'],
  );
  const unread = await session.refused(workflowService.StartResearch, ofBytes(limits.requestBytesMax + 1));
  assert.equal(unread.code, resourceExhausted);
  assert.deepEqual(
    unread.fields.map(({ field }) => field),
    ['request'],
  );
  assert.match(unread.message, new RegExp(`${limits.requestBytesMax}.*${limits.requestBytesMax + 1}`));
  assert.equal(await session.count(), known);
});

test('the reason of a cancel and of a pause may be as long as its limit and no longer', async () => {
  const { session } = world;
  const { workflowId } = await session.start(withOptions({}));
  await session.ended(workflowId);
  for (const method of [workflowService.CancelWorkflow, workflowService.PauseWorkflow] as const) {
    const reasonOf = (length: number) => ({ workflowId, reason: pair.repeat(length) });
    const refusal = await session.refused<{ workflowId: string; reason: string }, unknown>(
      method,
      reasonOf(limits.reasonCharsMax + 1),
    );
    assert.equal(refusal.code, invalidArgument);
    assert.deepEqual(
      refusal.fields.map(({ field }) => field),
      ['reason'],
    );
  }
  const { cancelled } = await session.ask(workflowService.CancelWorkflow, {
    workflowId,
    reason: pair.repeat(limits.reasonCharsMax),
  });
  assert.equal(cancelled, false);
});

interface Labelled {
  readonly labels: Record<string, string>;
}

describe('a list', () => {
  const cases: readonly (readonly [field: string, at: Labelled, over: Labelled])[] = [
    ['labels', { labels: labels(limits.labelsMax) }, { labels: labels(limits.labelsMax + 1) }],
    [
      'labels',
      { labels: { ['k'.repeat(limits.labelKeyCharsMax)]: 'x' } },
      { labels: { ['k'.repeat(limits.labelKeyCharsMax + 1)]: 'x' } },
    ],
    [
      'labels.team',
      { labels: { team: 'v'.repeat(limits.labelValueCharsMax) } },
      { labels: { team: 'v'.repeat(limits.labelValueCharsMax + 1) } },
    ],
  ];
  for (const [index, [field, at, over]] of cases.entries()) {
    test(`looks for as many and as long labels as a workflow can have and no more: ${field} (${index})`, async () => {
      const { workflowId } = await world.session.start(withOptions(at));
      const { workflows } = await world.session.ask(workflowService.ListWorkflows, at);
      assert.ok(workflows.some((found) => found.workflowId === workflowId));
      const refusal = await world.session.refused(workflowService.ListWorkflows, over);
      assert.equal(refusal.code, invalidArgument);
      assert.deepEqual(
        refusal.fields.map((found) => found.field),
        [field],
      );
    });
  }
});
