import type { AgentSpec, Orchestrator, PassageText } from '../orchestrator/orchestrator.ts';
import type { CallGate, CallPermit, ModelKind } from '../provider/call-gate.ts';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import type { Asker } from '../provider/waiting-line.ts';
import type { Blob } from '../store/event-store.ts';
import type { NamedTool, Toolbox } from '../tool/toolbox.ts';
import type { PassageRef, Reservation, Stage, ToolCall } from '../workflow/event.ts';
import { failure } from '../workflow/failure.ts';
import type { Affordability } from '../workflow/ledger.ts';
import { limits } from '../workflow/limits.ts';
import { contentOf, type AgentState, type WorkflowState } from '../workflow/state.ts';
import type { CallWaits } from './call-waits.ts';
import { prepareCall, type PreparedCall } from './call-request.ts';
import type { CallRoute, Facts } from './decide.ts';
import type { DayBudget } from './day-budget.ts';
import type { Draft } from './draft.ts';
import { sha256Of, type Passages } from './material.ts';
import { mayAskTools } from './tool-decision.ts';

export interface FactSources {
  readonly orchestrator: Orchestrator;
  readonly catalog: ProviderCatalog;
  readonly gate: CallGate;
  /** In whose name the gate is asked. */
  readonly asker: Asker;
  readonly waits: CallWaits;
  readonly dayBudget: DayBudget;
  readonly material: Passages;
  readonly tools: Toolbox;
  /** Default: `limits.turnsPerAgentDefault`. */
  readonly turnsPerAgent: number | undefined;
  /** Wall time of the batch. */
  readonly time: number;
  random(): number;
  /** Where a prepared request and its permit go until their call is recorded. */
  keep(agentId: string, prepared: PreparedCall, permit: CallPermit): void;
}

const kinds: Readonly<Record<Stage['type'], ModelKind>> = {
  plan: 'plan',
  work: 'work',
  synthesis: 'synthesis',
};

/** What one batch's decisions may look up; gathers the blobs the batch will refer to. */
export class WorkflowFacts implements Facts {
  readonly orchestrator: Orchestrator;
  readonly turnsPerAgent: number;
  readonly #sources: FactSources;
  readonly #blobs: Blob[];
  #waitsForDay = false;
  /** The call that was asked about last; leave is asked for this one. */
  #asked: { readonly agentId: string; readonly prepared: PreparedCall } | undefined;

  constructor(sources: FactSources, blobs: Blob[]) {
    this.orchestrator = sources.orchestrator;
    this.turnsPerAgent = sources.turnsPerAgent ?? limits.turnsPerAgentDefault;
    this.#sources = sources;
    this.#blobs = blobs;
  }

  random(): number {
    return this.#sources.random();
  }

  freeze(state: WorkflowState, spec: AgentSpec): ReturnType<Facts['freeze']> {
    const { material } = this.#sources;
    const passages = spec.passageQuery === undefined ? [] : material.find(spec.passageQuery);
    this.#blobs.push(...material.newBlobs(state, passages));
    return { passages, inputHash: inputHashOf(state, spec, passages, this.toolsOf(state, spec)) };
  }

  toolsOf(state: WorkflowState, { role }: AgentSpec): readonly string[] {
    const documents = state.sources.length > 0 || state.corpus !== undefined;
    return this.#sources.tools.namesFor(role, { documents });
  }

  offersTools(state: WorkflowState, agentId: string): boolean {
    const agent = state.agents.get(agentId);
    return (
      agent !== undefined &&
      mayAskTools(state, agent, this.turnsPerAgent) &&
      this.usableTools(agent).length > 0
    );
  }

  checkTool(agent: AgentState, call: ToolCall): ReturnType<Facts['checkTool']> {
    const { tools } = this.#sources;
    if (!tools.allows(agent.role, call.name)) {
      return { refusal: failure('tool', `the call was refused: ${call.name} is not allowed any more`) };
    }
    const checked = tools.check(call.name, call.arguments);
    return 'refusal' in checked ? checked : { idempotent: checked.tool.idempotent };
  }

  route(state: WorkflowState, agentId: string): CallRoute {
    const { gate, asker, waits, dayBudget, time } = this.#sources;
    const agent = state.agents.get(agentId);
    if (!agent) throw new Error(`workflow ${state.workflowId}: there is no agent ${agentId}`);
    const { providerName, maxCostNanoUsd } = state.options;
    const route = gate.route(asker, {
      provider: providerName,
      model: agent.model,
      kind: kinds[agent.stage.type],
      priced: maxCostNanoUsd !== undefined || dayBudget.caps?.maxCostNanoUsd !== undefined,
    });
    if (route.type === 'wait') {
      waits.told(agentId, time, route.until);
      return { type: 'wait' };
    }
    if (route.type !== 'call') return route;
    const prepared = prepareCall(state, agentId, route, this);
    this.#asked = { agentId, prepared };
    const { provider, model } = route;
    return { type: 'call', provider, model, reserved: prepared.reserved };
  }

  get catalog(): ProviderCatalog {
    return this.#sources.catalog;
  }

  // What a call is made of.

  textsOf(passages: readonly PassageRef[]): readonly PassageText[] {
    return this.#sources.material.textsOf(passages);
  }

  readonly foundTexts = (passages: readonly PassageRef[]): readonly PassageText[] =>
    this.#sources.material.knownTextsOf(passages);

  usableTools(agent: AgentState): readonly NamedTool[] {
    const { tools } = this.#sources;
    return tools.named(allowedTools(agent, tools));
  }

  /** Set when a call waits for the day's budget. */
  get waitsForDay(): boolean {
    return this.#waitsForDay;
  }

  dayAllows(draft: Draft, reserved: Reservation): Affordability {
    const verdict = this.#sources.dayBudget.allows(draft.key.tenant, draft.time, draft.spend, reserved);
    if (verdict === 'waits') this.#waitsForDay = true;
    return verdict;
  }

  permit(agentId: string): boolean {
    const { gate, asker, waits, time } = this.#sources;
    const asked = this.#asked;
    if (asked?.agentId !== agentId) throw new Error(`no call of ${agentId} was routed`);
    const { prepared } = asked;
    const answer = gate.permit(asker, prepared.provider, prepared.request.model, prepared.reserved);
    if (answer.type === 'wait') {
      waits.told(agentId, time, answer.until);
      return false;
    }
    this.#sources.keep(agentId, prepared, answer.permit);
    waits.over(agentId);
    return true;
  }

  waitedMs(agentId: string): number {
    return this.#sources.waits.waitedMs(agentId, this.#sources.time);
  }
}

/** What was frozen for the agent and is still allowed. */
function allowedTools(agent: AgentState, tools: Toolbox): readonly string[] {
  return agent.tools.filter((name) => tools.allows(agent.role, name));
}

/** SHA-256 over everything a prompt is made of, referenced contents included. */
function inputHashOf(
  state: WorkflowState,
  spec: AgentSpec,
  passages: readonly PassageRef[],
  tools: readonly string[],
): string {
  const inputs = spec.inputAgentIds.map((agentId) => {
    const agent = state.agents.get(agentId);
    return [agentId, agent ? sha256Of(contentOf(agent) ?? '') : ''];
  });
  const { role, stage, subtask, parameters, model } = spec;
  const input = [state.task, role, stage, subtask, parameters, model, inputs, passages];
  // Without tools the hash is what it was before there were any.
  return sha256Of(JSON.stringify(tools.length > 0 ? [...input, tools] : input));
}
