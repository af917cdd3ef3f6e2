import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditLog } from '../../src/workflow/audit.ts';
import { defaultTenant } from '../../src/workflow/id.ts';
import { rowOf } from '../../src/workflow/row.ts';
import {
  agentCompletedData,
  callEndedData,
  callLostData,
  callStartedData,
  lifecycleData,
  LogBuilder,
  scheduledData,
  t0,
  workflowId,
} from './log-builder.ts';

const key = { tenant: defaultTenant, workflowId };

/** A run of one agent that is about to end. */
function working(options: ConstructorParameters<typeof LogBuilder>[0] = {}): LogBuilder {
  return new LogBuilder(options).all(
    lifecycleData('workflow_admitted'),
    scheduledData('researcher/1'),
    callStartedData('researcher/1'),
  );
}

describe('the audit of a log', () => {
  test('finds nothing in a sound log at any of its events', () => {
    const log = working().all(callEndedData('researcher/1'), agentCompletedData('researcher/1', 5));
    for (let end = 1; end <= log.events.length; end++) {
      assert.deepEqual(auditLog(key, log.events.slice(0, end)), [], `after ${end} events`);
    }
    assert.deepEqual(auditLog(key, log.events, rowOf(log.state)), []);
  });

  test('tells one finding of a log, the first, for what follows from a wrong state says nothing', () => {
    const log = working().all(callEndedData('researcher/1'), agentCompletedData('researcher/1', 5));
    const events = log.events.toSpliced(3, 1);
    assert.deepEqual(auditLog(key, events, rowOf(log.state)), [
      { check: 'sequence', workflowId, sequence: 5, expected: 'sequence 4', found: '5' },
    ]);
  });

  test('holds the row against the fold, member by member', () => {
    const log = working();
    const [finding, ...more] = auditLog(key, log.events, { ...rowOf(log.state), agentsTotal: 7, title: 'T' });
    assert.deepEqual(more, []);
    assert.equal(finding?.check, 'row');
    assert.equal(finding.found, 'title "T", agentsTotal 7');
  });

  test('takes a provider at its word when it charges more than was held, and nobody else', () => {
    const caps = { maxCostNanoUsd: 2_000 };
    const more = working(caps).add(callEndedData('researcher/1', 0, 1, { costNanoUsd: 2_500 }));
    assert.deepEqual(auditLog(key, more.events), []);
    const held = working(caps).all(scheduledData('researcher/2'), callStartedData('researcher/2'));
    const [finding] = auditLog(key, held.events);
    assert.equal(finding?.check, 'money');
    assert.equal(finding.sequence, 6);
  });

  test('does not believe that an attempt was kept waiting for longer than its agent was idle', () => {
    const start = callStartedData('researcher/1', 0, 1, { agentDeadline: t0 + 30_000 });
    const failed = new LogBuilder()
      .all(lifecycleData('workflow_admitted'), scheduledData('researcher/1'), start)
      .add(callLostData('researcher/1', 0, 1, 'failed'), t0 + 5_000);
    const lastTime = failed.state.updateTime;
    const again = (waitedMs: number) =>
      failed.events.concat(
        new LogBuilder()
          .all(lifecycleData('workflow_admitted'), scheduledData('researcher/1'), start)
          .add(callLostData('researcher/1', 0, 1, 'failed'), t0 + 5_000)
          .add(callStartedData('researcher/1', 0, 2, { waitedMs }), lastTime)
          .events.slice(-1),
      );
    const idleMs = lastTime - (failed.state.agents.get('researcher/1')?.startTime ?? 0);
    assert.deepEqual(auditLog(key, again(idleMs)), []);
    assert.equal(auditLog(key, again(idleMs + 1))[0]?.check, 'statement');
  });

  test('does not believe that an agent abstained whose text does not say so', () => {
    const log = working().add(callEndedData('researcher/1'));
    log.add({ ...agentCompletedData('researcher/1', 5), outcome: 'abstained' });
    const [finding] = auditLog(key, log.events);
    assert.equal(finding?.check, 'statement');
    assert.equal(finding.expected, 'an abstention in the text of researcher/1');
  });

  test('finds a log of nothing', () => {
    assert.equal(auditLog(key, [])[0]?.expected, 'at least one event');
  });
});
