import { z } from 'zod';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { isActive, type AgentState, type WorkflowState } from '../workflow/state.ts';
import { isTerminal } from '../workflow/status.ts';
import { specOf, type Assignment } from './assignment.ts';
import { definedReport } from './assignment-report.ts';
import { judge, render } from './assignment-turn.ts';
import { documentCounts, rendering } from './document-rendering.ts';
import { inputReader, titleOf } from './input-field.ts';
import type { Decision, Orchestrator } from './orchestrator.ts';
import { runView, type RunView } from './run-view.ts';

/** What should happen now, as the rules of a definition say it. */
export type Move =
  /** These agents should exist by now. Those that do already are left alone, so a rule may name them all again. */
  | { readonly ask: readonly Assignment[] }
  /** The run is done; the text of this agent is its result. */
  | { readonly finish: string }
  | { readonly fail: string };

type InputOf<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>>;

/** An orchestrator as its author writes it. */
export interface Definition<Shape extends z.ZodRawShape> {
  /** `^[a-z][a-z_]*$`; the first part of its workflows' ids. */
  readonly name: string;
  /** Raise it whenever the rules change in a way that a log written before would not follow. */
  readonly version: number;
  readonly description: string;
  /** Fields of the input with their rules; other fields are refused. */
  readonly input: Shape;
  /** What is wrong between the fields: the path of one and a sentence that follows it. */
  readonly check?: (input: InputOf<Shape>) => readonly (readonly [path: string, message: string])[];
  /** The text people know the run by. Every agent is told it. */
  readonly task: (input: InputOf<Shape>) => string;
  /** The most agents that work side by side, stage after stage; for the time a run may take and its progress. */
  readonly stages: (input: InputOf<Shape>) => readonly number[];
  /** The fewest agents a whole run has; default: all of `stages`. `min_successful_agents` may be at most this. */
  readonly workers?: (input: InputOf<Shape>) => number;
  /** What should happen now, from the run alone: no clock, no dice, no network. Asked again after every event. */
  readonly next: (run: RunView<InputOf<Shape>>) => Move;
  /** Shown with the result, JSON. */
  readonly details?: (run: RunView<InputOf<Shape>>) => Readonly<Record<string, unknown>>;
}

/**
 * An orchestrator from its rules alone. Prompts, citations, typed answers with a repair turn, quorum, documents,
 * progress, report and an early conclusion come with it.
 */
export function defineOrchestrator<const Shape extends z.ZodRawShape>(
  definition: Definition<Shape>,
): Orchestrator {
  const { check } = definition;
  const fields = z.strictObject(definition.input);
  const inputSchema = check
    ? fields.superRefine((input, context) => {
        for (const [path, message] of check(input)) {
          context.addIssue({ code: 'custom', path: path.split('.'), message });
        }
      })
    : fields;
  const inputOf = inputReader(inputSchema) as (raw: Readonly<Record<string, unknown>>) => InputOf<Shape>;
  const taskOf = (raw: Readonly<Record<string, unknown>>): string => definition.task(inputOf(raw));
  const agentsOf = (raw: Readonly<Record<string, unknown>>): number =>
    definition.stages(inputOf(raw)).reduce((sum, agents) => sum + agents, 0);
  const viewOf = (state: WorkflowState): RunView<InputOf<Shape>> => runView(state, inputOf(state.input));
  const completenessOf = (state: WorkflowState): number => {
    const { completed, failed } = ended(state);
    const wanted = state.conclusion ? agentsOf(state.input) : completed.length + failed.length;
    return Math.min(1, Math.round((completed.length / Math.max(1, wanted)) * 10_000) / 10_000);
  };
  /** The agent whose text is the result; the rules say the same before and after the log does. */
  const resultOf = (state: WorkflowState): AgentState | undefined => {
    if (state.conclusion) return lastText(state);
    const move = definition.next(viewOf(state));
    return 'finish' in move ? state.agents.get(move.finish) : undefined;
  };
  return {
    name: definition.name,
    version: definition.version,
    description: definition.description,
    inputSchema,
    taskOf,
    defaultTitle: (raw) => titleOf(kindOf(definition.name), taskOf(raw)),
    estimate(raw, { agentTimeoutMs, maxConcurrentAgents }) {
      const timeoutMs = agentTimeoutMs ?? limits.stepTimeoutMs;
      const agents = agentsOf(raw);
      return {
        workers: definition.workers?.(inputOf(raw)) ?? agents,
        agents,
        stagesMs: definition
          .stages(inputOf(raw))
          .reduce((sum, size) => sum + timeoutMs * Math.ceil(size / maxConcurrentAgents), 0),
      };
    },
    next(state) {
      if (isTerminal(state.status) || state.status === 'cancelling') return { type: 'wait' };
      const lost = [...state.agents.values()].find(
        (agent) => agent.status === 'failed' && agent.parameters['optional'] !== true,
      );
      if (lost && !state.conclusion) return failOf(`${lost.role}_failed`, reasonOf(lost));
      const finishing = (finalAgentId: string): Decision =>
        finish(state, finalAgentId, {
          completeness: completenessOf(state),
          details: definition.details?.(viewOf(state)),
        });
      if (state.conclusion) return concluding(state, finishing);
      const missed = quorumMissed(state, agentsOf(state.input));
      if (missed) return missed;
      const move = definition.next(viewOf(state));
      if ('fail' in move) return failOf('orchestrator_failed', move.fail);
      return 'finish' in move ? finishing(move.finish) : asking(state, move.ask);
    },
    render,
    judge,
    progress(state) {
      const { completed, failed } = ended(state);
      const documents = documentCounts(state);
      const expected = Math.max(1, agentsOf(state.input), state.agents.size) + documents.expected;
      const done = completed.length + failed.length + documents.ended;
      return Math.min(99, Math.floor((done / expected) * 100));
    },
    report: (state) => definedReport(state, completenessOf(state), resultOf(state)),
  };
}

/** `map_reduce` as people write it. */
function kindOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function ended(state: WorkflowState): { completed: AgentState[]; failed: AgentState[] } {
  const agents = [...state.agents.values()];
  return {
    completed: agents.filter(({ status }) => status === 'completed'),
    failed: agents.filter(({ status }) => status === 'failed'),
  };
}

const failOf = (errorType: string, message: string): Decision => ({
  type: 'fail',
  errorType,
  message: clip(message, limits.errorCharsMax),
});

const reasonOf = ({ agentId, title, failure }: AgentState): string =>
  `${agentId} (${title}): ${failure?.code}: ${failure?.message}`;

function asking(state: WorkflowState, assignments: readonly Assignment[]): Decision {
  const missing = assignments.filter(({ id }) => !state.agents.has(id));
  const open = [...state.agents.values()].some(isActive);
  if (missing.length === 0) {
    return open
      ? { type: 'wait' }
      : failOf('orchestrator_defect', `${state.orchestrator} asks for nothing new and does not finish`);
  }
  if (state.agents.size + missing.length > limits.assignmentsMax) {
    return failOf('agent_limit', `a run has at most ${limits.assignmentsMax} agents`);
  }
  const defect = defectOf(state, missing);
  if (defect !== undefined) return failOf('orchestrator_defect', `${state.orchestrator}: ${defect}`);
  return { type: 'schedule', agents: missing.map((assignment) => specOf(state, assignment)) };
}

function defectOf(state: WorkflowState, missing: readonly Assignment[]): string | undefined {
  const ids = new Set<string>();
  for (const { id, from = [] } of missing) {
    if (ids.has(id)) return `asks for ${id} twice`;
    ids.add(id);
    for (const input of from) {
      const agent = state.agents.get(input);
      if (!agent || isActive(agent)) return `${id} takes the output of ${input}, which has not ended`;
    }
  }
  return undefined;
}

const lastText = (state: WorkflowState): AgentState | undefined =>
  ended(state).completed.findLast(({ parameters }) => !parameters['answerSchema']);

/** Too few of at most `agentsMax` agents can still succeed. */
function quorumMissed(state: WorkflowState, agentsMax: number): Decision | undefined {
  const { failed } = ended(state);
  const needed = Math.max(1, state.options.minSuccessfulAgents);
  const possible = agentsMax - failed.length;
  if (possible >= needed) return undefined;
  const reasons = failed.length > 0 ? `; failed: ${failed.map(reasonOf).join(', ')}` : '';
  return failOf(
    'quorum_not_met',
    `at least ${needed} successful agents are required, ${possible} are still possible${reasons}`,
  );
}

/** Nothing new begins; the last text there is becomes the result. */
function concluding(state: WorkflowState, finishing: (finalAgentId: string) => Decision): Decision {
  if ([...state.agents.values()].some(isActive)) return { type: 'wait' };
  const last = lastText(state);
  if (last) return finishing(last.agentId);
  return failOf('concluded', `concluded (${state.conclusion?.reason}) without any output`);
}

function finish(
  state: WorkflowState,
  finalAgentId: string,
  { completeness, details }: Pick<Extract<Decision, { type: 'complete' }>, 'completeness' | 'details'>,
): Decision {
  if ([...state.agents.values()].some(isActive)) return { type: 'wait' };
  if (state.agents.get(finalAgentId)?.status !== 'completed') {
    return failOf(
      'orchestrator_defect',
      `${state.orchestrator} finishes with ${finalAgentId}, which has no output`,
    );
  }
  const { completed, failed } = ended(state);
  return (
    (state.conclusion ? undefined : quorumMissed(state, completed.length + failed.length)) ??
    rendering(state) ?? {
      type: 'complete',
      completeness,
      failedAgentIds: failed.map(({ agentId }) => agentId),
      finalAgentId,
      ...(details && { details }),
    }
  );
}
