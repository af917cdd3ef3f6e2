import { roleOf } from '../simulator/behaviour.ts';
import type { Session } from './session.ts';
import { terminalTypes } from './session.ts';
import { SeededRandom } from './seeded-random.ts';
import type { World } from './world.ts';
import type { CancelWorkflowResponse__Output } from '../../src/gen/orchestrator/v1/CancelWorkflowResponse.ts';
import type { WorkflowEvent__Output } from '../../src/gen/orchestrator/v1/WorkflowEvent.ts';

export interface CancelInFlight {
  readonly reply: CancelWorkflowResponse__Output;
  /** From the request of the cancel until the last of the provider's sockets had closed. */
  readonly socketsClosedMs: number;
  /** From the request of the cancel to its reply. */
  readonly replyMs: number;
  /** What an open watcher had received when its stream ended. */
  readonly watched: readonly WorkflowEvent__Output[];
  /** Whether the watcher's stream ended OK. */
  readonly watchEndedOk: boolean;
  readonly requestsInFlight: number;
  readonly requestsAfterReply: number;
}

/** Twenty researchers whose answers never end, cancelled together. The daemon's provider must be told to hang. */
export async function cancelInFlight(world: World): Promise<CancelInFlight> {
  const { simulator, session } = world;
  simulator.when((entry) => roleOf(entry.attemptId) === 'researcher', { kind: 'hang', at: 'mid stream' });
  const { workflowId } = await session.start({
    numAgents: 20,
    options: { maxConcurrentAgents: 20, generateDocuments: false },
  });
  const mine = () => simulator.ledger.entries.filter(({ attemptId }) => attemptId.startsWith(workflowId));
  const hanging = () => mine().filter(({ attemptId }) => roleOf(attemptId) === 'researcher');
  await simulator.ledger.until(() => hanging().length === 20);
  const watch = session.watch(workflowId, 0);
  await watch.until(() => watch.events.filter(({ modelCallStarted }) => modelCallStarted).length === 21);

  const askedTime = Date.now();
  const closed = simulator.ledger
    .until(() => hanging().every(({ socketClosedTime }) => socketClosedTime !== undefined))
    .then(() => Math.max(...hanging().map(({ socketClosedTime }) => socketClosedTime ?? 0)) - askedTime);
  const reply = await session.cancel(workflowId);
  const replyMs = Date.now() - askedTime;
  const requestsAtReply = mine().length;
  const socketsClosedMs = await closed;
  const watchError = await watch.ended;
  // A whole other run later nothing may have been requested for the cancelled one.
  simulator.reset();
  await session.ended(
    (await session.start({ numAgents: 1, options: { generateDocuments: false } })).workflowId,
  );
  return {
    reply,
    socketsClosedMs,
    replyMs,
    watched: watch.events,
    watchEndedOk: watchError === undefined,
    requestsInFlight: hanging().length,
    requestsAfterReply: mine().length - requestsAtReply,
  };
}

export interface CancelRace {
  readonly runs: number;
  /** Runs the cancel won. */
  readonly cancelled: number;
  /** Runs that had ended by themselves, by the state of the reply. */
  readonly endedOtherwise: number;
  readonly violations: readonly string[];
}

/** Cancels small runs at moments spread over their whole life, completion included. */
export async function cancelRace(world: World, runs: number, seed: number): Promise<CancelRace> {
  const { session } = world;
  const random = new SeededRandom(seed);
  const violations: string[] = [];
  let [next, cancelled] = [0, 0];
  const worker = async (): Promise<void> => {
    while (next < runs) {
      next++;
      const outcome = await raceOnce(session, random.whole(0, eventsOfSmallRun));
      if (outcome.cancelled) cancelled++;
      violations.push(...outcome.violations);
    }
  };
  await Promise.all(Array.from({ length: racesAtOnce }, worker));
  return { runs, cancelled, endedOtherwise: runs - cancelled, violations };
}

const racesAtOnce = 10;
/** A run of one researcher without documents has so many events; the cancel leaves after the n-th was seen. */
const eventsOfSmallRun = 17;

async function raceOnce(
  session: Session,
  afterEvents: number,
): Promise<{ readonly cancelled: boolean; readonly violations: readonly string[] }> {
  const { workflowId } = await session.start({ numAgents: 1, options: { generateDocuments: false } });
  const watch = session.watch(workflowId, 0);
  await watch.until(() => watch.events.length >= afterEvents);
  const reply = await session.cancel(workflowId);
  await watch.ended;
  const events = await session.events(workflowId);
  const violations: string[] = [];
  const ends = events.filter(({ type }) => terminalTypes.has(type));
  if (ends.length !== 1 || ends[0] !== events.at(-1))
    violations.push(`${workflowId}: ${ends.length} terminal events`);
  const state = { workflow_cancelled: 'STATE_CANCELLED', workflow_completed: 'STATE_COMPLETED' }[
    ends[0]?.type ?? ''
  ];
  if (reply.workflow?.state !== state) {
    violations.push(`${workflowId}: the reply says ${reply.workflow?.state}, the log ${ends[0]?.type}`);
  }
  if (reply.cancelled !== (ends[0]?.type === 'workflow_cancelled')) {
    violations.push(`${workflowId}: the reply says cancelled=${reply.cancelled}, the log ${ends[0]?.type}`);
  }
  if (reply.cancelled !== (reply.receipt !== null))
    violations.push(`${workflowId}: receipt without cancel, or the reverse`);
  if (JSON.stringify(watch.events) !== JSON.stringify(events))
    violations.push(`${workflowId}: the watcher saw another log`);
  return { cancelled: reply.cancelled, violations };
}
