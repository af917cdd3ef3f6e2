import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AgentTexts } from '../../src/client/agent-texts.ts';
import type { WatchWorkflowResponse__Output } from '../../src/gen/orchestrator/v1/WatchWorkflowResponse.ts';
import { present, type Session, type Watch } from './session.ts';
import { World } from './world.ts';

const charsMax = 10_000;
const options = { generateDocuments: false };

async function opened(t: TestContext, env: Readonly<Record<string, string>> = {}): Promise<World> {
  const world = await World.open(env);
  t.after(() => world.close());
  return world;
}

/** What a client shows of one agent after each message. */
function tails(messages: readonly WatchWorkflowResponse__Output[], agentId: string): string[] {
  const texts = new AgentTexts(charsMax);
  const shown: string[] = [];
  for (const { progress, events } of messages) {
    if (progress) texts.progress(progress);
    for (const event of events) texts.event(event);
    const tail = texts.all.get(agentId)?.tail ?? '';
    if (tail !== shown.at(-1)) shown.push(tail);
  }
  return shown;
}

/** Deltas of the only researcher. */
function deltasOf(watch: Watch, ofAttempt?: number): { readonly offset: string; readonly text: string }[] {
  return watch.progress.flatMap(({ agentId, attempt, delta }) =>
    delta && agentId === 'researcher/0' && (ofAttempt ?? attempt) === attempt ? [delta] : [],
  );
}

/** Fails when something is told of an attempt after its end. */
function assertInOrder(watch: Watch): void {
  const ended = new Set<string>();
  for (const { progress, events } of watch.messages) {
    for (const { agentId, modelCallEnded: end } of events)
      if (end) ended.add(`${agentId} ${end.turn} ${end.attempt}`);
    if (!progress) continue;
    const about = `${progress.agentId} ${progress.turn} ${progress.attempt}`;
    assert.ok(!ended.has(about), `${about} has ended: ${JSON.stringify(progress)}`);
  }
}

async function finished(session: Session, workflowId: string, watch: Watch): Promise<void> {
  assert.equal(await watch.ended, undefined);
  assertInOrder(watch);
  const log = await session.events(workflowId);
  assert.deepEqual(watch.events, log, 'events are the log, whatever progress came between');
  for (const { type } of log) assert.doesNotMatch(type, /progress|delta/);
}

test('a watcher sees an answer while the model writes it, and the same events as one who did not ask', async (t) => {
  const world = await opened(t);
  const { session, simulator } = world;
  const text = 'Ebbe und Flut – 潮の満ち引き 🌊 – follow the moon.';
  simulator.script({ match: { role: 'researcher' }, behaviour: { kind: 'answer', text, deltas: 2 } });
  const hold = simulator.hold({ role: 'researcher' }, 'middle');
  const { workflowId } = await session.start({ numAgents: 1, options });
  const watch = session.watch(workflowId, 0, true);
  const plain = session.watch(workflowId, 0);
  await watch.until(() => deltasOf(watch).length > 0);
  const first = present(deltasOf(watch, 1)[0]);
  assert.equal(first.offset, '0');
  assert.ok(text.startsWith(first.text) && first.text !== text);
  assert.ok(
    watch.progress.some(
      ({ agentId, activity }) => agentId === 'researcher/0' && activity === 'ACTIVITY_CALLING',
    ),
  );

  // Who joins, or comes back, hears it from the beginning.
  const back = session.watch(workflowId, watch.last, true);
  await back.until(() => deltasOf(back).length > 0);
  assert.equal(tails(back.messages, 'researcher/0').at(-1), first.text);
  hold.release();
  await finished(session, workflowId, watch);
  assert.equal(await plain.ended, undefined);
  assert.deepEqual(plain.events, watch.events);
  assert.deepEqual(plain.progress, []);
  const answer = watch.events.find(
    ({ agentId, modelCallEnded }) => agentId === 'researcher/0' && modelCallEnded,
  );
  assert.equal(answer?.modelCallEnded?.output?.text, text);
  assert.equal(await back.ended, undefined);
  assertInOrder(back);
});

test('a retry rolls back what the failed attempt wrote, and begins from nothing', async (t) => {
  const world = await opened(t);
  const { session, simulator } = world;
  const match = { role: 'researcher' };
  simulator.script(
    {
      match,
      behaviour: { kind: 'answer', text: 'wrong beginning', finishReason: null, deltas: 2 },
      times: 1,
    },
    { match, behaviour: { kind: 'answer', text: 'the right text', deltas: 2 } },
  );
  const first = simulator.hold((entry) => entry.attemptId.endsWith('/researcher/0/0/1'), 'middle');
  const second = simulator.hold((entry) => entry.attemptId.endsWith('/researcher/0/0/2'), 'middle');
  const { workflowId } = await session.start({ numAgents: 1, options });
  const watch = session.watch(workflowId, 0, true);
  await watch.until(() => deltasOf(watch).length > 0);
  first.release();
  await watch.until(() => deltasOf(watch, 2).length > 0);
  second.release();
  await finished(session, workflowId, watch);
  const ofAttempt2 = watch.progress.filter(
    ({ agentId, attempt }) => agentId === 'researcher/0' && attempt === 2,
  );
  assert.equal(ofAttempt2[0]?.update, 'rollBack', 'before anything else about it');
  assert.equal(ofAttempt2[0].rollBack?.cause?.code, 'malformed');
  assert.equal(ofAttempt2.filter(({ rollBack }) => rollBack).length, 1);
  assert.equal(ofAttempt2.find(({ delta }) => delta)?.delta?.offset, '0');
  const shown = tails(watch.messages, 'researcher/0');
  assert.ok(shown.includes(''), 'the void text is gone before the next one comes');
  for (const tail of shown)
    assert.ok('wrong beginning'.startsWith(tail) || 'the right text'.startsWith(tail), tail);
  assert.ok(watch.progress.some(({ activity }) => activity === 'ACTIVITY_BACKING_OFF'));
});

test('a cancel in the middle of an answer ends what is told of it', async (t) => {
  const world = await opened(t);
  const { session, simulator } = world;
  simulator.script({
    match: { role: 'researcher' },
    behaviour: { kind: 'answer', text: 'x'.repeat(500), deltas: 100, dripMs: 5 },
  });
  const { workflowId } = await session.start({ numAgents: 3, options });
  const watch = session.watch(workflowId, 0, true);
  await watch.until(() => watch.progress.filter(({ delta }) => delta).length >= 5);
  assert.equal((await session.cancel(workflowId)).cancelled, true);
  await finished(session, workflowId, watch);
  assert.equal(watch.events.at(-1)?.type, 'workflow_cancelled');
});

test('a watcher that comes back after a crash hears the new attempt from its beginning', async (t) => {
  const world = await opened(t);
  world.simulator.script({
    match: { role: 'researcher' },
    behaviour: { kind: 'answer', text: 'begun and done', deltas: 2 },
  });
  const hold = world.simulator.hold({ role: 'researcher' }, 'middle');
  const { workflowId } = await world.session.start({ numAgents: 1, options });
  const before = world.session.watch(workflowId, 0, true);
  await before.until(() => deltasOf(before).length > 0);
  await world.daemon.kill();
  await before.ended;
  // The workflow goes on before anybody can watch it again, and of progress a watcher hears what comes while it watches.
  const secondAttempt = world.simulator.hold((entry) => entry.attemptId.endsWith('/2'));
  await world.boot();
  const after = world.session.watch(workflowId, before.last, true);
  await after.until(() => after.events.length > 0);
  secondAttempt.release();
  await after.until(() => deltasOf(after).length > 0);
  assert.deepEqual(deltasOf(after, 1), []);
  assert.equal(deltasOf(after, 2)[0]?.offset, '0');
  hold.release();
  assert.equal(await after.ended, undefined);
  assertInOrder(after);
  assert.equal(after.events.at(-1)?.type, 'workflow_completed');
});

test('what agents write stands in no log line and no event but their answers', async (t) => {
  const world = await opened(t, { ORCHESTRATOR_LOG_LEVEL: 'debug' });
  const { session, simulator } = world;
  const match = { role: 'researcher' };
  const lost = 'unmistakable words of an attempt that failed';
  simulator.script({
    match,
    behaviour: { kind: 'answer', text: lost, finishReason: null, deltas: 2 },
    times: 1,
  });
  const hold = simulator.hold((entry) => entry.attemptId.endsWith('/researcher/0/0/1'), 'middle');
  const { workflowId } = await session.start({ numAgents: 1, options });
  const watch = session.watch(workflowId, 0, true);
  await watch.until(() => deltasOf(watch).length > 0);
  hold.release();
  await finished(session, workflowId, watch);
  assert.ok(lost.startsWith(present(deltasOf(watch, 1)[0]).text));
  assert.doesNotMatch(JSON.stringify(await session.events(workflowId)), /unmistakable/);
  assert.deepEqual(await world.daemon.stop(), { code: 0, signal: null });
  assert.doesNotMatch(JSON.stringify(world.log), /unmistakable/);
});
