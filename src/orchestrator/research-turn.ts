import { failure } from '../workflow/failure.ts';
import type { AgentState, WorkflowState } from '../workflow/state.ts';
import { citationsOf, citedContent, knownHandles } from './citation.ts';
import type { PassageText, Prompt, Verdict } from './orchestrator.ts';
import {
  answerMessages,
  planMessages,
  planMissingRequest,
  planRepairRequest,
  synthesisMessages,
} from './prompts.ts';
import { inputOf, type ResearchInput } from './research-input.ts';
import { planJsonSchema, planProblems, planProgress } from './research-plan.ts';
import { problemList, unreadable } from './structured-answer.ts';
import { plannerId } from './research-tiers.ts';

function agentOf(state: WorkflowState, agentId: string): AgentState {
  const agent = state.agents.get(agentId);
  if (!agent) throw new Error(`workflow ${state.workflowId}: there is no agent ${agentId}`);
  return agent;
}

const answersOf = (agent: AgentState): readonly string[] => agent.turns.map((turn) => turn.output.text);

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

/** The prompt of the agent's current turn, made of its frozen input and its own answers. */
export function render(state: WorkflowState, agentId: string, passages: readonly PassageText[]): Prompt {
  const agent = agentOf(state, agentId);
  const input = inputOf(state.input);
  if (agent.role === 'planner') return planPrompt(agent, input, passages);
  const blank = agent.turns.length > 0;
  if (agent.role === 'researcher') {
    const subtask = agent.subtask ?? { title: agent.title, question: agent.title };
    return {
      messages: answerMessages({ task: input.task, subtask, passages, blank }),
      brief: { kind: 'answer', task: input.task, question: subtask.question, passages },
    };
  }
  const level = agent.stage.type === 'synthesis' ? agent.stage.level : 'final';
  const findings = agent.inputAgentIds.map((inputId) => {
    const source = agentOf(state, inputId);
    return { agentId: inputId, title: source.title, text: citedContent(source) };
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

function planPrompt(agent: AgentState, input: ResearchInput, passages: readonly PassageText[]): Prompt {
  const { task, numAgents: count } = input;
  const answers = answersOf(agent);
  const requests = answers.map((_, turn) => {
    const { step, subtasks } = planProgress(answers.slice(0, turn + 1), count);
    return step === 'complete'
      ? planMissingRequest(count - subtasks.length, subtasks)
      : planRepairRequest(count, problemList(planProblems(answers[turn] ?? '')));
  });
  const known = planProgress(answers, count).subtasks.map((subtask) => subtask.title);
  return {
    messages: planMessages({ task, count, passages, answers, requests }),
    brief: { kind: 'plan', task, count, missing: count - known.length, known, passages },
    jsonSchema: planJsonSchema,
  };
}

/** What the agent's newest answer means. */
export function judge(state: WorkflowState, agentId: string): Verdict {
  const agent = agentOf(state, agentId);
  const answers = answersOf(agent);
  if (agent.role === 'planner') return judgePlan(answers, inputOf(state.input).numAgents);
  const text = answers.at(-1) ?? '';
  if (text.trim() !== '') return { type: 'done', ...citationsOf(text, knownHandles(state, agent)) };
  if (answers.length < 2) return { type: 'again' };
  return {
    type: 'failed',
    failure: failure('invalid_answer', `${agentId}: the answer was empty, also when asked again`),
  };
}

function judgePlan(answers: readonly string[], requested: number): Verdict {
  const { step, subtasks } = planProgress(answers, requested);
  if (step === 'repair' || step === 'complete') return { type: 'again' };
  if (step === 'done') {
    return { type: 'done', citations: [], unknownCitations: [], plan: { requested, subtasks } };
  }
  return { type: 'failed', failure: unreadable(plannerId, planProblems(answers.at(-1) ?? '')) };
}
