import { z } from 'zod';
import type { EventOf, Subtask } from '../workflow/event.ts';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { outcomeOf } from '../workflow/outcome.ts';
import { answersOf, contentOf, type AgentState, type WorkflowState } from '../workflow/state.ts';
import { citedContent, citedHandles } from './citation.ts';
import { condensed } from './claim.ts';
import type { AgentSpec, Prompt, PromptFinding, Verdict } from './orchestrator.ts';
import { conversation, dataRule, fenced, paragraphs } from './prompts.ts';
import { answerForm, readAnswer, readAnswers, repairRequest, unreadable } from './structured-answer.ts';
import { followUpsIn } from './team-plan.ts';

// Once the first round of researchers has ended, a model looks at what the plan asked for and what they found, and may
// ask for a few more of them. What it answers is advice: without it the research goes on as it is.

export const gapCheckId = 'evaluator';

const form = answerForm(
  'gap_check',
  z.strictObject({
    uncovered: z
      .array(z.string())
      .describe('Parts of the plan that the findings do not answer, a few words each.'),
    subtasks: z
      .array(z.strictObject({ title: z.string(), question: z.string() }))
      .describe(
        'Questions whose answers would close the gaps, most important first; empty when nothing is missing.',
      ),
  }),
);

/** What a gap check said. */
export interface GapReport {
  readonly uncovered: readonly string[];
  /** Never more than the run allows, none that the plan holds already. */
  readonly followUps: readonly Subtask[];
}

const nothing: GapReport = { uncovered: [], followUps: [] };
/** The rules ask after every append; an answer is read once. */
const reports = new WeakMap<EventOf<'agent_completed'>, GapReport>();

/** What the gap check of this workflow said; nothing while there is none, and when it failed. */
export function gapReportOf(state: WorkflowState): GapReport {
  const agent = state.agents.get(gapCheckId);
  if (!agent?.completion || !state.plan) return nothing;
  const known = reports.get(agent.completion);
  if (known) return known;
  const reading = readAnswer(form, contentOf(agent) ?? '');
  const countMax = Number(agent.parameters['followUpsMax']);
  const report =
    'value' in reading
      ? {
          uncovered: reading.value.uncovered
            .map((part) => clip(part.replaceAll(/\s+/gu, ' ').trim(), limits.subtaskTitleCharsMax))
            .filter((part) => part !== '')
            .slice(0, limits.gapsNamedMax),
          followUps: followUpsIn(reading.value.subtasks, state.plan.subtasks, countMax),
        }
      : nothing;
  reports.set(agent.completion, report);
  return report;
}

/** The agent that looks for gaps in what these researchers found. */
export function gapCheckSpec(
  state: WorkflowState,
  answered: readonly AgentState[],
  missing: readonly string[],
  followUpsMax: number,
): AgentSpec {
  return {
    agentId: gapCheckId,
    role: 'evaluator',
    stage: { type: 'work' },
    title: 'Gap check',
    inputAgentIds: answered.map(({ agentId }) => agentId),
    parameters: { followUpsMax, missing },
    model: state.options.models.plan,
    timeoutMs: state.options.agentTimeoutMs ?? limits.gapCheckTimeoutMs,
  };
}

export function gapCheckPrompt(state: WorkflowState, agent: AgentState, missing: readonly string[]): Prompt {
  const followUpsMax = Number(agent.parameters['followUpsMax']);
  const findings = agent.inputAgentIds.flatMap((inputId): readonly PromptFinding[] => {
    const source = state.agents.get(inputId);
    if (!source) return [];
    return [
      {
        agentId: inputId,
        title: source.title,
        text: condensed(citedContent(source), citedHandles(source)),
      },
    ];
  });
  const instruction =
    `Compare the findings with the plan. Name what the plan asks for and the findings do not answer, and give at most ` +
    `${followUpsMax} follow-up ${followUpsMax === 1 ? 'question' : 'questions'} whose answers would close the most important gaps. ` +
    'Ask nothing that a finding answers or a plan entry already asks, and nothing that its researcher says nobody can find out. Give none when nothing that matters is missing.';
  const messages = conversation(
    paragraphs(
      'You check how well the first round of a research project covers its plan.',
      instruction,
      'Answer with JSON only: {"uncovered": ["a few words"], "subtasks": [{"title": "a few words", "question": "one question, complete without the task"}]}. Use the language of the task.',
      dataRule,
    ),
    [
      fenced('task', {}, state.task),
      'The plan:',
      fenced(
        'plan',
        {},
        (state.plan?.subtasks ?? []).map(({ title, question }) => `- ${title}: ${question}`).join('\n'),
      ),
      ...(missing.length > 0
        ? ['Without a finding:', fenced('missing', {}, missing.map((part) => `- ${part}`).join('\n'))]
        : []),
      'Findings:',
      ...findings.map(({ agentId, title, text }) =>
        fenced('finding', { agent: agentId, title }, excerpt(text)),
      ),
      'Check the coverage now.',
    ],
  );
  const answers = answersOf(agent);
  const reading = readAnswers(form, answers);
  if (answers.length > 0 && reading.step !== 'done') {
    const answer = clip(answers.at(-1) ?? '', limits.gapCheckFindingCharsMax);
    if (answer.trim() !== '') messages.push({ role: 'assistant', content: answer });
    messages.push({ role: 'user', content: repairRequest(form, reading.problems) });
  }
  return {
    messages,
    brief: {
      kind: 'assignment',
      task: state.task,
      instruction,
      findings,
      missing,
      passages: [],
      schema: form.jsonSchema.schema,
    },
    jsonSchema: form.jsonSchema,
  };
}

/** What is shown of a finding: coverage is seen at its beginning, and all of them share one prompt. */
function excerpt(text: string): string {
  const cut = clip(text, limits.gapCheckFindingCharsMax);
  return cut.length === text.length
    ? text
    : `${cut}\n[cut here: ${text.length - cut.length} more characters]`;
}

export function judgeGapCheck(agent: AgentState): Verdict {
  const reading = readAnswers(form, answersOf(agent));
  if (reading.step === 'repair') return { type: 'again' };
  if (reading.step === 'failed')
    return { type: 'failed', failure: unreadable(agent.agentId, reading.problems) };
  return { type: 'done', citations: [], unknownCitations: [] };
}

/** What the reader must know: what the first round left open, with or without researchers sent after it. */
export function coverageGaps(state: WorkflowState): readonly string[] {
  const agent = state.agents.get(gapCheckId);
  if (!agent) return [];
  const parts = gapReportOf(state).uncovered.map(
    (part) => `The gap check found this not covered by the first round: ${part}`,
  );
  return outcomeOf(agent) === 'answered'
    ? parts
    : ['Nobody checked whether the findings cover the plan, because the gap check did not succeed.'];
}
