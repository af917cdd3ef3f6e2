import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { ModelRequest } from '../../src/provider/model-provider.ts';
import { sha256Of } from '../../src/engine/material.ts';
import type { Blob } from '../../src/store/event-store.ts';
import { argumentCheck } from '../../src/tool/argument-check.ts';
import { DocumentsTool } from '../../src/tool/documents-tool.ts';
import { FullTextLibrary } from '../../src/tool/full-text-library.ts';
import { Toolbox } from '../../src/tool/toolbox.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { limits } from '../../src/workflow/limits.ts';
import { FakeToolSource } from '../tool/fake-source.ts';
import { assertSound, Harness, soon, storeWith, turns } from './harness.ts';
import { type Answer, ScriptedCatalog } from './scripted-catalog.ts';

const documents = [{ name: 'lease.md', text: 'A lease fences the former owner after a crash.' }];

/** Asks for one tool after the other, the kind that may not be repeated among them. */
function script({ brief, attemptId }: ModelRequest): Answer | undefined {
  if (brief.kind !== 'answer') return undefined;
  const turn = Number(attemptId.split('/').at(-2));
  const call = (id: string, name: string, args: unknown) => ({ id, name, arguments: JSON.stringify(args) });
  if (turn === 0)
    return {
      toolCalls: [
        call('a', 'fake.look', { text: 'one' }),
        call('b', 'fake.send', { text: 'letter' }),
        call('c', 'fake.none', {}),
      ],
    };
  if (turn === 1) return { toolCalls: [call('a', 'documents.search', { query: 'former owner' })] };
  return 'It is fenced [D1.1] and looked at [T2.1].';
}

const toolsOf = (source: FakeToolSource): Toolbox =>
  new Toolbox([source, new DocumentsTool()], { researcher: ['fake.*', 'documents.*'] }, argumentCheck);

interface Run {
  readonly harness: Harness;
  readonly source: FakeToolSource;
}

async function run(options: ConstructorParameters<typeof Harness>[0] = {}): Promise<Run> {
  const source = new FakeToolSource();
  const catalog = new ScriptedCatalog();
  catalog.script = script;
  const harness = await Harness.started({
    library: new FullTextLibrary({}),
    tools: toolsOf(source),
    catalog,
    ...options,
  });
  return { harness, source };
}

async function finish(harness: Harness, key: WorkflowKey): Promise<readonly WorkflowEvent[]> {
  for (let minute = 0; harness.supervisor.find(key) && minute < 20; minute++) {
    await turns();
    if (harness.supervisor.find(key)) await harness.jump(60_000);
  }
  const log = await harness.log(key);
  assertSound(log);
  return log;
}

const idOf = (agentId: string, turn: number, callId: string): string => `${agentId}/${turn}/${callId}`;

/** Tool calls of a log by what became of them: open, or over. */
function toolCallsOf(log: readonly WorkflowEvent[]): {
  readonly open: Set<string>;
  readonly over: Set<string>;
} {
  const open = new Set<string>();
  const over = new Set<string>();
  for (const { data } of log) {
    if (data.type !== 'tool_call_started' && data.type !== 'tool_call_ended') continue;
    const id = idOf(data.agentId, data.turn, data.callId);
    if (data.type === 'tool_call_started') open.add(id);
    else {
      open.delete(id);
      over.add(id);
    }
  }
  return { open, over };
}

test('rows 90 and 91: after a crash at any point no tool call whose end is durable is made again', async () => {
  const cuts: number[] = [];
  const first = await run({
    observers: [{ committed: (_, events) => void cuts.push(events.at(-1)?.sequence ?? 0) }],
  });
  const key = await first.harness.research({ numAgents: 1 }, { documents });
  const full = await finish(first.harness, key);
  assert.equal(full.at(-1)?.data.type, 'workflow_completed');
  const shas = full.flatMap(({ data }) => {
    if (data.type === 'workflow_started') return data.sources.map(({ sha256 }) => sha256);
    return data.type === 'tool_call_ended' ? (data.sources ?? []).map(({ sha256 }) => sha256) : [];
  });
  const blobs = await Promise.all(
    shas.map(
      async (sha256): Promise<Blob> => ({
        sha256,
        bytes: (await first.harness.store.blob(sha256)) ?? assert.fail(`blob ${sha256} was not kept`),
      }),
    ),
  );
  const prompts = new Map(
    first.harness.catalog.calls.map(({ request }) => [request.attemptId.replace(/\/\d+$/, ''), request]),
  );
  await first.harness.stop();
  let repeated = 0;
  for (let cut = 1; cut < full.length; cut++) {
    const prefix = full.slice(0, cut);
    const where = `cut after ${cut}, ${prefix.at(-1)?.data.type}`;
    const clock = new SimulatedClock((prefix.at(-1)?.time ?? 0) + 1_000);
    const { harness, source } = await run({ clock, store: await storeWith(clock, [prefix], blobs) });
    const log = await finish(harness, key);
    // Events of one append are durable together; only there a process can die in truth.
    if (cuts.includes(cut)) assert.equal(log.at(-1)?.data.type, 'workflow_completed', where);
    const { open, over } = toolCallsOf(prefix);
    for (const { context, tool } of source.calls) {
      const id = context.callId.split('/').slice(1).join('/').replace('/tool/', '/');
      assert.ok(!over.has(id), `${where}: ${id} was made again`);
      if (open.has(id)) {
        assert.notEqual(tool, 'send', `${where}: ${id} must not be repeated`);
        repeated++;
      }
    }
    for (const id of open) {
      const [end] = log
        .slice(cut)
        .flatMap(({ data }) =>
          data.type === 'tool_call_ended' && idOf(data.agentId, data.turn, data.callId) === id ? [data] : [],
        );
      assert.deepEqual([end?.result, end?.cause], ['unknown', 'crash'], `${where}: ${id}`);
    }
    if (open.size === 0) {
      for (const { request } of harness.catalog.calls) {
        const before = prompts.get(request.attemptId.replace(/\/\d+$/, ''));
        assert.deepEqual(request.messages, before?.messages, `${where}: the same is asked`);
      }
    }
    await harness.stop();
  }
  assert.ok(repeated > 0, 'some cut hit an idempotent call at work');
});

test('a call that must not be repeated ends as unknown, and the model is told so', async () => {
  const first = await run();
  first.source.script = () => 'hang';
  const key = await first.harness.research({ numAgents: 1 }, { documents });
  await soon(first.source.arrived(2), 'both calls');
  const prefix = await first.harness.log(key);
  const clock = new SimulatedClock((prefix.at(-1)?.time ?? 0) + 1_000);
  const blobs = await Promise.all(
    prefix
      .flatMap(({ data }) => (data.type === 'workflow_started' ? data.sources : []))
      .map(async ({ sha256 }) => ({
        sha256,
        bytes: (await first.harness.store.blob(sha256)) ?? assert.fail(),
      })),
  );
  const { harness, source } = await run({ clock, store: await storeWith(clock, [prefix], blobs) });
  const log = await finish(harness, key);
  assert.equal(log.at(-1)?.data.type, 'workflow_completed');
  assert.deepEqual(
    source.calls.map(({ tool }) => tool),
    ['look'],
    'only the idempotent one is made once more',
  );
  const said = harness.catalog.calls.findLast(({ request }) => request.brief.kind === 'answer')?.request
    .messages;
  const [look, send] = said?.filter(({ role }) => role === 'tool').map(({ content }) => content) ?? [];
  assert.match(look ?? '', /look says one/);
  assert.match(send ?? '', /outcome="unknown"[\s\S]*not repeated/);
  await harness.stop();
  await first.harness.stop();
});

test('an orderly shutdown stops tools after its grace; the next process repeats what may be repeated', async () => {
  const first = await run();
  first.source.script = () => 'hang';
  const key = await first.harness.research({ numAgents: 1 }, { documents });
  await soon(first.source.arrived(2), 'both calls');
  const report = await first.harness.shutDown(1_000);
  assert.equal(report.callsAborted, 2);
  const log = await first.harness.log(key);
  const causes = log.flatMap(({ data }) =>
    data.type === 'tool_call_ended' && data.cause ? [data.cause] : [],
  );
  assert.deepEqual(causes, ['shutdown', 'shutdown']);
  const second = await run({ clock: first.harness.clock, store: first.harness.store });
  const end = await finish(second.harness, key);
  assert.equal(end.at(-1)?.data.type, 'workflow_completed');
  assert.deepEqual(
    second.source.calls.map(({ tool }) => tool),
    ['look'],
  );
  await second.harness.stop();
});

test('a tool that is not allowed any more after a restart is not called', async () => {
  const first = await run();
  first.source.script = () => 'hang';
  const key = await first.harness.research({ numAgents: 1 }, { documents });
  await soon(first.source.arrived(2), 'both calls');
  await first.harness.shutDown(0);
  const source = new FakeToolSource();
  const tools = new Toolbox([source, new DocumentsTool()], { researcher: ['documents.*'] }, argumentCheck);
  const second = await run({ clock: first.harness.clock, store: first.harness.store, tools });
  const end = await finish(second.harness, key);
  assert.equal(end.at(-1)?.data.type, 'workflow_completed');
  assert.equal(source.calls.length, 0);
  await second.harness.stop();
});

test('a workflow that concludes stops its tools and begins none', async () => {
  const { harness, source } = await run();
  source.script = () => 'hang';
  const key = await harness.research({ numAgents: 2 });
  await soon(source.arrived(4), 'the calls of both');
  await harness.service.conclude(key);
  const log = await finish(harness, key);
  assert.equal(log.at(-1)?.data.type, 'workflow_failed', 'there is no finding to report');
  const causes = (await harness.eventsOf(key, 'tool_call_ended')).flatMap(({ cause }) => cause ?? []);
  assert.deepEqual(causes, ['conclude', 'conclude', 'conclude', 'conclude']);
  assert.ok(source.calls.every(({ context }) => context.signal.aborted));
  await harness.stop();
});

test('a call that is interrupted again and again is given up: it may be what ends the process', async () => {
  let at = await run();
  at.source.script = ({ tool }) => (tool === 'look' ? 'hang' : 'sent');
  const key = await at.harness.research({ numAgents: 1 });
  for (let start = 1; start <= limits.toolCallStartsMax; start++) {
    await soon(at.source.arrived(start === 1 ? 2 : 1), `start ${start}`);
    await turns();
    const log = await at.harness.log(key);
    const clock = new SimulatedClock((log.at(-1)?.time ?? 0) + 1_000);
    const blobs = [{ sha256: sha256Of('sent'), bytes: Buffer.from('sent') }];
    const next = await run({ clock, store: await storeWith(clock, [log], blobs) });
    next.source.script = () => 'hang';
    await at.harness.stop();
    at = next;
  }
  const log = await finish(at.harness, key);
  assert.equal(log.at(-1)?.data.type, 'workflow_completed');
  assert.equal(at.source.calls.length, 0);
  const ends = (await at.harness.eventsOf(key, 'tool_call_ended')).filter(
    ({ callId, turn }) => turn === 0 && callId === 'a',
  );
  assert.deepEqual(
    ends.map(({ result, failure }) => [result, failure?.code]),
    [...Array.from({ length: limits.toolCallStartsMax }, () => ['unknown', 'crash']), ['failed', 'limit']],
  );
  await at.harness.stop();
});
