import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { status as Code } from '@grpc/grpc-js';
import { workflowService } from '../../src/grpc/definition.ts';
import { verifyCommand } from './verified.ts';
import { World } from './world.ts';

test('a damaged log holds up its own workflow and no other, and verify names it', async () => {
  const world = await World.open();
  try {
    const hang = { kind: 'hang', at: 'before headers' } as const;
    world.simulator.script({ match: { role: 'researcher' }, behaviour: hang, times: 4 });
    const [damaged, sound] = [
      await world.session.start({ numAgents: 2 }),
      await world.session.start({ numAgents: 2 }),
    ];
    const researching = (): number =>
      world.simulator.ledger.entries.filter(({ attemptId }) => attemptId.includes('/researcher/')).length;
    await world.simulator.ledger.until(() => researching() >= 4);

    const live = await verifyCommand(world.dataDir, '--json');
    assert.equal(live.code, 0, live.stdout + live.stderr);
    assert.equal((JSON.parse(live.stdout) as { open: number }).open, 2);

    await world.daemon.kill();
    const database = new DatabaseSync(join(world.dataDir, 'orchestrator.db'));
    const { changes } = database
      .prepare(
        `UPDATE event SET body = replace(body, 'deadline', 'headline')
         WHERE sequence = 2 AND run = (SELECT run FROM workflow WHERE workflow_id = ?)`,
      )
      .run(damaged.workflowId);
    database.close();
    assert.equal(changes, 1);

    await world.boot();
    const line = await world.daemon.line('workflow left untouched');
    assert.equal(line['workflow_id'], damaged.workflowId);
    assert.equal((await world.session.ended(sound.workflowId)).state, 'STATE_COMPLETED');
    assert.match(String(line['reason']), /event 2 of .* is damaged/);
    const refusal = await world.session.refused(workflowService.GetWorkflow, {
      workflowId: damaged.workflowId,
    });
    assert.equal(refusal.code, Code.DATA_LOSS);
    const { workflows } = await world.session.ask(workflowService.ListWorkflows, {});
    const listed = new Map(workflows.map(({ workflowId, blockedReason }) => [workflowId, blockedReason]));
    assert.equal(listed.get(damaged.workflowId), line['reason'], 'a list says why it does not go on');
    assert.equal(listed.get(sound.workflowId), '');

    assert.equal((await world.daemon.stop()).code, 0);
    const verified = await verifyCommand(world.dataDir);
    assert.equal(verified.code, 1, verified.stdout + verified.stderr);
    assert.match(verified.stdout, /^problems +1$/m);
    assert.match(
      verified.stdout,
      new RegExp(`^checksum: ${damaged.workflowId} sequence 2: expected checksum`, 'm'),
    );
  } finally {
    await world.close({ verified: true });
  }
});

test('verify tells a store that is not there from one that has problems', async () => {
  const { code, stderr } = await verifyCommand(join(import.meta.dirname, 'nothing'), '--json');
  assert.equal(code, 5);
  assert.match(stderr, /there is no store at/);
  const foreign = await verifyCommand(import.meta.filename);
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /is not a database; it was left as it is/);
});
