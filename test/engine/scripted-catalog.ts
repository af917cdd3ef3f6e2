import { AnswerText } from '../../src/provider/answer-text.ts';
import {
  type AnswerSink,
  ModelCallError,
  type ModelAnswer,
  type ModelProvider,
  type ModelRequest,
  type PricedCost,
  type ProviderCatalog,
  type ProviderInfo,
} from '../../src/provider/model-provider.ts';
import type { ToolCall, Usage } from '../../src/workflow/event.ts';
import { failure, type Failure } from '../../src/workflow/failure.ts';

/** A text is the answer, but for 'hang' (until aborted) and 'ignore abort' (also then). */
export type Answer = string | Failure | { readonly toolCalls: readonly ToolCall[] } | (() => never);

export interface ScriptedCall {
  readonly provider: string;
  readonly request: ModelRequest;
  aborted: boolean;
  /** Streams a part of what it will answer. */
  write(text: string): void;
  /** Lets a held call end. */
  answer(text: string): void;
  /** Ends it with what a model would say. */
  answerCanned(): void;
  fail(reason: Failure): void;
}

/** What a model would say to a brief, so that a research run goes through. */
export function cannedAnswer({ brief, attemptId }: ModelRequest): string {
  switch (brief.kind) {
    case 'plan': {
      const { types, known } = brief;
      return JSON.stringify({
        subtasks: Array.from({ length: brief.missing }, (_, i) => ({
          title: `Part ${brief.known.length + i + 1}`,
          question: `What is known about part ${brief.known.length + i + 1} of the task?`,
          ...(types && { type: types[(known.length + i) % types.length] }),
        })),
      });
    }
    case 'answer':
      return `Finding of ${attemptId}: ${brief.passages.map(({ handle }) => `[${handle}]`).join(' ')}`;
    case 'synthesise':
      return `Synthesis (${brief.level}) of ${brief.findings.map(({ agentId }) => agentId).join(', ')}.`;
    case 'assignment':
      return brief.schema
        ? JSON.stringify(cannedValue(brief.schema, attemptId))
        : `Output of ${attemptId}: ${brief.passages.map(({ handle }) => `[${handle}]`).join(' ')}`;
  }
}

type Json = Readonly<Record<string, unknown>>;

/** A value that a schema allows; which one depends on who is asked. */
function cannedValue(schema: Json, attemptId: string): unknown {
  const choice = [...attemptId].reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0);
  if (Array.isArray(schema['enum'])) return schema['enum'][choice % schema['enum'].length];
  switch (schema['type']) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema['properties'] as Readonly<Record<string, Json>>).map(([name, inner]) => [
          name,
          cannedValue(inner, attemptId),
        ]),
      );
    case 'array':
      // None, one or two, so that runs differ.
      return Array.from({ length: choice % 3 }, (_, index) =>
        cannedValue(schema['items'] as Json, `${attemptId}/${index}`),
      );
    case 'boolean':
      return choice % 2 === 0;
    case 'number':
    case 'integer':
      return Number(schema['minimum'] ?? 0);
    default:
      return `canned by ${attemptId}`;
  }
}

/** Providers in process. Every call is recorded; what it answers is scripted by attempt id, held, or canned. */
export class ScriptedCatalog implements ProviderCatalog {
  readonly calls: ScriptedCall[] = [];
  /** Undefined: the canned answer at once. 'hang': until it is answered by hand or aborted. */
  script: (request: ModelRequest, provider: string) => Answer | undefined = () => undefined;
  /** Providers there are. */
  known: readonly string[] = ['offline', 'xai'];
  usage: Usage | undefined = { inputTokens: 100, outputTokens: 50 };
  /** nano-USD a token; undefined: no price is known. */
  nanoUsdPerToken: number | undefined = 10;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  list(): readonly ProviderInfo[] {
    return [];
  }

  refusal(name: string): Failure | undefined {
    return this.known.includes(name) ? undefined : failure('unconfigured', `unknown provider ${name}`);
  }

  defaultModels(): { plan: string; work: string; synthesis: string } {
    return { plan: 'model-p', work: 'model-w', synthesis: 'model-s' };
  }

  price(_name: string, _model: string, usage: Usage): PricedCost | undefined {
    if (this.nanoUsdPerToken === undefined) return undefined;
    return { costNanoUsd: (usage.inputTokens + usage.outputTokens) * this.nanoUsdPerToken, source: 'test' };
  }

  address(): string {
    return 'in-process';
  }

  open(name: string): ModelProvider {
    return { name, call: (request, signal, sink) => this.#call(name, request, signal, sink) };
  }

  /** Resolves when this many calls have been made. */
  arrived(count: number): Promise<void> {
    if (this.calls.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  #call(
    provider: string,
    request: ModelRequest,
    signal: AbortSignal,
    sink: AnswerSink | undefined,
  ): Promise<ModelAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ModelAnswer>();
    // A script that throws leaves nobody to hear how this ends.
    promise.catch(() => undefined);
    const written = new AnswerText();
    const call: ScriptedCall = {
      provider,
      request,
      aborted: false,
      write: (text) => {
        written.add(text);
        if (sink) written.offer(sink);
      },
      answer: (text) => resolve({ text, finishReason: 'stop', usage: this.usage }),
      answerCanned: () => call.answer(cannedAnswer(request)),
      fail: (reason) => reject(new ModelCallError(reason)),
    };
    const answer = this.script(request, provider);
    signal.addEventListener('abort', () => {
      call.aborted = true;
      if (answer !== 'ignore abort') reject(new ModelCallError(failure('aborted', 'aborted')));
    });
    this.calls.push(call);
    for (const waiter of this.#waiting.splice(0)) {
      if (this.calls.length >= waiter.count) waiter.resolve();
      else this.#waiting.push(waiter);
    }
    if (answer === undefined) call.answer(cannedAnswer(request));
    else if (typeof answer === 'function') answer();
    else if (typeof answer === 'object' && 'toolCalls' in answer)
      resolve({ text: '', finishReason: 'tool_calls', usage: this.usage, toolCalls: answer.toolCalls });
    else if (typeof answer === 'object') call.fail(answer);
    else if (answer !== 'hang' && answer !== 'ignore abort') call.answer(answer);
    return promise;
  }
}
