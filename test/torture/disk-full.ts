import { execFile } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { temporaryFolder } from '../e2e/daemon.ts';
import { judgeLog } from '../e2e/kill-rounds.ts';
import { problemsOf, verifyViolations } from '../e2e/verified.ts';
import { World } from '../e2e/world.ts';
import { roleOf } from '../simulator/behaviour.ts';
import { HealthWatch } from './health-watch.ts';
import { preload } from './torture.ts';

const run = promisify(execFile);
const diskBytes = 4 * 1_024 * 1_024;
const startsMax = 400;
const runsUnderWay = 3;

export interface DiskReport {
  /** Starts acknowledged after the disk had been filled, from space the journal had left. */
  readonly acceptedWhenFull: number;
  /** How a start was refused. */
  readonly refusal: string;
  /** Calls whose answers came while nothing could be recorded. */
  readonly answersWhenFull: number;
  readonly requestsWhenFull: number;
  readonly runs: number;
  /** What a process did that was started while the disk was full; undefined: none was. */
  readonly bootWhenFull: string | undefined;
  readonly violations: readonly string[];
}

/** Whether this user may mount a small file system; a disk cannot be filled otherwise. */
export async function mayMount(): Promise<boolean> {
  const folder = await temporaryFolder();
  try {
    await mount(folder.path);
    await run('umount', [folder.path]);
    return true;
  } catch {
    return false;
  } finally {
    await folder.remove();
  }
}

async function mount(path: string): Promise<void> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', path]);
}

/** A folder on a file system of its own, a few megabytes large. */
async function smallDisk(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await temporaryFolder();
  try {
    await mount(folder.path);
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return {
    path: folder.path,
    remove: async () => {
      await run('umount', [folder.path]);
      await folder.remove();
    },
  };
}

/** Takes all the space there is. */
function fill(path: string): void {
  const descriptor = openSync(path, 'w');
  const block = Buffer.alloc(64 * 1_024, 1);
  try {
    for (let bytes = block.byteLength; bytes > 0; ) {
      try {
        writeSync(descriptor, block, 0, bytes);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        bytes = Math.floor(bytes / 2);
      }
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Runs under way on a disk that becomes full, and gets space again: starts are refused, nothing acknowledged is lost,
 * no call is made whose start could not be made durable, and everything goes on by itself. With `kill` the process
 * dies while the disk is full.
 */
export async function diskFull({ kill }: { readonly kill: boolean }): Promise<DiskReport> {
  const world = await World.open({}, { execArgv: preload, folder: await smallDisk() });
  const health = new HealthWatch(world.daemon.address);
  const violations: string[] = [];
  try {
    const { simulator, session } = world;
    const { ledger } = simulator;
    const ids: string[] = [];
    const start = async (requestId: string): Promise<void> => {
      // A text of some size, so that space ends soon.
      const documents = [{ name: 'logs.md', text: `${requestId}: an append is durable. `.repeat(400) }];
      const options = { documents, generateDocuments: true, maxRetries: 10 };
      ids.push((await session.start({ requestId, numAgents: 3, options })).workflowId);
    };
    await health.until('SERVING');
    const hold = simulator.hold((entry) => roleOf(entry.attemptId) === 'researcher');
    for (let n = 1; n <= runsUnderWay; n++) await start(`before-${n}`);
    await hold.held(runsUnderWay * 3);

    const ballast = join(world.dataDir, 'ballast');
    fill(ballast);
    const before = ids.length;
    let refusal = '';
    for (let n = 1; refusal === '' && n <= startsMax; n++) {
      try {
        await start(`full-${n}`);
      } catch (error) {
        const { code, message } = error as ServiceError;
        refusal = message;
        if (code !== Code.UNAVAILABLE && code !== Code.RESOURCE_EXHAUSTED)
          violations.push(`a start was refused with ${message}`);
      }
    }
    if (refusal === '') violations.push(`${startsMax} starts were accepted on a full disk`);
    const acceptedWhenFull = ids.length - before;
    await health.until('NOT_SERVING');

    // Answers that were paid for come while nothing can be recorded.
    const requests = ledger.entries.length;
    const answered = (): number => ledger.entries.filter((entry) => entry.answered).length;
    const answers = answered();
    hold.release();
    await ledger.until(() => answered() >= answers + runsUnderWay * 3);
    await world.daemon.line('append failed; trying again');

    let bootWhenFull: string | undefined;
    if (kill) {
      await world.daemon.kill();
      violations.push(...problemsOf(world.dataDir));
      bootWhenFull = await bootResult(world);
      if (world.daemon.running) await world.daemon.kill();
    }
    const requestsWhenFull = ledger.entries.length - requests;
    rmSync(ballast);
    if (kill) await world.boot();
    else await health.until('SERVING');

    for (const id of ids) {
      const { state } = await world.session.ended(id);
      if (state !== 'STATE_COMPLETED') violations.push(`${id}: ${state}`);
      const events = await world.session.events(id);
      const entries = ledger.entries.filter(({ attemptId }) => attemptId.startsWith(`${id}/`));
      violations.push(...judgeLog(id, events, entries).found);
    }
    // A start that was refused, asked for again under its request id, is one start.
    const known = ledger.entries.filter(({ attemptId }) => ids.some((id) => attemptId.startsWith(`${id}/`)));
    const strange = ledger.entries.length - known.length;
    if (strange > 0) violations.push(`${strange} requests of workflows whose start was refused`);
    if (refusal !== '') {
      const requestId = `full-${acceptedWhenFull + 1}`;
      const documents = [{ name: 'logs.md', text: `${requestId}: an append is durable. `.repeat(400) }];
      const options = { documents, generateDocuments: true, maxRetries: 10 };
      const { workflowId } = await world.session.start({ requestId, numAgents: 3, options });
      await world.session.ended(workflowId);
    }
    const exit = await world.daemon.stop();
    if (exit.code !== 0) violations.push(`the process ended with ${JSON.stringify(exit)}`);
    violations.push(...(await verifyViolations(world.dataDir)));
    const answersWhenFull = runsUnderWay * 3;
    return {
      acceptedWhenFull,
      refusal,
      answersWhenFull,
      requestsWhenFull,
      runs: ids.length,
      bootWhenFull,
      violations,
    };
  } finally {
    health.close();
    await world.close({ verified: true });
  }
}

/** What becomes of a process that is started now. */
async function bootResult(world: World): Promise<string> {
  try {
    await world.boot();
    return 'listened';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.split('\n').find((line) => line.startsWith('error:')) ?? message;
  }
}
