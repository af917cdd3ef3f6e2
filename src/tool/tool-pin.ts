import { hash } from 'node:crypto';
import { clip } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import type { ToolServerSettings } from '../workflow/tool-server.ts';
import type { JsonSchema, ToolDefinition } from './tool-source.ts';

/** A tool as its server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: JsonSchema;
  readonly annotations?:
    | { readonly readOnlyHint?: boolean | undefined; readonly idempotentHint?: boolean | undefined }
    | undefined;
}

/**
 * The tools of one server as they were when this process first saw them. What a server says of a tool later is
 * compared and never used: one that changes is disabled, for the operator allowed the other one.
 */
export class ToolPins {
  readonly #settings: ToolServerSettings;
  readonly #hashes = new Map<string, string>();
  readonly #definitions = new Map<string, ToolDefinition>();
  readonly #disabled = new Set<string>();

  constructor(settings: ToolServerSettings) {
    this.#settings = settings;
  }

  /** Whether a list was ever seen. */
  get known(): boolean {
    return this.#hashes.size > 0;
  }

  /** Takes a list: the first one is pinned, each later one compared. Answers what is wrong with it, tool by tool. */
  take(listed: readonly ListedTool[]): {
    readonly tools: readonly ToolDefinition[];
    readonly problems: readonly { readonly tool: string; readonly problem: string }[];
  } {
    const first = !this.known;
    const problems: { tool: string; problem: string }[] = [];
    const tools = new Map<string, ToolDefinition>();
    for (const tool of listed.slice(0, limits.toolsPerServerMax)) {
      const problem = first ? this.#pin(tool) : this.#compare(tool);
      if (problem !== undefined) problems.push({ tool: clip(tool.name, limits.toolNameCharsMax), problem });
      const definition = this.#definitions.get(tool.name);
      if (definition && !this.#disabled.has(tool.name)) tools.set(tool.name, definition);
    }
    if (listed.length > limits.toolsPerServerMax) {
      const problem = `the server lists ${listed.length} tools, only ${limits.toolsPerServerMax} are used`;
      problems.push({ tool: '*', problem });
    }
    return { tools: [...tools.values()], problems };
  }

  #pin(tool: ListedTool): string | undefined {
    const { name, description = '', inputSchema } = tool;
    if (this.#hashes.has(name)) return 'is listed twice; the first one is used';
    if (!/^[^\s\p{C}]+$/u.test(name) || name.length > limits.toolNameCharsMax)
      return 'its name is not usable';
    if (Buffer.byteLength(JSON.stringify(inputSchema), 'utf8') > limits.toolSchemaBytesMax)
      return `its schema is over ${limits.toolSchemaBytesMax} bytes`;
    this.#hashes.set(name, hashOf(tool));
    const { terms } = this.#settings;
    const own = Object.hasOwn(this.#settings.tools, name) ? this.#settings.tools[name] : undefined;
    const hints = tool.annotations;
    this.#definitions.set(name, {
      name,
      description: clip(description, limits.toolDescriptionCharsMax),
      parameters: inputSchema,
      // Where nobody says so, doing it twice may do harm.
      idempotent:
        own?.idempotent ??
        terms.idempotent ??
        (hints?.readOnlyHint === true || hints?.idempotentHint === true),
      timeoutMs: own?.timeoutMs ?? terms.timeoutMs ?? limits.toolTimeoutMs,
      outputBytesMax: own?.outputBytesMax ?? terms.outputBytesMax ?? limits.toolOutputBytes,
    });
    return undefined;
  }

  #compare(tool: ListedTool): string | undefined {
    const pinned = this.#hashes.get(tool.name);
    if (pinned === undefined) return 'is new since this process began, and is not offered';
    if (this.#disabled.has(tool.name) || pinned === hashOf(tool)) return undefined;
    this.#disabled.add(tool.name);
    return 'has another description or schema than when this process began, and is disabled';
  }
}

function hashOf({ name, description = '', inputSchema }: ListedTool): string {
  return hash('sha256', JSON.stringify([name, description, inputSchema]));
}
