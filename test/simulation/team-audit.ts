import type { EventData } from '../../src/workflow/event.ts';
import { isActive, type AgentState, type WorkflowState } from '../../src/workflow/state.ts';
import type { SimulatedInput } from './orchestrator-pool.ts';
import { must } from './violation.ts';

const abstained = ({ completion }: AgentState): boolean => completion?.outcome === 'abstained';

/** Who found nothing out is no success, and a gap check adds no more researchers than it may, when the others have ended. */
export function checkTeam(data: EventData, state: WorkflowState, input: SimulatedInput): void {
  const { maxExtraResearchers: extraMax = 0, numAgents = 0 } = input;
  const researchers = [...state.agents.values()].filter(({ role }) => role === 'researcher');
  const planned = state.plan?.subtasks.length ?? 0;
  if (data.type === 'agent_completed') {
    const text = state.agents.get(data.agentId)?.turns[data.turn]?.output.text ?? '';
    const says = text.startsWith('NO ANSWER') && data.agentId.startsWith('researcher/');
    must(says === (data.outcome === 'abstained'), () => `team: ${data.agentId} said ${text.slice(0, 20)}`);
  }
  if (data.type === 'agent_scheduled' && data.role === 'evaluator') {
    must(extraMax > 0 && !state.conclusion, () => 'team: a gap check that nobody asked for');
    must(!researchers.some(isActive), () => 'team: a gap check while researchers work');
    must(researchers.length === planned, () => 'team: a gap check before all have been sent');
  }
  if (data.type === 'agent_scheduled' && data.role === 'researcher') {
    const index = Number(data.agentId.slice('researcher/'.length));
    must(index < planned + extraMax, () => `team: ${data.agentId} is one too many`);
    const checked = state.agents.get('evaluator')?.status === 'completed';
    must(index < planned || checked, () => `team: ${data.agentId} is added without a check`);
  }
  if (data.type === 'agent_scheduled' && data.stage.type === 'synthesis') {
    const fruitless = data.inputAgentIds.find((id) =>
      researchers.some((one) => one.agentId === id && abstained(one)),
    );
    must(fruitless === undefined, () => `team: ${data.agentId} is handed ${fruitless}, which abstained`);
    const checked = state.agents.has('evaluator') || extraMax === 0 || state.conclusion !== undefined;
    must(checked, () => `team: ${data.agentId} follows no gap check`);
  }
  if (data.type === 'workflow_completed' && !state.conclusion) {
    const answered = researchers.filter((one) => one.status === 'completed' && !abstained(one)).length;
    const share = answered / (numAgents + researchers.length - planned);
    must(
      Math.abs(data.completeness - share) < 1e-3,
      () => `team: completeness ${data.completeness}, expected ${share}`,
    );
  }
}
