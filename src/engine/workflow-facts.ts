import type { AgentSpec, Orchestrator } from '../orchestrator/orchestrator.ts';
import type { ProviderCatalog } from '../provider/model-provider.ts';
import type { Blob } from '../store/event-store.ts';
import type { PassageRef, Reservation } from '../workflow/event.ts';
import { limits } from '../workflow/limits.ts';
import { contentOf, type WorkflowState } from '../workflow/state.ts';
import { prepareCall, type PreparedCall } from './call-request.ts';
import type { Facts } from './decide.ts';
import { sha256Of, type Material } from './material.ts';

export interface FactSources {
  readonly orchestrator: Orchestrator;
  readonly catalog: ProviderCatalog;
  readonly material: Material;
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
    return { passages, inputHash: inputHashOf(state, spec, passages) };
  }

  reserve(state: WorkflowState, agentId: string): Reservation {
    const { orchestrator, catalog, material } = this.#sources;
    const prepared = prepareCall(state, agentId, {
      orchestrator,
      catalog,
      textsOf: (id) => material.textsOf(state.agents.get(id)?.passages ?? []),
    });
    this.#sources.keep(agentId, prepared);
    return prepared.reserved;
  }
}

/** SHA-256 over everything a prompt is made of, referenced contents included. */
function inputHashOf(state: WorkflowState, spec: AgentSpec, passages: readonly PassageRef[]): string {
  const inputs = spec.inputAgentIds.map((agentId) => {
    const agent = state.agents.get(agentId);
    return [agentId, agent ? sha256Of(contentOf(agent) ?? '') : ''];
  });
  const { role, stage, subtask, parameters, model } = spec;
  return sha256Of(JSON.stringify([state.task, role, stage, subtask, parameters, model, inputs, passages]));
}
