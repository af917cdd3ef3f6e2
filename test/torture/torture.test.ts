import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commitPoints, commonChanges, replaceOnce, withPoint } from './commit-point.ts';
import { diskFull, mayMount } from './disk-full.ts';
import { Gate } from './gate.ts';
import { torture } from './torture.ts';
import { brokenPromises, type RunPlan, TorturedRun } from './tortured-run.ts';

const sourceOf = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../src/${file}`, import.meta.url)), 'utf8');

test('every commit point stands in the product, and has a name of its own', () => {
  for (const point of commitPoints)
    assert.match(withPoint(sourceOf(point.file), point), /reachedCommitPoint/);
  for (const { file, anchor, text } of commonChanges('file:///preload.ts')) {
    assert.notEqual(replaceOnce(sourceOf(file), anchor, text, file), sourceOf(file));
  }
  assert.equal(new Set(commitPoints.map(({ name }) => name)).size, commitPoints.length);
});

test('a commit point whose source has changed is told, not passed over', () => {
  const [point] = commitPoints;
  assert.ok(point);
  assert.throws(() => withPoint('nothing of it', point), /expected one ".*" in src\/.*, found 0/);
  assert.throws(() => withPoint(`${point.anchor} ${point.anchor}`, point), /found 2/);
});

test('a server killed at commit points and stopped past a deadline breaks no promise', async () => {
  const names = [
    'start: after COMMIT, before anybody is told',
    'call started: durable, before its request leaves',
    'eviction: before COMMIT',
    'checkpoint: before',
  ];
  const points = commitPoints.filter(({ name }) => names.includes(name));
  assert.equal(points.length, names.length);
  const seed = 5;
  const report = await torture({ kills: 8, seed, concurrentRuns: 4, points, stopEvery: 8 });
  assert.deepEqual(report.violations, [], `seed ${seed}`);
  assert.equal(report.kills.length, 8);
  assert.equal(report.stops, 1);
  assert.ok(report.evicted > 0, 'nothing was evicted');
});

test('a full disk refuses starts and loses nothing, and everything goes on when there is space again', async (t) => {
  if (!(await mayMount())) {
    assert.ok(
      !process.env['CI'],
      'CI must be able to mount a small file system, or the full disk is not tested',
    );
    t.skip('this user may not mount a small file system; the full disk is NOT tested');
    return;
  }
  const report = await diskFull({ kill: false });
  assert.deepEqual(report.violations, []);
  assert.match(report.refusal, /disk is full/);
  assert.equal(report.requestsWhenFull, 0, 'no call was made that could not be recorded');
});

test('the judge finds a promise that was broken', () => {
  const plan: RunPlan = { requestId: 'r', request: {}, act: 'nothing', afterEvents: 0, twice: false };
  const finished = (type: string, told: Partial<TorturedRun> = {}): TorturedRun => {
    const run = new TorturedRun(new Gate(), plan);
    // Only what the judge reads.
    run.events.push({ type: 'workflow_started' } as never, { type } as never);
    return Object.assign(run, { workflowId: 'w' }, told);
  };
  const cancelled = (yes: boolean) => ({ cancelled: { cancelled: yes, receipt: null, workflow: null } });
  assert.deepEqual(brokenPromises(finished('workflow_completed')), []);
  assert.deepEqual(brokenPromises(finished('workflow_completed', cancelled(false))), []);
  const broken: readonly (readonly [RegExp, TorturedRun])[] = [
    [/acknowledged, it ended as workflow_completed/, finished('workflow_completed', cancelled(true))],
    [/the receipt was null/, finished('workflow_cancelled', cancelled(true))],
    [/came too late, it ended as cancelled/, finished('workflow_cancelled', cancelled(false))],
    [/the pause was acknowledged, the log has none/, finished('workflow_completed', { paused: true })],
  ];
  for (const [finding, run] of broken) assert.match(brokenPromises(run).join('\n'), finding);
});
