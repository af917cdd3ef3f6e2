import { DatabaseSync } from 'node:sqlite';
import { dayOf } from '../../src/workflow/day-spend.ts';
import type { EventData, WorkflowEvent } from '../../src/workflow/event.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import { spentTokens } from '../../src/workflow/ledger.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { SeededRandom } from './seeded-random.ts';
import { storePath, verifyViolations } from './verified.ts';
import { World } from './world.ts';

export interface BudgetOptions {
  readonly workflows: number;
  /** Researchers of each, all of which may call at once. */
  readonly agents: number;
  readonly kills: number;
  readonly seed: number;
  /** Caps of tokens. */
  readonly workflowTokens: number;
  readonly dayTokens: number;
}

export interface BudgetReport {
  readonly workflows: number;
  readonly completed: number;
  /** Ended because the cap of the workflow, or of the day, did not allow the next call. */
  readonly endedByWorkflowCap: number;
  readonly endedByDayCap: number;
  readonly kills: number;
  readonly events: number;
  readonly requests: number;
  /** The most that was ever spent and held, as a share of the cap. */
  readonly highestOfAWorkflow: number;
  readonly highestOfTheDay: number;
  /** Tokens over a cap, at the worst event; 0. */
  readonly overshoot: number;
  readonly violations: readonly string[];
}

/**
 * Many workflows with all of their agents calling at once, under a cap of each and one of the day, killed in between.
 * Afterwards every event of every log is gone through in the order in which it became durable.
 */
export async function budgetRounds(options: BudgetOptions): Promise<BudgetReport> {
  const world = await World.open({ ORCHESTRATOR_DAILY_MAX_TOKENS: String(options.dayTokens) });
  let verified = false;
  try {
    const random = new SeededRandom(options.seed);
    world.simulator.when(() => random.next() < 0.5, { kind: 'answer', delayMs: 20, dripMs: 5 });
    const ids: string[] = [];
    for (let number = 0; number < options.workflows; number++) {
      const { workflowId } = await world.session.start({
        numAgents: options.agents,
        options: {
          maxConcurrentAgents: options.agents,
          maxOutputTokens: 500,
          maxTokens: String(options.workflowTokens),
          generateDocuments: false,
        },
      });
      ids.push(workflowId);
    }
    const { ledger } = world.simulator;
    for (let kill = 0; kill < options.kills; kill++) {
      const wanted = ledger.entries.length + random.whole(5, 30);
      const ended = (): Promise<unknown> => Promise.all(ids.map((id) => world.session.ended(id, 120)));
      await Promise.race([
        ledger.until(() => ledger.entries.length >= wanted),
        // A kill that nothing leads to any more must not be waited for; the kill takes the connection with it.
        ended().catch(() => undefined),
      ]);
      await world.daemon.kill();
      await world.boot();
    }
    for (const id of ids) await world.session.ended(id, 120);
    const exit = await world.daemon.stop();
    const violations = exit.code === 0 ? [] : [`the last process ended with ${JSON.stringify(exit)}`];
    violations.push(...(await verifyViolations(world.dataDir)));
    verified = true;
    return {
      workflows: ids.length,
      kills: options.kills,
      requests: ledger.entries.length,
      ...judged(storePath(world.dataDir), options, violations),
      violations,
    };
  } finally {
    await world.close({ verified });
  }
}

function judged(
  path: string,
  { workflowTokens, dayTokens }: BudgetOptions,
  violations: string[],
): Omit<BudgetReport, 'workflows' | 'kills' | 'requests' | 'violations'> {
  const states = new Map<string, WorkflowState>();
  const held = new Map<number, number>();
  let events = 0;
  let highestOfAWorkflow = 0;
  let highestOfTheDay = 0;
  for (const event of inOrder(path)) {
    events++;
    const before = states.get(event.workflowId);
    const state = evolve(before, event);
    states.set(event.workflowId, state);
    highestOfAWorkflow = Math.max(highestOfAWorkflow, spentTokens(state.ledger) + state.ledger.heldTokens);
    // Own count, by the day of the call's start: what the state's ledger grew by.
    const { data } = event;
    const call = data.type === 'model_call_ended' ? before?.agents.get(data.agentId)?.openCall : undefined;
    const day = dayOf(call?.startTime ?? event.time);
    const used = (of: WorkflowState | undefined): number =>
      of ? spentTokens(of.ledger) + of.ledger.heldTokens : 0;
    held.set(day, (held.get(day) ?? 0) + used(state) - used(before));
    highestOfTheDay = Math.max(highestOfTheDay, held.get(day) ?? 0);
  }
  const overshoot = Math.max(0, highestOfAWorkflow - workflowTokens, highestOfTheDay - dayTokens);
  if (overshoot > 0) violations.push(`a cap was exceeded by ${overshoot} tokens`);
  const ends = [...states.values()];
  const endedBy = (caps: readonly string[]): number =>
    ends.filter(({ status, limitReached }) => status === 'failed' && caps.includes(limitReached?.cap ?? ''))
      .length;
  const odd = ends.filter(({ status, limitReached }) => status !== 'completed' && !limitReached);
  for (const { workflowId, status, error } of odd)
    violations.push(`${workflowId} ended as ${status}: ${error?.message}`);
  return {
    completed: ends.filter(({ status }) => status === 'completed').length,
    endedByWorkflowCap: endedBy(['cost', 'tokens']),
    endedByDayCap: endedBy(['day_cost', 'day_tokens']),
    events,
    highestOfAWorkflow: highestOfAWorkflow / workflowTokens,
    highestOfTheDay: highestOfTheDay / dayTokens,
    overshoot,
  };
}

/** Every event of the store in the order in which it became durable. */
function* inOrder(path: string): Generator<WorkflowEvent> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare(
      `SELECT workflow_id, event.sequence, time, epoch, progress, body FROM event JOIN workflow USING (run)
       ORDER BY event_id`,
    );
    for (const row of rows.iterate()) {
      yield {
        workflowId: String(row['workflow_id']),
        sequence: Number(row['sequence']),
        time: Number(row['time']),
        epoch: Number(row['epoch']),
        progress: Number(row['progress']),
        data: JSON.parse(String(row['body'])) as EventData,
      };
    }
  } finally {
    database.close();
  }
}
