import { specialisations } from '../../src/workflow/specialisation.ts';
import type { EventOf, WorkflowEvent } from '../../src/workflow/event.ts';
import { contentOf, isActive, type AgentState, type WorkflowState } from '../../src/workflow/state.ts';
import type { SimulatedInput } from './orchestrator-pool.ts';
import { checkTeam } from './team-audit.ts';
import { must } from './violation.ts';

// What the log of each orchestrator must keep, told anew: nothing here asks the rules that are judged.

/** Judges one event by the pattern of its workflow; `before` is the state it came to. */
export function checkPattern({ data }: WorkflowEvent, before: WorkflowState, after: WorkflowState): void {
  // The pool wrote it.
  const input = before.input as SimulatedInput;
  if (data.type === 'workflow_completed' && before.conclusion) {
    checkConcluded(data, before);
    return;
  }
  switch (before.orchestrator) {
    case 'research':
    case 'wavering':
      checkTeam(data, before, input);
      return;
    case 'search':
      if (data.type === 'plan_completed') checkTypes(data, input);
      checkTeam(data, before, input);
      return;
    case 'sequential':
      if (data.type === 'agent_scheduled')
        checkStep(data, before, input.steps ?? [], input.continueOnFailure);
      if (data.type === 'workflow_completed') checkLastStep(data, before, input.steps ?? []);
      return;
    case 'conditional':
      if (data.type === 'agent_scheduled' && data.agentId !== 'condition') {
        checkStep(data, before, input.branches?.[takenBranch(before, input)] ?? [], false);
      }
      if (data.type === 'workflow_completed') checkBranch(data, before, input);
      return;
    case 'iterative':
      if (data.type === 'agent_scheduled') checkIteration(data, before, input);
      if (data.type === 'workflow_completed') checkConvergence(data, after, input);
      return;
  }
}

/** Brought to an early end: less than the pattern asks for, and the result is one that is there. */
function checkConcluded(
  { finalAgentId, completeness }: EventOf<'workflow_completed'>,
  state: WorkflowState,
): void {
  const final = finalAgentId === undefined ? undefined : state.agents.get(finalAgentId);
  must(
    finalAgentId === undefined || final?.status === 'completed',
    () => `conclude: the result is that of ${finalAgentId}, which is ${final?.status}`,
  );
  must(completeness > 0 && completeness <= 1, () => `conclude: completeness ${completeness}`);
}

function checkTypes({ subtasks }: EventOf<'plan_completed'>, { allowedAgentTypes }: SimulatedInput): void {
  const allowed: readonly string[] = allowedAgentTypes ?? specialisations;
  for (const { type } of subtasks) {
    must(type !== undefined && allowed.includes(type), () => `search: a subtask has the type ${type}`);
  }
}

/** A step begins when the one before has ended, with the newest output there is. */
function checkStep(
  { agentId, title, inputAgentIds }: EventOf<'agent_scheduled'>,
  state: WorkflowState,
  steps: readonly { readonly title: string }[],
  continueOnFailure: boolean | undefined,
): void {
  const index = Number(agentId.slice('step/'.length));
  must(
    title === steps[index]?.title,
    () => `steps: ${agentId} is "${title}", expected "${steps[index]?.title}"`,
  );
  const earlier = stepsOf(state);
  must(earlier.length === index, () => `steps: ${agentId} follows ${earlier.length} steps`);
  must(!earlier.some(isActive), () => `steps: ${agentId} begins while another one works`);
  const failed = earlier.filter(({ status }) => status === 'failed');
  must(continueOnFailure === true || failed.length === 0, () => `steps: ${agentId} follows a failed one`);
  const last = earlier.findLast(({ status }) => status === 'completed');
  const expected = last ? [last.agentId] : [];
  must(
    inputAgentIds.join() === expected.join(),
    () => `steps: ${agentId} is handed ${inputAgentIds.join()}, expected ${expected.join()}`,
  );
}

const stepsOf = (state: WorkflowState): readonly AgentState[] =>
  [...state.agents.values()].filter(({ agentId }) => agentId.startsWith('step/'));

function checkLastStep(
  { finalAgentId, completeness }: EventOf<'workflow_completed'>,
  state: WorkflowState,
  steps: readonly unknown[],
): void {
  const done = stepsOf(state);
  must(done.length === steps.length, () => `steps: completed after ${done.length} of ${steps.length}`);
  const completed = done.filter(({ status }) => status === 'completed');
  must(finalAgentId === completed.at(-1)?.agentId, () => `steps: the result is that of ${finalAgentId}`);
  const share = completed.length / done.length;
  if (state.orchestrator === 'sequential')
    must(
      Math.abs(completeness - share) < 1e-3,
      () => `steps: completeness ${completeness}, expected ${share}`,
    );
}

function takenBranch(state: WorkflowState, { condition }: SimulatedInput): string {
  if (typeof condition === 'string') return condition;
  const decision = state.agents.get('condition');
  must(decision?.status === 'completed', () => 'condition: a branch is taken before the decision');
  return String(answerOf(decision)['branch']);
}

function checkBranch(data: EventOf<'workflow_completed'>, state: WorkflowState, input: SimulatedInput): void {
  const branch = takenBranch(state, input);
  must(
    data.details?.['branch'] === branch,
    () => `condition: tells ${String(data.details?.['branch'])}, took ${branch}`,
  );
  checkLastStep(data, state, input.branches?.[branch] ?? []);
}

function answerOf(agent: AgentState): Readonly<Record<string, unknown>> {
  // An odd answer writes around the JSON, which holds no object inside.
  const [json = '{}'] = /\{[^{}]*\}/.exec(contentOf(agent) ?? '') ?? [];
  return JSON.parse(json) as Record<string, unknown>;
}

const verdictsOf = (state: WorkflowState): readonly Readonly<Record<string, unknown>>[] =>
  [...state.agents.values()]
    .filter(({ agentId, status }) => agentId.startsWith('evaluation/') && status === 'completed')
    .map(answerOf);

function checkIteration(
  { agentId, inputAgentIds }: EventOf<'agent_scheduled'>,
  state: WorkflowState,
  { maxIterations = 3 }: SimulatedInput,
): void {
  const [kind, number] = agentId.split('/');
  const index = Number(number);
  must(index < maxIterations, () => `iterations: ${agentId} is one too many`);
  const verdicts = verdictsOf(state);
  must(verdicts.length === index, () => `iterations: ${agentId} follows ${verdicts.length} verdicts`);
  must(
    !verdicts.some(({ passed }) => passed === true),
    () => `iterations: ${agentId} follows a draft that passed`,
  );
  const before = [`draft/${index - 1}`, `evaluation/${index - 1}`];
  const expected = kind === 'evaluation' ? [`draft/${index}`] : index === 0 ? [] : before;
  must(
    inputAgentIds.join() === expected.join(),
    () => `iterations: ${agentId} is handed ${inputAgentIds.join()}, expected ${expected.join()}`,
  );
}

function checkConvergence(
  { details, finalAgentId }: EventOf<'workflow_completed'>,
  state: WorkflowState,
  { maxIterations = 3 }: SimulatedInput,
): void {
  const verdicts = verdictsOf(state);
  const converged = verdicts.at(-1)?.['passed'] === true;
  must(details?.['converged'] === converged, () => `iterations: converged ${String(details?.['converged'])}`);
  must(converged || verdicts.length === maxIterations, () => `iterations: given up after ${verdicts.length}`);
  must(finalAgentId === `draft/${verdicts.length - 1}`, () => `iterations: the result is ${finalAgentId}`);
  const told = details['iterations'];
  must(
    Array.isArray(told) && told.length === verdicts.length,
    () => `iterations: ${verdicts.length} verdicts, told ${JSON.stringify(told)}`,
  );
}
