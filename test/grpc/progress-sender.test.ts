import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SimulatedClock } from '../../src/clock/simulated-clock.ts';
import type { WatchWorkflowResponse__Input } from '../../src/gen/orchestrator/v1/WatchWorkflowResponse.ts';
import { ProgressSender } from '../../src/grpc/progress-sender.ts';
import { limits } from '../../src/workflow/limits.ts';
import { FakeApplication } from './fake-application.ts';
import { goodRun, started } from './sample-events.ts';

const workflowId = 'research_0a1b2c3d4e5f';
const key = { tenant: 'default', workflowId };
/** The planner's call is under way. */
const planning = [started, ...goodRun.slice(0, 4)];

/** A sender whose messages a test takes by hand. */
function sending() {
  const clock = new SimulatedClock();
  const application = new FakeApplication(clock);
  application.append(workflowId, ...planning);
  const sent: WatchWorkflowResponse__Input[] = [];
  const taking: PromiseWithResolvers<void>[] = [];
  const sender = new ProgressSender(application, key, (message) => {
    sent.push(message);
    const taken = Promise.withResolvers<void>();
    taking.push(taken);
    return taken.promise;
  });
  return { clock, application, sent, taking, sender };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('a sender of progress', () => {
  test('has one message under way, and sends the next when that is taken', async () => {
    const { clock, application, sent, taking, sender } = sending();
    sender.begin(planning.length);
    assert.deepEqual(
      sent.map(({ progress }) => progress?.activity),
      ['ACTIVITY_CALLING'],
    );
    const call = (await application.get(key)).state.agents.get('planner')?.openCall;
    assert.ok(call);
    application.progressFeed.sink(key, 'planner', call).add('1. Tides');
    await clock.advance(limits.progressIntervalMs);
    assert.equal(sent.length, 1);
    assert.equal(sender.busy, true);
    taking[0]?.resolve();
    await turn();
    assert.equal(sent[1]?.progress?.delta?.text, '1. Tides');
    sender.close();
  });

  test('sends nothing before the log was read, while it is paused and after it is closed', async () => {
    const { clock, application, sent, taking, sender } = sending();
    const call = (await application.get(key)).state.agents.get('planner')?.openCall;
    assert.ok(call);
    const sink = application.progressFeed.sink(key, 'planner', call);
    const written = async (text: string): Promise<number> => {
      sink.add(text);
      await clock.advance(limits.progressIntervalMs);
      return sent.length;
    };
    assert.equal(await written('one '), 0);
    sender.begin(planning.length);
    taking[0]?.resolve();
    await turn();
    taking[1]?.resolve();
    await turn();
    assert.deepEqual([sent.length, sender.busy], [2, false], 'what it does and what it wrote');
    sender.pause();
    assert.equal(await written('two '), 2);
    sender.begin(planning.length);
    assert.equal(sent.length, 3);
    taking[2]?.resolve();
    await turn();
    sender.close();
    assert.equal(await written('three'), 3);
    assert.equal(application.progressFeed.followedCount, 0);
  });

  test('hands what a message failed with to the one who reads the log, and sends no more', async () => {
    const { sent, taking, sender } = sending();
    const defect = new Error('it cannot be encoded');
    sender.begin(planning.length);
    taking[0]?.reject(defect);
    await turn();
    assert.throws(() => sender.pause(), defect);
    sender.begin(planning.length);
    assert.equal(sent.length, 1);
    sender.close();
  });
});
