import type { AgentSpec, Orchestrator } from '../orchestrator/orchestrator.ts';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import type { Blob } from '../store/event-store.ts';
import type { Toolbox } from '../tool/toolbox.ts';
import type { PassageRef, Reservation, ToolCall } from '../workflow/event.ts';
import { failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { contentOf, type AgentState, type WorkflowState } from '../workflow/state.ts';
import { prepareCall, type PreparedCall } from './call-request.ts';
import type { Facts } from './decide.ts';
import { sha256Of, type Material } from './material.ts';
import { mayAskTools } from './tool-decision.ts';

export interface FactSources {
  readonly orchestrator: Orchestrator;
  readonly catalog: ProviderCatalog;
  readonly material: Material;
  readonly tools: Toolbox;
  /** Default: `limits.turnsPerAgentDefault`. */
  readonly turnsPerAgent: number | undefined;
  random(): number;
  /** Where prepared requests go until their call is recorded. */
  keep(agentId: string, prepared: PreparedCall): void;
}

/** What one batch's decisions may look up; gathers the blobs the batch will refer to. */
export class WorkflowFacts implements Facts {
  readonly orchestrator: Orchestrator;
  readonly turnsPerAgent: number;
  readonly #sources: FactSources;
  readonly #blobs: Blob[];

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
    const { tools } = this.#sources;
    const agent = state.agents.get(agentId);
    return (
      agent !== undefined &&
      mayAskTools(state, agent, this.turnsPerAgent) &&
      tools.named(allowedTools(agent, tools)).length > 0
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

  reserve(state: WorkflowState, agentId: string): Reservation {
    const { orchestrator, catalog, material, tools } = this.#sources;
    const prepared = prepareCall(state, agentId, {
      orchestrator,
      turnsPerAgent: this.turnsPerAgent,
      catalog,
      textsOf: (id) => material.textsOf(state.agents.get(id)?.passages ?? []),
      foundTexts: (passages) => material.knownTextsOf(passages),
      toolsOf: (agent) => tools.named(allowedTools(agent, tools)),
    });
    this.#sources.keep(agentId, prepared);
    return prepared.reserved;
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
