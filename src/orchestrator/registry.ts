import type { Orchestrator } from './orchestrator.ts';

/** The orchestrators this build knows, by name. */
export class OrchestratorRegistry {
  readonly #byName: ReadonlyMap<string, Orchestrator>;

  constructor(orchestrators: readonly Orchestrator[]) {
    this.#byName = new Map(orchestrators.map((orchestrator) => [orchestrator.name, orchestrator]));
  }

  get(name: string): Orchestrator | undefined {
    return this.#byName.get(name);
  }

  /** The rules a log was written with, if this build still knows them. */
  version(name: string, version: number): Orchestrator | undefined {
    const orchestrator = this.#byName.get(name);
    return orchestrator?.version === version ? orchestrator : undefined;
  }

  list(): readonly Orchestrator[] {
    return [...this.#byName.values()];
  }
}
