import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Daemon, temporaryFolder } from '../e2e/daemon.ts';
import { Session } from '../e2e/session.ts';
import { problemsOf } from '../e2e/verified.ts';
import { olderVersion } from '../store/older-version.ts';
import type { CommitPoint } from './commit-point.ts';

/**
 * A process killed while it makes its store, or brings one of the version before up to date: the next one must find
 * either nothing or all of it. Answers what must not be.
 */
export async function killWhileMade(
  point: CommitPoint,
  env: Readonly<Record<string, string>>,
  execArgv: readonly string[],
): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  const dataDir = folder.path;
  const provider = { ORCHESTRATOR_PROVIDER: 'offline' };
  const violations: string[] = [];
  let daemon: Daemon | undefined;
  try {
    let before: string | undefined;
    if (point.reached === 'migrating') {
      daemon = await Daemon.start({ dataDir, env: provider });
      before = await oneRun(daemon);
      await daemon.stop();
      takeBack(join(dataDir, 'orchestrator.db'));
    }
    try {
      daemon = await Daemon.start({ dataDir, env: { ...provider, ...env }, execArgv });
      violations.push(`${point.name}: was passed`);
      await daemon.kill();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!message.includes(`torture: reached ${point.name}`)) throw error;
    }
    violations.push(...problemsOf(dataDir));
    daemon = await Daemon.start({ dataDir, env: provider });
    await oneRun(daemon);
    if (before !== undefined) {
      const session = new Session(daemon.address);
      assert.equal((await session.get(before)).state, 'STATE_COMPLETED');
      session.close();
    }
    await daemon.stop();
    violations.push(...problemsOf(dataDir));
    return violations;
  } finally {
    await daemon?.kill();
    await folder.remove();
  }
}

async function oneRun(daemon: Daemon): Promise<string> {
  const session = new Session(daemon.address);
  try {
    const documents = [
      { name: 'logs.md', text: '# Logs\n\nAn append is durable when fsync has returned.\n' },
    ];
    const { workflowId } = await session.start({ numAgents: 1, options: { documents } });
    await session.ended(workflowId);
    return workflowId;
  } finally {
    session.close();
  }
}

/** Makes a store what the version before had made. */
function takeBack(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(olderVersion(1));
  database.close();
}
