import { limits } from '../workflow/limits.ts';
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ToolCall } from '../workflow/event.ts';
import type { Message, ModelRequest } from './model-provider.ts';

// Tools and tool turns in the words of Chat Completions.

const wireNameCharsMax = 64;
const unsafe = /[^a-zA-Z0-9_-]/gu;

/** The names tools have in one request: letters, digits, `_` and `-` only, at most 64, each another. */
export class ToolNames {
  readonly #wire = new Map<string, string>();
  readonly #names = new Map<string, string>();

  constructor({ tools, messages }: Pick<ModelRequest, 'tools' | 'messages'> = { messages: [] }) {
    for (const { name } of tools?.offers ?? []) this.#add(name);
    // A model may have asked for a tool that does not exist; its conversation is sent as it was.
    for (const { toolCalls = [] } of messages) for (const { name } of toolCalls) this.#add(name);
  }

  wireOf(name: string): string {
    return this.#wire.get(name) ?? wireName(name);
  }

  /** The tool's own name; what was never sent stays as the model wrote it. */
  nameOf(wire: string): string {
    return this.#names.get(wire) ?? wire;
  }

  #add(name: string): void {
    if (this.#wire.has(name)) return;
    let wire = wireName(name);
    for (let number = 2; this.#names.has(wire); number++) {
      const end = `_${number}`;
      wire = wireName(name).slice(0, wireNameCharsMax - end.length) + end;
    }
    this.#wire.set(name, wire);
    this.#names.set(wire, name);
  }
}

function wireName(name: string): string {
  const wire = name.replaceAll('.', '__').replaceAll(unsafe, '_').slice(0, wireNameCharsMax);
  return wire === '' ? 'tool' : wire;
}

export function wireMessages(messages: readonly Message[], names: ToolNames): ChatCompletionMessageParam[] {
  return messages.map((message) => wireMessage(message, names));
}

function wireMessage(
  { role, content: text, toolCalls = [], toolCallId = '' }: Message,
  names: ToolNames,
): ChatCompletionMessageParam {
  const content = text.toWellFormed();
  if (role === 'tool') return { role, tool_call_id: toolCallId, content };
  if (role !== 'assistant' || toolCalls.length === 0) return { role, content };
  return {
    role,
    // Some providers refuse a blank text beside tool calls.
    content: content.trim() === '' ? null : content,
    tool_calls: toolCalls.map(({ id, name, arguments: json }) => ({
      id,
      type: 'function',
      function: { name: names.wireOf(name), arguments: jsonObject(json) },
    })),
  };
}

/** Arguments that are no JSON are what providers refuse a whole conversation for. */
function jsonObject(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return json;
  } catch {
    // The tool's answer says to the model what was wrong with them.
  }
  return '{}';
}

export function wireTools(
  { tools }: ModelRequest,
  names: ToolNames,
): Pick<ChatCompletionCreateParamsStreaming, 'tools' | 'tool_choice'> {
  if (!tools) return {};
  return {
    tools: tools.offers.map(({ name, description, parameters }) => ({
      type: 'function',
      function: {
        name: names.wireOf(name),
        description: description.toWellFormed(),
        parameters: wireSchema(parameters),
      },
    })),
    tool_choice: tools.choice,
  };
}

/** Some endpoints refuse a schema that says which draft it is written in. */
function wireSchema(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { $schema: _, ...schema } = parameters;
  return schema;
}

/** One piece of a tool call in a stream. */
export interface ToolCallDelta {
  readonly index?: number | null | undefined;
  readonly id?: string | null | undefined;
  readonly function?:
    | { readonly name?: string | null | undefined; readonly arguments?: unknown }
    | null
    | undefined;
}

/** Puts tool calls together from the pieces of a stream. */
export class ToolCallBuilder {
  readonly #calls = new Map<number, { id: string; name: string; readonly parts: string[] }>();

  get size(): number {
    return this.#calls.size;
  }

  /** Takes one piece; answers the text it brought, to be counted. */
  add(delta: ToolCallDelta): string {
    // Some leave the index out and send each call whole.
    const index =
      delta.index ?? (delta.id || this.#calls.size === 0 ? this.#calls.size : this.#calls.size - 1);
    const known = this.#calls.get(index);
    const id = delta.id ?? '';
    const name = delta.function?.name ?? '';
    const given = delta.function?.arguments ?? '';
    const json = typeof given === 'string' ? given : JSON.stringify(given);
    // No more of them are read, so a stream of numbers alone takes no memory.
    if (!known && this.#calls.size >= limits.toolCallsPerTurnMax) return id + name + json;
    const call = known ?? { id: '', name: '', parts: [] };
    this.#calls.set(index, call);
    if (id !== '') call.id = id;
    call.name += name;
    call.parts.push(json);
    return id + name + json;
  }

  finish(): readonly ToolCall[] {
    return [...this.#calls.entries()]
      .toSorted(([one], [other]) => one - other)
      .map(([index, { id, name, parts }]) => ({
        id: id === '' ? `call_${index}` : id,
        name,
        arguments: parts.join(''),
      }));
  }
}
