import { RealClock } from '../../src/clock/real-clock.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import type { EventData, WorkflowEvent } from '../../src/workflow/event.ts';
import { spendChange } from '../../src/workflow/day-spend.ts';
import { evolve, fold } from '../../src/workflow/evolve.ts';
import { rowOf } from '../../src/workflow/row.ts';
import type { Append } from '../../src/store/event-store.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import {
  agentCompletedData,
  agentFailedData,
  callEndedData,
  callLostData,
  callStartedData,
  scheduledData,
  startedData,
  t0,
} from '../workflow/log-builder.ts';
import { blobOf, keyOf, requestOf } from './fixture.ts';

/** Workflows of the sample: what became of them says their name. Runs are counted from 1 in this order. */
export const sample = {
  completed: keyOf(1).workflowId,
  cancelled: keyOf(2).workflowId,
  running: keyOf(3).workflowId,
} as const;

export const source = blobOf('A log is durable when fsync has returned.');
const report = blobOf('# Report\n');
const bodyHash = source.sha256;

const completedLog: readonly EventData[] = [
  {
    ...startedData({ maxCostNanoUsd: 10_000, labels: { team: 'storage' } }),
    requestId: 'first',
    requestBodyHash: bodyHash,
    sources: [{ name: 'a.md', sha256: source.sha256, bytes: source.bytes.byteLength }],
  },
  { type: 'workflow_admitted', deadline: t0 + 60_000 },
  {
    ...scheduledData('researcher/1'),
    passages: [{ handle: 'D1.1', documentName: 'a.md', sha256: source.sha256, start: 0, end: 5 }],
  },
  scheduledData('researcher/2'),
  callStartedData('researcher/1'),
  callEndedData('researcher/1'),
  agentCompletedData('researcher/1', 6),
  callStartedData('researcher/2'),
  callLostData('researcher/2', 0, 1, 'failed'),
  agentFailedData('researcher/2'),
  { type: 'document_started', format: 'markdown' },
  {
    type: 'document_completed',
    format: 'markdown',
    fileName: 'report.md',
    mediaType: 'text/markdown',
    sha256: report.sha256,
    bytes: report.bytes.byteLength,
    durationMs: 1,
  },
  { type: 'workflow_completed', completeness: 0.5, failedAgentIds: ['researcher/2'] },
];

const cancelledLog: readonly EventData[] = [
  { ...startedData({ maxTokens: 1_000 }), requestId: 'second' },
  { type: 'workflow_admitted', deadline: t0 + 60_000 },
  scheduledData('researcher/1'),
  callStartedData('researcher/1'),
  { type: 'cancellation_requested' },
  { ...callLostData('researcher/1', 0, 1, 'aborted', 'cancel'), assumed: true },
  {
    type: 'workflow_cancelled',
    receipt: {
      callsAborted: 1,
      callsUnknown: 0,
      callsFinished: 0,
      ignoredAbort: [],
      inputTokens: 80,
      outputTokens: 20,
      costNanoUsd: 1_000,
      assumedCostNanoUsd: 1_000,
      unpricedCalls: 0,
      quiescenceMs: 2,
    },
  },
];

const runningLog: readonly EventData[] = [
  startedData(),
  { type: 'workflow_admitted', deadline: t0 + 60_000 },
  scheduledData('researcher/1'),
  callStartedData('researcher/1'),
  callLostData('researcher/1', 0, 1, 'failed'),
  callStartedData('researcher/1', 0, 2),
];

const logs = { completed: completedLog, cancelled: cancelledLog, running: runningLog } as const;

/** Makes a sound store with one workflow of each kind, closed again. */
export async function writeSampleStore(path: string): Promise<void> {
  const store = SqliteStore.open({ path, clock: new RealClock() });
  let number = 0;
  for (const log of Object.values(logs)) {
    const key = keyOf(++number);
    const epoch = (await store.claim(key, 'test')) ?? 0;
    let state: WorkflowState | undefined;
    for (const [index, data] of log.entries()) {
      const event: WorkflowEvent = {
        workflowId: key.workflowId,
        sequence: index + 1,
        time: t0 + index,
        epoch,
        progress: data.type === 'workflow_completed' ? 100 : index,
        data,
      };
      const change = spendChange(state, data, event.time);
      state = evolve(state, event);
      await store.append({
        key,
        epoch,
        expectedSequence: index,
        events: [event],
        row: rowOf(state),
        ...(change && { spend: [change] }),
        ...beside(data),
      });
    }
  }
  await store.close();
}

/** What is appended beside an event. */
function beside(data: EventData): Pick<Append, 'blobs' | 'request'> {
  if (data.type === 'document_completed') return { blobs: [report] };
  if (data.type !== 'workflow_started') return {};
  const { requestId, sources } = data;
  return {
    ...(sources.length > 0 && { blobs: [source] }),
    ...(requestId !== undefined && { request: requestOf(requestId, Date.UTC(2100, 0, 1), bodyHash) }),
  };
}

/** The state a log of the sample ends in. */
export function sampleEvents(name: keyof typeof logs): readonly WorkflowEvent[] {
  const events = logs[name].map((data, index) => ({
    workflowId: sample[name],
    sequence: index + 1,
    time: t0 + index,
    epoch: 1,
    progress: data.type === 'workflow_completed' ? 100 : index,
    data,
  }));
  fold(events);
  return events;
}
