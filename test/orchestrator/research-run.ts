import type { AgentSpec, Decision, Orchestrator } from '../../src/orchestrator/orchestrator.ts';
import { research } from '../../src/orchestrator/research.ts';
import type { EventData, PassageRef, RunOptions, WorkflowEvent } from '../../src/workflow/event.ts';
import { evolve } from '../../src/workflow/evolve.ts';
import { failure, type Failure } from '../../src/workflow/failure.ts';
import type { AgentState, WorkflowState } from '../../src/workflow/state.ts';

/** What an agent answers in a turn: a text, or why it failed. */
export type Answer = string | Failure;

export const options: RunOptions = {
  providerName: 'offline',
  models: { plan: 'plan-1', work: 'work-1', synthesis: 'synthesis-1' },
  generateDocuments: false,
  documentFormats: [],
  workflowTimeoutMs: 3_600_000,
  maxRetries: 2,
  maxConcurrentAgents: 10,
  maxOutputTokens: 4_096,
  onLimit: 'fail',
  minSuccessfulAgents: 1,
  labels: {},
  priority: 0,
};

/** A plan of `count` distinct subtasks, as a planner writes it. */
export function planText(count: number, from = 0): string {
  const subtasks = Array.from({ length: count }, (_, index) => ({
    title: `Part ${from + index}`,
    question: `What is known about part ${from + index}?`,
  }));
  return JSON.stringify({ subtasks });
}

/** A log that a run writes when its agents answer what a test says. */
export class OrchestratorRun {
  readonly orchestrator: Orchestrator;
  readonly events: WorkflowEvent[] = [];
  /** The batch boundaries: lengths of the log after each append. */
  readonly boundaries: number[] = [];
  state: WorkflowState;
  #passages: readonly PassageRef[] = [];

  constructor(
    orchestrator: Orchestrator,
    input: Record<string, unknown>,
    runOptions: Partial<RunOptions> = {},
    passages: readonly PassageRef[] = [],
  ) {
    this.#passages = passages;
    this.orchestrator = orchestrator;
    const full = orchestrator.inputSchema.parse(input);
    const started: EventData = {
      type: 'workflow_started',
      tenant: 'default',
      orchestrator: orchestrator.name,
      orchestratorVersion: orchestrator.version,
      task: orchestrator.taskOf(full),
      title: orchestrator.defaultTitle(full),
      input: full,
      options: { ...options, ...runOptions },
      sources: [],
    };
    const event = this.#event(started);
    this.events.push(event);
    this.boundaries.push(1);
    this.state = evolve(undefined, event);
    this.append({ type: 'workflow_admitted', deadline: 3_600_000 });
  }

  append(...batch: EventData[]): void {
    for (const data of batch) {
      const event = this.#event(data);
      this.state = evolve(this.state, event);
      this.events.push(event);
    }
    this.boundaries.push(this.events.length);
  }

  next(): Decision {
    return this.orchestrator.next(this.state);
  }

  agent(agentId: string): AgentState {
    const agent = this.state.agents.get(agentId);
    if (!agent) throw new Error(`no agent ${agentId}`);
    return agent;
  }

  /** Appends what `next` wants scheduled and answers the ids. */
  schedule(): readonly string[] {
    const decision = this.next();
    if (decision.type !== 'schedule') throw new Error(`expected schedule, found ${JSON.stringify(decision)}`);
    for (const spec of decision.agents) this.append(...this.#scheduled(spec));
    return decision.agents.map((spec) => spec.agentId);
  }

  /** One turn of the agent and what its orchestrator makes of it. */
  answer(agentId: string, answer: Answer): void {
    const { turns, model } = this.agent(agentId);
    const call = { agentId, turn: turns.length, attempt: 1 };
    this.append({
      type: 'model_call_started',
      ...call,
      provider: 'offline',
      model,
      reserved: { inputTokens: 100, outputTokens: 100, costNanoUsd: 3_000_000 },
    });
    const ended = { type: 'model_call_ended', ...call, assumed: false, durationMs: 1 } as const;
    if (typeof answer !== 'string') {
      const usage = { inputTokens: 0, outputTokens: 0 };
      this.append(
        { ...ended, result: 'failed', failure: answer, usage, costNanoUsd: 0 },
        this.#failed(agentId, answer),
      );
      return;
    }
    this.append({
      ...ended,
      result: 'ok',
      output: { text: answer, finishReason: 'stop' },
      usage: { inputTokens: 10, outputTokens: 5 },
      costNanoUsd: 1_000_000,
    });
    this.#conclude(agentId);
  }

  /** Plans, and lets every researcher answer; `answerOf` says what. */
  work(answerOf: (agentId: string, turn: number) => Answer): void {
    for (let decision = this.next(); decision.type === 'schedule'; decision = this.next()) {
      const ids = this.schedule();
      for (const agentId of ids) {
        for (;;) {
          const agent = this.agent(agentId);
          if (agent.status === 'completed' || agent.status === 'failed') break;
          this.answer(agentId, answerOf(agentId, agent.turns.length));
          if (this.next().type === 'fail') return;
        }
      }
    }
  }

  /** Renders what is wanted and ends the workflow; answers the last decision. */
  finish(): Decision {
    for (;;) {
      const decision = this.next();
      if (decision.type === 'render') {
        for (const format of decision.formats) {
          this.append({ type: 'document_started', format });
        }
        for (const format of decision.formats) {
          this.append({ type: 'document_failed', format, failure: failure('internal', 'no ink') });
        }
        continue;
      }
      if (decision.type === 'complete') {
        const { completeness, failedAgentIds, finalAgentId, details } = decision;
        this.append({
          type: 'workflow_completed',
          completeness,
          failedAgentIds: [...failedAgentIds],
          ...(finalAgentId === undefined ? {} : { finalAgentId }),
          ...(details && { details: { ...details } }),
        });
      } else if (decision.type === 'fail') {
        this.append({
          type: 'workflow_failed',
          error: { type: decision.errorType, message: decision.message },
        });
      }
      return decision;
    }
  }

  #scheduled(spec: AgentSpec): EventData[] {
    const scheduled: EventData = {
      type: 'agent_scheduled',
      agentId: spec.agentId,
      role: spec.role,
      stage: spec.stage,
      title: spec.title,
      ...(spec.subtask ? { subtask: spec.subtask } : {}),
      inputAgentIds: [...spec.inputAgentIds],
      passages: spec.passageQuery === undefined ? [] : [...this.#passages],
      ...(spec.parameters ? { parameters: { ...spec.parameters } } : {}),
      model: spec.model,
      timeoutMs: spec.timeoutMs,
      inputHash: 'hash',
    };
    const { agentId } = spec;
    if (spec.stage.type === 'plan') return [scheduled, { type: 'plan_started', agentId }];
    if (spec.stage.type === 'work') return [scheduled];
    return [scheduled, { type: 'synthesis_started', agentId, level: spec.stage.level }];
  }

  #failed(agentId: string, reason: Failure): EventData {
    const { role, subtask } = this.agent(agentId);
    const base = {
      type: 'agent_failed',
      agentId,
      role,
      failure: reason,
      attempts: 1,
      durationMs: 1,
    } as const;
    return subtask ? { ...base, subtask } : base;
  }

  #conclude(agentId: string): void {
    const verdict = this.orchestrator.judge(this.state, agentId);
    const agent = this.agent(agentId);
    if (verdict.type === 'again') return;
    if (verdict.type === 'failed') {
      this.append(this.#failed(agentId, verdict.failure));
      return;
    }
    const batch: EventData[] = [
      {
        type: 'agent_completed',
        agentId,
        turn: agent.turns.length - 1,
        outputSequence: this.events.length,
        citations: [...verdict.citations],
        unknownCitations: [...verdict.unknownCitations],
        usage: agent.usage,
        costNanoUsd: agent.costNanoUsd,
        durationMs: 1,
        attempts: agent.attempts,
        ...(verdict.outcome && { outcome: verdict.outcome }),
      },
    ];
    if (verdict.plan) {
      const { requested, subtasks } = verdict.plan;
      batch.push({
        type: 'plan_completed',
        agentId,
        requested,
        obtained: subtasks.length,
        subtasks: [...subtasks],
      });
    }
    if (agent.stage.type === 'synthesis') {
      batch.push({ type: 'synthesis_completed', agentId, level: agent.stage.level });
    }
    this.append(...batch);
  }

  #event(data: EventData): WorkflowEvent {
    const sequence = this.events.length + 1;
    return {
      workflowId: 'research_0a1b2c3d4e5f',
      sequence,
      time: 1_700_000_000_000 + sequence * 1_000,
      epoch: 1,
      progress: 0,
      data,
    };
  }
}

/** The same for research, whose task need not be said. */
export class ResearchRun extends OrchestratorRun {
  constructor(
    input: Record<string, unknown> = {},
    runOptions: Partial<RunOptions> = {},
    passages: readonly PassageRef[] = [],
  ) {
    super(research, { task: 'What is known about the parts?', ...input }, runOptions, passages);
  }
}

/** A passage of a made-up document. */
export function passage(handle: string, start = 0): PassageRef {
  return { handle, documentName: 'notes.md', sha256: 'a'.repeat(64), start, end: start + 10 };
}
