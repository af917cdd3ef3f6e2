import { failure } from '../workflow/failure.ts';
import { abstentionOf } from '../workflow/outcome.ts';
import { isSpecialisation, type Specialisation } from '../workflow/specialisation.ts';
import { answersOf, type AgentState, type WorkflowState } from '../workflow/state.ts';
import { citationsOf, citedContent, citedHandles, knownHandles } from './citation.ts';
import { condensed } from './claim.ts';
import { gapCheckPrompt, judgeGapCheck } from './gap-check.ts';
import type { PassageText, Prompt, Verdict } from './orchestrator.ts';
import {
  answerMessages,
  planMessages,
  planMissingRequest,
  planRepairRequest,
  synthesisMessages,
} from './prompts.ts';
import { specialists } from './specialist.ts';
import { problemList, unreadable } from './structured-answer.ts';
import { planFormFor, planProblems, planProgress } from './team-plan.ts';
import { plannerId } from './team-tiers.ts';
import type { TeamInput } from './team.ts';

function agentOf(state: WorkflowState, agentId: string): AgentState {
  const agent = state.agents.get(agentId);
  if (!agent) throw new Error(`workflow ${state.workflowId}: there is no agent ${agentId}`);
  return agent;
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

/** The prompt of the agent's current turn, made of its frozen input and its own answers. */
export function render(
  state: WorkflowState,
  input: TeamInput,
  agentId: string,
  passages: readonly PassageText[],
): Prompt {
  const agent = agentOf(state, agentId);
  if (agent.role === 'planner') return planPrompt(agent, input, passages);
  if (agent.role === 'evaluator') {
    return gapCheckPrompt(state, agent, textsOf(agent.parameters['missing']));
  }
  const blank = answersOf(agent).length > 0;
  const tools = agent.tools.length > 0;
  if (agent.role === 'researcher') {
    const subtask = agent.subtask ?? { title: agent.title, question: agent.title };
    const specialist = isSpecialisation(subtask.type) ? specialists[subtask.type] : undefined;
    return {
      messages: answerMessages({ task: input.task, subtask, role: specialist?.role, passages, blank, tools }),
      brief: { kind: 'answer', task: input.task, question: subtask.question, passages },
    };
  }
  const level = agent.stage.type === 'synthesis' ? agent.stage.level : 'final';
  const findings = agent.inputAgentIds.map((inputId) => {
    const source = agentOf(state, inputId);
    const text = condensed(citedContent(source), citedHandles(source));
    return { agentId: inputId, title: source.title, text };
  });
  const missing = textsOf(agent.parameters['missing']);
  return {
    messages: synthesisMessages({
      task: input.task,
      level,
      findings,
      unsynthesisedIds: new Set(textsOf(agent.parameters['unsynthesised'])),
      missing,
      report: agent.parameters['report'] === true,
      blank,
    }),
    brief: { kind: 'synthesise', task: input.task, level, findings, missing },
  };
}

function planPrompt(agent: AgentState, input: TeamInput, passages: readonly PassageText[]): Prompt {
  const { task, numAgents: count, agentTypes } = input;
  const answers = answersOf(agent);
  const requests = answers.map((_, turn) => {
    const { step, subtasks } = planProgress(answers.slice(0, turn + 1), count, agentTypes);
    return step === 'complete'
      ? planMissingRequest(count - subtasks.length, subtasks)
      : planRepairRequest(
          count,
          problemList(planProblems(answers[turn] ?? '', agentTypes)),
          agentTypes !== undefined,
        );
  });
  const known = planProgress(answers, count, agentTypes).subtasks.map((subtask) => subtask.title);
  return {
    messages: planMessages({ task, count, types: agentTypes?.map(typeText), passages, answers, requests }),
    brief: {
      kind: 'plan',
      task,
      count,
      missing: count - known.length,
      known,
      passages,
      ...(agentTypes && { types: agentTypes }),
    },
    jsonSchema: planFormFor(agentTypes).jsonSchema,
  };
}

const typeText = (type: Specialisation): string => `${type} (${specialists[type].suits})`;

/** What the agent's newest answer means. */
export function judge(state: WorkflowState, input: TeamInput, agentId: string): Verdict {
  const agent = agentOf(state, agentId);
  const answers = answersOf(agent);
  if (agent.role === 'planner') return judgePlan(answers, input);
  if (agent.role === 'evaluator') return judgeGapCheck(agent);
  const text = answers.at(-1) ?? '';
  if (text.trim() !== '') {
    const abstained = agent.role === 'researcher' && abstentionOf(text) !== undefined;
    return {
      type: 'done',
      ...citationsOf(text, knownHandles(state, agent)),
      ...(abstained && { outcome: 'abstained' }),
    };
  }
  if (answers.length < 2) return { type: 'again' };
  return {
    type: 'failed',
    failure: failure('invalid_answer', `${agentId}: the answer was empty, also when asked again`),
  };
}

function judgePlan(answers: readonly string[], { numAgents: requested, agentTypes }: TeamInput): Verdict {
  const { step, subtasks } = planProgress(answers, requested, agentTypes);
  if (step === 'repair' || step === 'complete') return { type: 'again' };
  if (step === 'done') {
    return { type: 'done', citations: [], unknownCitations: [], plan: { requested, subtasks } };
  }
  return { type: 'failed', failure: unreadable(plannerId, planProblems(answers.at(-1) ?? '', agentTypes)) };
}
