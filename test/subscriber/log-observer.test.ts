import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogObserver } from '../../src/subscriber/log-observer.ts';
import type { LogFields, Logger } from '../../src/workflow/logger.ts';
import {
  admitted,
  agentCompleted,
  callEnded,
  callStarted,
  canary,
  commit,
  completed,
  failed,
  rootTrace,
  scheduled,
  started,
  workflowId,
} from './sample-log.ts';

interface Line {
  readonly level: keyof Logger;
  readonly fields: LogFields;
  readonly message: string;
}

function recorder(): { lines: Line[]; logger: Logger } {
  const lines: Line[] = [];
  const at = (level: keyof Logger) => (fields: LogFields, message: string) =>
    void lines.push({ level, fields, message });
  return {
    lines,
    logger: { debugs: true, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
  };
}

test('logs the time limit at start (row 23)', () => {
  const { lines, logger } = recorder();
  commit(new LogObserver(logger), [started]);
  assert.equal(lines[0]?.message, 'workflow started');
  assert.equal(lines[0]?.fields['time_limit_ms'], 3_600_000);
});

test('logs a failure once, with the id and the error (row 4)', () => {
  const { lines, logger } = recorder();
  commit(new LogObserver(logger), [started, admitted, failed]);
  const errors = lines.filter(({ level }) => level === 'error');
  assert.equal(errors.length, 1);
  assert.equal(errors[0]?.fields['workflow_id'], workflowId);
  assert.deepEqual(errors[0].fields['failure'], { type: 'quorum', message: 'too few agents' });
});

test('logs a life at info and what happens inside it at debug, with ids and trace (row 98)', () => {
  const { lines, logger } = recorder();
  commit(new LogObserver(logger), [
    started,
    admitted,
    scheduled,
    callStarted(1),
    callEnded(1, 'ok'),
    agentCompleted,
    completed,
  ]);
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['info', 'info', 'debug', 'debug', 'debug', 'debug', 'info'],
  );
  lines.forEach(({ fields }, index) => {
    assert.equal(fields['workflow_id'], workflowId);
    assert.equal(fields['sequence'], index + 1);
    assert.equal(fields['request_id'], 'request-1');
    assert.equal(fields['trace_id'], rootTrace);
  });
  const end = lines.at(-1);
  assert.deepEqual(
    [end?.message, end?.fields['status'], end?.fields['duration_ms'], end?.fields['cost_usd']],
    ['workflow completed', 'completed', 50, 7e-7],
  );
});

test('logs no task, prompt or answer', () => {
  const { lines, logger } = recorder();
  commit(new LogObserver(logger), [
    started,
    admitted,
    scheduled,
    callStarted(1),
    callEnded(1, 'ok'),
    agentCompleted,
    completed,
  ]);
  assert.ok(!JSON.stringify(lines).includes(canary));
});
