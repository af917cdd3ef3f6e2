import { z } from 'zod';
import type { Usage } from '../workflow/event.ts';
import { type Failure, failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import { AnswerText } from './answer-text.ts';
import type { AnswerSink, ModelAnswer } from './model-provider.ts';
import { nanoUsd } from './pricing.ts';
import { AttemptError, MalformedAnswerError } from './provider-failure.ts';
import { ToolCallBuilder, ToolNames } from './tool-message.ts';

const optionalText = z.string().nullish();

const toolCallSchema = z.object({
  index: z.int().nonnegative().nullish(),
  id: optionalText,
  // Most send text, some a value.
  function: z.object({ name: optionalText, arguments: z.unknown() }).nullish(),
});

/** One frame of a Chat Completions stream, as far as it is used. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        index: z.number().optional(),
        delta: z
          .object({
            content: optionalText,
            refusal: optionalText,
            // Two names for what a model thinks aloud. Not part of the answer, but a sign of life.
            reasoning_content: optionalText,
            reasoning: optionalText,
            tool_calls: z.array(toolCallSchema).nullish(),
          })
          .nullish(),
        finish_reason: optionalText,
      }),
    )
    .nullish(),
  usage: z.unknown().optional(),
});

const count = z.number().int().nonnegative();
/** More tokens than a model can take or give are a defect of the endpoint, and nobody is charged for them. */
const usageSchema = z.object({
  prompt_tokens: count.max(limits.inputTokensPerCallMax),
  completion_tokens: count.max(limits.outputTokensMax),
  total_tokens: z.unknown().optional(),
  cost: z.unknown().optional(),
});

/** Longer ones are no reasons. */
const finishReasonCharsMax = 200;

const complete = new Set(['stop', 'eos', 'end_turn', 'stop_sequence', 'complete']);
const toolReasons = new Set(['tool_calls', 'tool_use', 'function_call']);
const cutShort = new Set(['length', 'max_tokens', 'model_length', 'max_output_tokens']);
const filtered = new Set(['content_filter', 'safety', 'sensitive', 'recitation', 'prohibited_content']);

/** Puts an answer together from the frames of a stream, and judges whether it is one. */
export class AnswerBuilder {
  readonly #provider: string;
  readonly #reportsCost: boolean;
  readonly #text = new AnswerText();
  readonly #tools = new ToolCallBuilder();
  #bytes = 0;
  #finishReason: string | undefined;
  #refused = false;
  #usage: Usage | undefined;
  #reportedCostNanoUsd: number | undefined;

  /** What tools are called in this request. */
  readonly toolNames: ToolNames;

  constructor(provider: string, reportsCost: boolean, toolNames = new ToolNames()) {
    this.#provider = provider;
    this.toolNames = toolNames;
    this.#reportsCost = reportsCost;
  }

  /** What the provider reported so far, also of an attempt that fails. */
  get usage(): Usage | undefined {
    return this.#usage;
  }

  /** Whether the model said that it has finished; what may still follow is the usage. */
  get finished(): boolean {
    return this.#finishReason !== undefined;
  }

  /**
   * Takes one parsed frame; true when it brought the answer forward (an empty delta does not). Throws
   * MalformedAnswerError for a frame that is none and AttemptError `limit` for too much text.
   */
  add(frame: unknown): boolean {
    const parsed = chunkSchema.safeParse(frame);
    if (!parsed.success) throw new MalformedAnswerError(`a frame of the stream is not a completion chunk`);
    const { choices, usage } = parsed.data;
    const choice = choices?.find((one) => (one.index ?? 0) === 0);
    const delta = choice?.delta;
    const text = delta?.content ?? '';
    if (text !== '') this.#append(text);
    const calls = delta?.tool_calls ?? [];
    for (const call of calls) this.#count(this.#tools.add(call));
    if (delta?.refusal) this.#refused = true;
    if (choice?.finish_reason) this.#finishReason = choice.finish_reason;
    const reported = usage === undefined || usage === null ? false : this.#takeUsage(usage);
    const thought = delta?.refusal || delta?.reasoning_content || delta?.reasoning;
    return text !== '' || calls.length > 0 || Boolean(thought) || Boolean(choice?.finish_reason) || reported;
  }

  /** Hands over the text so far, as far as it is wanted. */
  offer(sink: AnswerSink): void {
    this.#text.offer(sink);
  }

  /** The answer when the stream has ended. Throws AttemptError when it is not a complete one. */
  finish(): ModelAnswer {
    const reason = this.#finishReason;
    if (reason === undefined) {
      throw new MalformedAnswerError('the stream ended without a finish reason');
    }
    const problem = this.#refused ? this.#refusal('refusal') : this.#problemOf(reason);
    if (problem) throw new AttemptError(problem);
    const toolCalls = this.#tools
      .finish()
      .map((call) => ({ ...call, name: this.toolNames.nameOf(call.name) }));
    return {
      text: this.#text.whole,
      ...(toolCalls.length > 0 && { toolCalls }),
      finishReason: reason,
      usage: this.#usage,
      ...(this.#reportedCostNanoUsd === undefined ? {} : { reportedCostNanoUsd: this.#reportedCostNanoUsd }),
    };
  }

  #append(text: string): void {
    this.#count(text);
    this.#text.add(text);
  }

  #count(text: string): void {
    this.#bytes += Buffer.byteLength(text, 'utf8');
    if (this.#bytes > limits.outputBytesMax) {
      const message = `${this.#provider}: the answer is over ${limits.outputBytesMax} bytes`;
      throw new AttemptError(failure('limit', message, false));
    }
  }

  #takeUsage(value: unknown): boolean {
    const parsed = usageSchema.safeParse(value);
    if (!parsed.success) return false;
    const { prompt_tokens: input, completion_tokens: output, total_tokens: total, cost } = parsed.data;
    // Some providers leave the thinking out of completion_tokens but not out of the bill, nor out of the total.
    const outputByTotal = (count.safeParse(total).data ?? 0) - input;
    const consistent = outputByTotal >= output && outputByTotal <= limits.outputTokensMax;
    this.#usage = { inputTokens: input, outputTokens: consistent ? outputByTotal : output };
    if (this.#reportsCost && typeof cost === 'number' && cost <= limits.costUsdMax) {
      this.#reportedCostNanoUsd = nanoUsd(cost);
    }
    return true;
  }

  #problemOf(reason: string): Failure | undefined {
    const word = reason.toLowerCase();
    if (complete.has(word)) return undefined;
    if (toolReasons.has(word) && this.#tools.size > 0) return undefined;
    if (cutShort.has(word)) {
      return failure(
        'truncated',
        `${this.#provider}: the answer was cut at the output limit (${word})`,
        false,
      );
    }
    if (filtered.has(word)) return this.#refusal(word);
    if (word === 'error')
      return failure('overloaded', `${this.#provider}: the provider broke off its answer`, true);
    // Never cut: half a secret would not be recognised where it is taken out.
    const shown = reason.length <= finishReasonCharsMax ? reason : `of ${reason.length} characters`;
    return failure('malformed', `${this.#provider}: unexpected finish reason ${shown}`, true);
  }

  #refusal(word: string): Failure {
    return failure('refused', `${this.#provider}: the provider refused to answer (${word})`, false);
  }
}
