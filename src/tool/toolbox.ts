import { failure, type Failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import type { ArgumentCheck } from './argument-check.ts';
import {
  type JsonSchema,
  type ToolCallContext,
  ToolCallError,
  type ToolDefinition,
  type ToolResult,
  type ToolSource,
  unknownTool,
} from './tool-source.ts';

/** A tool under its full name. */
export interface NamedTool extends ToolDefinition {
  /** `source.tool` */
  readonly fullName: string;
}

/** Arguments that may be handed to the tool, or why the call is refused. */
export type CheckedCall =
  | { readonly tool: NamedTool; readonly args: Readonly<Record<string, unknown>> }
  | { readonly refusal: Failure };

/** By role: full names, or `source.*` for all of a source. */
export type ToolAllowance = Readonly<Record<string, readonly string[]>>;

/** Name of the source whose tools read the workflow's own documents. */
export const documentsSource = 'documents';

interface Found {
  readonly source: ToolSource;
  readonly tool: NamedTool;
}

/** Every tool this server's agents may use, and who may use which. The one way to a tool. */
export class Toolbox {
  readonly #sources: readonly ToolSource[];
  readonly #allowance: ToolAllowance;
  readonly #checkOf: (schema: JsonSchema) => ArgumentCheck;
  readonly #checks = new WeakMap<JsonSchema, ArgumentCheck>();

  constructor(
    sources: readonly ToolSource[],
    allowance: ToolAllowance,
    checkOf: (schema: JsonSchema) => ArgumentCheck,
  ) {
    this.#sources = sources;
    this.#allowance = allowance;
    this.#checkOf = checkOf;
  }

  /** Resolves when every source has tried to find out what it offers. */
  async start(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.start()));
  }

  /** Full names of what a role may use now, in order of source and tool. */
  namesFor(role: string, { documents }: { readonly documents: boolean }): readonly string[] {
    return this.#sources.flatMap((source) =>
      source.name === documentsSource && !documents
        ? []
        : source.tools.map(({ name }) => `${source.name}.${name}`).filter((name) => this.allows(role, name)),
    );
  }

  allows(role: string, fullName: string): boolean {
    const patterns = Object.hasOwn(this.#allowance, role) ? this.#allowance[role] : undefined;
    return (patterns ?? []).some((pattern) =>
      pattern.endsWith('.*') ? fullName.startsWith(pattern.slice(0, -1)) : pattern === fullName,
    );
  }

  /** Those of these tools that can be called now. */
  named(fullNames: readonly string[]): readonly NamedTool[] {
    return fullNames.flatMap((fullName) => this.#find(fullName)?.tool ?? []);
  }

  /** Looks at everything that may be wrong with a call before anything is done. */
  check(fullName: string, json: string): CheckedCall {
    const found = this.#find(fullName);
    if (!found) return refused(`${fullName} is not available at the moment`);
    const bytes = Buffer.byteLength(json, 'utf8');
    if (bytes > limits.toolArgumentBytesMax)
      return refused(`its arguments hold ${bytes} bytes, at most ${limits.toolArgumentBytesMax} are allowed`);
    let args: unknown;
    try {
      // Some models send nothing where a tool takes nothing.
      args = json.trim() === '' ? {} : JSON.parse(json);
    } catch (error) {
      return refused(
        `its arguments are not JSON (${error instanceof Error ? error.message : String(error)})`,
      );
    }
    if (!isRecord(args)) return refused('its arguments are not a JSON object');
    const problem = this.#checkFor(found.tool.parameters)(args);
    if (problem !== undefined) return refused(`its arguments do not fit: ${problem}`);
    return { tool: found.tool, args };
  }

  /** Calls one tool once. Rejects with ToolCallError. */
  async call(
    fullName: string,
    args: Readonly<Record<string, unknown>>,
    context: ToolCallContext,
  ): Promise<ToolResult> {
    const found = this.#find(fullName);
    if (!found) throw unknownTool('this server', fullName);
    try {
      return await found.source.call(found.tool.name, args, context);
    } catch (error) {
      if (error instanceof ToolCallError) throw error;
      const message = `${fullName} failed: ${error instanceof Error ? error.message : String(error)}`;
      throw new ToolCallError(failure('tool', message), { cause: error });
    }
  }

  /** May be called twice. */
  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }

  #find(fullName: string): Found | undefined {
    const dot = fullName.indexOf('.');
    const source = this.#sources.find(({ name }) => name === fullName.slice(0, dot));
    const tool = source?.tools.find(({ name }) => name === fullName.slice(dot + 1));
    return source && tool && { source, tool: { ...tool, fullName } };
  }

  #checkFor(schema: JsonSchema): ArgumentCheck {
    let check = this.#checks.get(schema);
    if (!check) {
      check = this.#checkOf(schema);
      this.#checks.set(schema, check);
    }
    return check;
  }
}

/** No tools at all. */
export const noTools = new Toolbox([], {}, () => () => undefined);

const refused = (why: string): CheckedCall => ({ refusal: failure('tool', `the call was refused: ${why}`) });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
