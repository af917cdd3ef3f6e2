import { cappedText } from '../../src/tool/tool-output.ts';
import {
  abortedCall,
  type ToolCallContext,
  ToolCallError,
  type ToolDefinition,
  type ToolResult,
  type ToolSource,
  unknownTool,
} from '../../src/tool/tool-source.ts';
import { failure } from '../../src/workflow/failure.ts';

/** A text is the answer, but for 'hang' (until stopped) and 'ignore' (not even then). */
export type FakeAnswer = string | { readonly error: string } | Error;

export interface FakeCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: ToolCallContext;
  /** Ends a call that hangs. */
  answer(text: string): void;
}

export function fakeTool(name: string, rest: Partial<ToolDefinition> = {}): ToolDefinition {
  return {
    name,
    description: `The tool ${name}.`,
    parameters: {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
      additionalProperties: false,
    },
    idempotent: true,
    timeoutMs: 60_000,
    outputBytesMax: 1_000,
    ...rest,
  };
}

/** Tools in process that do what a test says, and a list of what was really executed. */
export class FakeToolSource implements ToolSource {
  readonly name: string;
  readonly calls: FakeCall[] = [];
  script: (call: FakeCall) => FakeAnswer = ({ tool, args }) => `${tool} says ${String(args['text'])}`;
  tools: readonly ToolDefinition[];
  #closed = false;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(
    tools: readonly ToolDefinition[] = [fakeTool('look'), fakeTool('send', { idempotent: false })],
    name = 'fake',
  ) {
    this.name = name;
    this.tools = tools;
  }

  async start(): Promise<void> {}

  /** Resolves when this many calls have been executed. */
  arrived(count: number): Promise<void> {
    if (this.calls.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  call(tool: string, args: Readonly<Record<string, unknown>>, context: ToolCallContext): Promise<ToolResult> {
    const definition = this.tools.find(({ name }) => name === tool);
    if (!definition) return Promise.reject(unknownTool(this.name, tool));
    if (context.signal.aborted || this.#closed) return Promise.reject(abortedCall(tool));
    const { promise, resolve, reject } = Promise.withResolvers<ToolResult>();
    const answer = (text: string, isError = false): void =>
      resolve({ text: cappedText(text, definition.outputBytesMax), isError });
    const call: FakeCall = { tool, args, context, answer };
    this.calls.push(call);
    for (const waiter of this.#waiting.splice(0)) {
      if (this.calls.length >= waiter.count) waiter.resolve();
      else this.#waiting.push(waiter);
    }
    const says = this.script(call);
    if (says !== 'ignore') context.signal.addEventListener('abort', () => reject(abortedCall(tool)));
    if (says instanceof Error) reject(new ToolCallError(failure('connection', says.message)));
    else if (typeof says === 'object') answer(says.error, true);
    else if (says !== 'hang' && says !== 'ignore') answer(says);
    return promise;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
