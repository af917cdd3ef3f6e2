import type { AgentSpec, Decision, Orchestrator } from '../orchestrator/orchestrator.ts';
import type { EventOf, PassageRef, Reservation } from '../workflow/event.ts';
import { failure, type Failure } from '../workflow/failure.ts';
import { affordability, spentTokens, type Affordability, type CapName } from '../workflow/ledger.ts';
import { limits } from '../workflow/limits.ts';
import { capsFor, concludeTime, latestEnd, mayUseReserve } from '../workflow/reserve.ts';
import { retryDelayMs, wasInterrupted } from '../workflow/retry-policy.ts';
import { hasOpenToolCall, isActive, type AgentState, type WorkflowState } from '../workflow/state.ts';
import { awaitsTools } from '../workflow/tool-fold.ts';
import { failAgent } from './agent-failure.ts';
import { closeWork, conclude, concludeInTime, graceDeadlineOf } from './conclusion.ts';
import type { Draft } from './draft.ts';
import { settleTools, type ToolFacts } from './tool-decision.ts';
import { failWorkflow, stopOpenCalls, stoppedCall, timeOut } from './transition.ts';

/** What a decision needs to know beside the state. */
export interface Facts extends ToolFacts {
  readonly orchestrator: Orchestrator;
  /** An agent without an acceptable answer after so many turns has failed. */
  readonly turnsPerAgent: number;
  /** A number in [0, 1), for jitter. */
  random(): number;
  /** Freezes what an agent will work on. */
  freeze(
    state: WorkflowState,
    spec: AgentSpec,
  ): { readonly passages: readonly PassageRef[]; readonly inputHash: string };
  /** Tools that agents of this role may use in this workflow now; frozen when one is scheduled. */
  toolsOf(state: WorkflowState, spec: AgentSpec): readonly string[];
  /** Whether the agent's next turn offers it tools. */
  offersTools(state: WorkflowState, agentId: string): boolean;
  /** Where the agent's next call may go, and what it may cost at most there. */
  route(state: WorkflowState, agentId: string): CallRoute;
  /** Whether the day's budget allows a reservation after what the batch has drafted already. */
  dayAllows(draft: Draft, reserved: Reservation): Affordability;
  /**
   * Leave for the call that `route` has named, asked last of all so that none is wasted. False: not now. It counts for
   * the model_call_started that follows, and goes back when none does.
   */
  permit(agentId: string): boolean;
  /** How long the agent has been waiting for a rate limit or a breaker, ms; that is not its own time. */
  waitedMs(agentId: string): number;
}

export type CallRoute =
  | {
      readonly type: 'call';
      readonly provider: string;
      readonly model: string;
      readonly reserved: Reservation;
    }
  /** A rate limit or a breaker; whoever can end the wait makes the workflow look again. */
  | { readonly type: 'wait' }
  /** No provider that this run may use can be used on this server. */
  | { readonly type: 'refused'; readonly failure: Failure }
  /** A cap of money is set, and no provider that could be called has a known price. */
  | { readonly type: 'unpriced'; readonly provider: string; readonly model: string };

/** A batch settles after a few rounds; more means that the rules of an orchestrator run in a circle. */
const roundsMax = 32;

/**
 * Adds everything that should be recorded now, from the state alone. Level, not edge: asking again adds nothing.
 * Only a running workflow decides anything.
 */
export function decide(draft: Draft, facts: Facts): void {
  for (let round = 0; round < roundsMax; round++) {
    if (draft.state.status !== 'running') return;
    const before = draft.events.length;
    if (draft.state.sequence >= limits.eventsPerWorkflowMax) {
      failWorkflow(
        draft,
        'event_limit',
        `the log has reached its limit of ${limits.eventsPerWorkflowMax} events`,
      );
      return;
    }
    // An answer that is in the log has been paid for: it counts also when the agent's time is over by now.
    settleAnswers(draft, facts);
    endOverdueAgents(draft, facts);
    concludeInTime(draft);
    closeWork(draft);
    settleTools(draft, facts);
    settleFailures(draft, facts);
    follow(draft, facts);
    callModels(draft, facts);
    if (draft.events.length === before) return;
  }
  throw new Error(
    `workflow ${draft.key.workflowId}: ${draft.state.orchestrator} did not settle after ${roundsMax} rounds`,
  );
}

/**
 * The next time later than `after` at which a workflow has something to decide without any news; undefined when there
 * is none. Whatever was due at `after` has been decided then, and must not hide what comes later.
 */
export function nextWakeTime(state: WorkflowState, after: number): number | undefined {
  let wake = Number.POSITIVE_INFINITY;
  const consider = (time: number | undefined): void => {
    if (time !== undefined && time > after && time < wake) wake = time;
  };
  if (state.status === 'paused') consider(state.pause?.pauseDeadline);
  if (state.status === 'cancelling' && state.cancellation) {
    consider(state.cancellation.requestTime + limits.cancelQuiescenceMs);
  }
  if (state.status === 'running') {
    consider(state.deadline);
    consider(concludeTime(state));
    consider(graceDeadlineOf(state));
    for (const agent of state.agents.values()) {
      if (!isActive(agent)) continue;
      consider(agent.deadline);
      consider(latestEnd(state, agent));
      consider(agent.retryTime);
    }
  }
  return wake === Number.POSITIVE_INFINITY ? undefined : wake;
}

/** Why a running workflow makes no calls although it could; undefined when nothing holds it up. */
export function runningBlockedReason(state: WorkflowState, now: number): string | undefined {
  let retries = 0;
  let waiting = 0;
  let earliest = Number.POSITIVE_INFINITY;
  for (const agent of state.agents.values()) {
    if (!isActive(agent)) continue;
    if (agent.openCall || hasOpenToolCall(agent)) return undefined;
    if (agent.retryTime !== undefined && agent.retryTime > now) {
      retries++;
      earliest = Math.min(earliest, agent.retryTime);
    } else {
      waiting++;
    }
  }
  if (retries > 0)
    return `backoff: ${retries} agents wait for their next attempt, the first at ${new Date(earliest).toISOString()}`;
  if (waiting > 0 && state.ledger.heldTokens > 0) return 'budget: waits until reservations have settled';
  return undefined;
}

function endOverdueAgents(draft: Draft, facts: Facts): void {
  for (const agent of draft.state.agents.values()) {
    if (!isActive(agent)) continue;
    const ownTimeOver =
      agent.deadline !== undefined && agent.deadline + facts.waitedMs(agent.agentId) <= draft.time;
    if (!ownTimeOver && (latestEnd(draft.state, agent) ?? Number.POSITIVE_INFINITY) > draft.time) continue;
    const overdue = failure(
      'deadline',
      ownTimeOver
        ? `the agent's time limit of ${agent.timeoutMs} ms is over`
        : 'the time that is left is needed to put the report together',
    );
    if (agent.openCall)
      draft.add(stoppedCall(agent.agentId, agent.openCall, 'deadline', overdue, draft.time));
    failAgent(draft, agent, overdue);
  }
}

/** Judges every answer that has not been judged. */
function settleAnswers(draft: Draft, facts: Facts): void {
  for (const agent of draft.state.agents.values()) {
    const turn = agent.turns.length - 1;
    const answer = agent.turns[turn];
    if (agent.status !== 'working' || agent.openCall || agent.attempt > 0 || !answer) continue;
    // Not an answer yet: its tools come first, and then the next turn.
    if (answer.asksTools) continue;
    const verdict = facts.orchestrator.judge(draft.state, agent.agentId);
    if (verdict.type === 'failed') {
      failAgent(draft, agent, verdict.failure);
    } else if (verdict.type === 'done') {
      const data: EventOf<'agent_completed'> = {
        type: 'agent_completed',
        agentId: agent.agentId,
        turn,
        outputSequence: answer.sequence,
        citations: [...verdict.citations],
        unknownCitations: [...verdict.unknownCitations],
        usage: agent.usage,
        costNanoUsd: agent.costNanoUsd,
        durationMs: draft.time - (agent.startTime ?? agent.scheduledTime),
        attempts: agent.attempts,
      };
      if (verdict.outcome) data.outcome = verdict.outcome;
      draft.add(data);
      if (verdict.plan) {
        draft.add({
          type: 'plan_completed',
          agentId: agent.agentId,
          requested: verdict.plan.requested,
          obtained: verdict.plan.subtasks.length,
          subtasks: [...verdict.plan.subtasks],
        });
      }
      if (agent.stage.type === 'synthesis') {
        draft.add({ type: 'synthesis_completed', agentId: agent.agentId, level: agent.stage.level });
      }
    } else if (agent.turns.length >= facts.turnsPerAgent) {
      failAgent(draft, agent, failure('limit', `no acceptable answer after ${facts.turnsPerAgent} turns`));
    }
  }
}

/** Retries or gives up where the last attempt failed. */
function settleFailures(draft: Draft, facts: Facts): void {
  for (const agent of draft.state.agents.values()) {
    if (agent.status !== 'working' || agent.openCall || agent.attempt === 0 || agent.retryTime !== undefined)
      continue;
    const cause = agent.lastFailure;
    if (!cause || wasInterrupted(cause)) continue;
    if (!cause.retryable || agent.countedAttempts > draft.state.options.maxRetries) {
      failAgent(draft, agent, cause);
      continue;
    }
    const delayMs = retryDelayMs(agent.countedAttempts, cause, facts.random());
    draft.add({
      type: 'agent_retrying',
      agentId: agent.agentId,
      turn: agent.turns.length,
      attempt: agent.attempt + 1,
      cause,
      delayMs,
      retryTime: draft.time + delayMs,
    });
  }
}

function follow(draft: Draft, facts: Facts): void {
  const decision = facts.orchestrator.next(draft.state);
  const { deadline } = draft.state;
  if (deadline !== undefined && deadline <= draft.time && decision.type !== 'complete') {
    timeOut(draft, deadline);
    return;
  }
  switch (decision.type) {
    case 'schedule':
      for (const spec of decision.agents) schedule(draft, facts, spec);
      return;
    case 'render':
      for (const format of decision.formats) draft.add({ type: 'document_started', format });
      return;
    case 'complete':
      stopOpenCalls(draft, 'ended');
      draft.add(completedBy(decision));
      return;
    case 'fail':
      failWorkflow(draft, decision.errorType, decision.message);
      return;
    case 'wait':
      if (!isUnderWay(draft.state)) {
        throw new Error(
          `workflow ${draft.key.workflowId}: ${draft.state.orchestrator} waits, but nothing is under way`,
        );
      }
      return;
  }
  throw new Error(`workflow ${draft.key.workflowId}: unknown decision ${JSON.stringify(decision)}`);
}

/** Whether an agent or a document has still to end. */
function isUnderWay(state: WorkflowState): boolean {
  for (const agent of state.agents.values()) if (isActive(agent)) return true;
  for (const document of state.documents.values()) if (document.status === 'started') return true;
  return false;
}

function schedule(draft: Draft, facts: Facts, spec: AgentSpec): void {
  const { passages, inputHash } = facts.freeze(draft.state, spec);
  const tools = facts.toolsOf(draft.state, spec);
  const data: EventOf<'agent_scheduled'> = {
    type: 'agent_scheduled',
    agentId: spec.agentId,
    role: spec.role,
    stage: spec.stage,
    title: spec.title,
    inputAgentIds: [...spec.inputAgentIds],
    passages: [...passages],
    model: spec.model,
    timeoutMs: spec.timeoutMs,
    inputHash,
  };
  // Set one by one: conditional spreads cost ten times the object, and there are agents by the dozen.
  if (spec.subtask) data.subtask = spec.subtask;
  if (spec.parameters) data.parameters = { ...spec.parameters };
  if (tools.length > 0) data.tools = [...tools];
  draft.add(data);
  if (spec.stage.type === 'plan') draft.add({ type: 'plan_started', agentId: spec.agentId });
  if (spec.stage.type === 'synthesis') {
    draft.add({ type: 'synthesis_started', agentId: spec.agentId, level: spec.stage.level });
  }
}

/**
 * Starts the calls that may start: a slot among the concurrent agents, its time come, a provider that can be called,
 * money for it, and last the provider's permit.
 */
function callModels(draft: Draft, facts: Facts): void {
  if (draft.state.status !== 'running') return;
  const { options } = draft.state;
  let working = 0;
  for (const agent of draft.state.agents.values()) if (agent.status === 'working') working++;
  for (const agent of draft.state.agents.values()) {
    if (!mayCall(agent, draft.time)) continue;
    // An agent keeps its slot from its first call to its end, so a retry never waits behind a newcomer.
    if (agent.status === 'scheduled' && working >= options.maxConcurrentAgents) continue;
    const route = facts.route(draft.state, agent.agentId);
    if (route.type === 'wait') continue;
    if (route.type === 'refused') {
      failAgent(draft, agent, route.failure);
      continue;
    }
    if (route.type === 'unpriced') {
      // There was a price when the workflow started; without one a cap of money cannot be kept.
      failWorkflow(
        draft,
        'price_unknown',
        `no price is known any more for ${route.model} of ${route.provider}, so max_cost_usd cannot be kept`,
      );
      return;
    }
    const { provider, model, reserved } = route;
    const verdict = affordability(draft.state.ledger, capsFor(draft.state, agent), reserved);
    if (verdict === 'waits') return;
    const today = verdict === 'fits' ? facts.dayAllows(draft, reserved) : verdict;
    if (today === 'waits') return;
    if (today !== 'fits') {
      draft.add({ type: 'limit_reached', ...today });
      overBudget(
        draft,
        agent,
        `${capNames[today.cap]} does not allow the next call of ${agent.agentId}: used ${today.used} of ${today.limit}`,
      );
      return;
    }
    // Whatever else may refuse a call asks before this line: a permit that is taken is meant to be used.
    const waitedMs = facts.waitedMs(agent.agentId);
    if (!facts.permit(agent.agentId)) continue;
    if (agent.status === 'scheduled') working++;
    const data: EventOf<'model_call_started'> = {
      type: 'model_call_started',
      agentId: agent.agentId,
      turn: agent.turns.length,
      attempt: agent.attempt + 1,
      provider,
      model,
      reserved,
    };
    if (agent.deadline === undefined) data.agentDeadline = draft.time + agent.timeoutMs;
    else if (waitedMs > 0) data.waitedMs = waitedMs;
    if (facts.offersTools(draft.state, agent.agentId)) data.toolsOffered = true;
    draft.add(data);
    warnOfBudget(draft);
  }
}

const capNames: Readonly<Record<CapName, string>> = {
  cost: 'max_cost_usd',
  tokens: 'max_tokens',
  day_cost: 'daily_max_cost_usd of this server',
  day_tokens: 'daily_max_tokens of this server',
};

/** Nothing is held any more and a call does not fit: the workflow fails, or concludes with what it has. */
function overBudget(draft: Draft, agent: AgentState, message: string): void {
  const { options } = draft.state;
  if (!options.reserve) failWorkflow(draft, 'budget_exceeded', message);
  // What is left does not even pay for this part of the report: it is put together without it.
  else if (mayUseReserve(draft.state, agent)) failAgent(draft, agent, failure('budget', message));
  else conclude(draft, 'budget');
}

function mayCall(agent: AgentState, now: number): boolean {
  if (!isActive(agent) || agent.openCall || awaitsTools(agent)) return false;
  if (agent.status === 'scheduled' || agent.attempt === 0) return true;
  return agent.retryTime === undefined ? wasInterrupted(agent.lastFailure) : agent.retryTime <= now;
}

function warnOfBudget(draft: Draft): void {
  const { ledger, options, warnedCaps } = draft.state;
  const { maxCostNanoUsd, maxTokens } = options;
  if (maxCostNanoUsd === undefined && maxTokens === undefined) return;
  const caps = [
    { cap: 'cost', used: ledger.spentNanoUsd + ledger.heldNanoUsd, limit: maxCostNanoUsd },
    { cap: 'tokens', used: spentTokens(ledger) + ledger.heldTokens, limit: maxTokens },
  ] as const;
  for (const { cap, used, limit } of caps) {
    if (limit === undefined || warnedCaps.includes(cap) || used < limit * limits.budgetWarningShare) continue;
    draft.add({ type: 'budget_warning', cap, used, limit });
  }
}

function completedBy(decision: Extract<Decision, { type: 'complete' }>): EventOf<'workflow_completed'> {
  return {
    type: 'workflow_completed',
    completeness: decision.completeness,
    failedAgentIds: [...decision.failedAgentIds],
    ...(decision.finalAgentId !== undefined && { finalAgentId: decision.finalAgentId }),
    ...(decision.details && { details: { ...decision.details } }),
  };
}
