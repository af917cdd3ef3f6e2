import { z } from 'zod';
import type { Orchestrator } from './orchestrator.ts';

/** A module of the configuration that is no orchestrator, and why. */
export interface ModuleFault {
  /** Which entry of the configuration. */
  readonly index: number;
  readonly path: string;
  /** A sentence that follows the path. */
  readonly fault: string;
}

export interface CustomOrchestrators {
  readonly orchestrators: readonly Orchestrator[];
  readonly faults: readonly ModuleFault[];
}

const namePattern = /^[a-z][a-z_]*$/;
const nameCharsMax = 63;
const methods = [
  'taskOf',
  'defaultTitle',
  'estimate',
  'next',
  'render',
  'judge',
  'progress',
  'report',
] as const;

/**
 * Loads the orchestrators that the configuration names by the paths of their modules. `load` imports one; a module
 * exports its orchestrator as default. Names must differ from each other and from those of `known`.
 */
export async function loadCustomOrchestrators(
  paths: readonly string[],
  known: readonly Orchestrator[],
  load: (path: string) => Promise<unknown>,
): Promise<CustomOrchestrators> {
  const orchestrators: Orchestrator[] = [];
  const faults: ModuleFault[] = [];
  for (const [index, path] of paths.entries()) {
    try {
      const found = orchestratorOf(await load(path));
      const clash = [...known, ...orchestrators].some(({ name }) => name === found.name);
      if (clash)
        throw new ContractError(`names itself "${found.name}", and another orchestrator has that name`);
      orchestrators.push(found);
    } catch (error) {
      const fault =
        error instanceof ContractError
          ? error.message
          : `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
      faults.push({ index, path, fault });
    }
  }
  return { orchestrators, faults };
}

class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** The orchestrator a module exports; throws ContractError naming the first thing that is not as it must be. */
function orchestratorOf(module: unknown): Orchestrator {
  const exported = memberOf(module, 'default');
  if (typeof exported !== 'object' || exported === null) {
    throw new ContractError(`exports no orchestrator as default, found ${typeof exported}`);
  }
  const name = memberOf(exported, 'name');
  if (typeof name !== 'string' || !namePattern.test(name) || name.length > nameCharsMax) {
    throw new ContractError(
      `has a name that is not lower-case letters and underscores, at most ${nameCharsMax}: ${JSON.stringify(name)}`,
    );
  }
  const version = memberOf(exported, 'version');
  if (!Number.isSafeInteger(version) || Number(version) < 1) {
    throw new ContractError(`has a version that is not a whole number from 1: ${JSON.stringify(version)}`);
  }
  if (typeof memberOf(exported, 'description') !== 'string') throw new ContractError('has no description');
  for (const method of methods) {
    if (typeof memberOf(exported, method) !== 'function') throw new ContractError(`has no method ${method}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member but the schema was looked at above
  const orchestrator = exported as Orchestrator;
  if (typeof memberOf(orchestrator.inputSchema, 'safeParse') !== 'function') {
    throw new ContractError('has an inputSchema that is no zod schema');
  }
  try {
    // As ListOrchestrators shows it.
    z.toJSONSchema(orchestrator.inputSchema, { io: 'input', unrepresentable: 'any' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ContractError(`has an inputSchema that cannot be shown as JSON Schema: ${reason}`, { cause });
  }
  if (orchestrator.inputSchema.safeParse({ '?': 0 }).success) {
    throw new ContractError('has an inputSchema that accepts unknown fields; use z.strictObject');
  }
  return orchestrator;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
