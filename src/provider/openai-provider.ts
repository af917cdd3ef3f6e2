import OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import { AnswerBuilder } from './answer-builder.ts';
import { abortFailure, type AttemptTimeouts, AttemptWatch } from './attempt-watch.ts';
import { boundedFetch } from './bounded-fetch.ts';
import {
  type AnswerSink,
  type ModelAnswer,
  ModelCallError,
  type ModelProvider,
  type ModelRequest,
} from './model-provider.ts';
import type { ProviderConfig } from './provider-config.ts';
import { AttemptError, failureOf, MalformedAnswerError } from './provider-failure.ts';
import { safeCause } from './secret.ts';
import { ToolNames, wireMessages, wireTools } from './tool-message.ts';

const defaultTimeouts: AttemptTimeouts = {
  firstByteMs: limits.firstByteTimeoutMs,
  idleMs: limits.idleTimeoutMs,
  attemptMs: limits.attemptTimeoutMs,
};

/** The library refuses to start without a key, also where none is needed. */
const noKey = 'none';

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * A model behind an OpenAI-compatible Chat Completions endpoint. Always streams, so that a long answer never meets the
 * body timeout of the platform and a stopped one stops costing. One call is one HTTP request: no hidden retry, no
 * redirect, nothing read from the environment of the process. Times run on the given clock.
 */
export class OpenAiProvider implements ModelProvider {
  readonly name: string;
  readonly #config: ProviderConfig;
  readonly #model: string;
  readonly #clock: Clock;
  readonly #timeouts: AttemptTimeouts;
  readonly #client: OpenAI;

  /** `model` is used where a request names none; empty: the provider's default model for work. */
  constructor(config: ProviderConfig, model: string, clock: Clock, timeouts: Partial<AttemptTimeouts> = {}) {
    this.name = config.name;
    this.#config = config;
    this.#model = model === '' ? config.defaultModels.work : model;
    this.#clock = clock;
    this.#timeouts = { ...defaultTimeouts, ...timeouts };
    this.#client = new OpenAI({
      baseURL: config.baseUrl,
      apiKey: config.apiKey?.reveal() ?? noKey,
      // What is left out here the library takes from the environment, and sends to any address.
      organization: null,
      project: null,
      adminAPIKey: null,
      webhookSecret: null,
      maxRetries: 0,
      // Never the first to fire: the library's timer would say less, and it knows no idle stream.
      timeout: 2 * this.#timeouts.attemptMs,
      fetch: boundedFetch,
      logLevel: 'off',
      logger: silent,
    });
  }

  async call(request: ModelRequest, signal: AbortSignal, sink?: AnswerSink): Promise<ModelAnswer> {
    if (signal.aborted) {
      throw new ModelCallError(abortFailure(this.name), { cause: this.#safe(signal.reason) });
    }
    const watch = new AttemptWatch(this.name, this.#timeouts, this.#clock, signal);
    const answer = new AnswerBuilder(
      this.name,
      this.#config.capabilities.reportsCost,
      new ToolNames(request),
    );
    let ended = false;
    try {
      await Promise.race([this.#stream(request, watch, answer, sink), watch.stopped]);
      ended = true;
      return answer.finish();
    } catch (error) {
      const { code } = failureOf(error, this.name, this.#clock.now());
      // The model had finished: what is lost is its usage, and an answer that is paid for is not thrown away for that.
      if (!ended && answer.finished && (code === 'connection' || code === 'timeout')) {
        return this.#finished(answer);
      }
      throw this.#failed(error, answer);
    } finally {
      watch.close(ended);
    }
  }

  #finished(answer: AnswerBuilder): ModelAnswer {
    try {
      return answer.finish();
    } catch (error) {
      throw this.#failed(error, answer);
    }
  }

  async #stream(
    request: ModelRequest,
    watch: AttemptWatch,
    answer: AnswerBuilder,
    sink: AnswerSink | undefined,
  ): Promise<void> {
    const { data, response } = await this.#client.chat.completions
      .create(this.#body(request, answer.toolNames), {
        signal: watch.signal,
        headers: this.#headers(request),
      })
      .withResponse();
    const contentType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (contentType !== 'text/event-stream') {
      throw new MalformedAnswerError(`expected an event stream, found ${contentType ?? 'no content type'}`);
    }
    for await (const frame of data) {
      if (answer.add(frame)) watch.progress();
      // The library's loop also goes on with what it has read, or ends quietly, when the request is aborted.
      if (watch.signal.aborted) await watch.stopped;
      if (sink) answer.offer(sink);
    }
    if (watch.signal.aborted) await watch.stopped;
  }

  #body(request: ModelRequest, names: ToolNames): ChatCompletionCreateParamsStreaming {
    const { streamUsageOption, outputLimitField } = this.#config.capabilities;
    return {
      model: request.model === '' ? this.#model : request.model,
      messages: wireMessages(request.messages, names),
      [outputLimitField]: request.maxOutputTokens,
      stream: true,
      ...(streamUsageOption ? { stream_options: { include_usage: true } } : {}),
      ...this.#responseFormat(request),
      ...wireTools(request, names),
    };
  }

  #responseFormat(request: ModelRequest): Pick<ChatCompletionCreateParamsStreaming, 'response_format'> {
    const { jsonSchema, messages } = request;
    if (!jsonSchema) return {};
    const { structuredOutput } = this.#config.capabilities;
    switch (structuredOutput) {
      case 'json_schema': {
        const { name, schema } = jsonSchema;
        return {
          response_format: {
            type: 'json_schema',
            json_schema: { name, strict: true, schema: { ...schema } },
          },
        };
      }
      case 'json_object':
        // Refused by some where no message speaks of JSON.
        return messages.some(({ content }) => /json/i.test(content))
          ? { response_format: { type: 'json_object' } }
          : {};
      case 'none':
        return {};
    }
    throw new Error(`unknown kind of structured output ${String(structuredOutput)}`);
  }

  #headers(request: ModelRequest): Record<string, string> {
    const headers: Record<string, string> = {
      // Named again, because the library lets an environment variable override it.
      authorization: `Bearer ${this.#config.apiKey?.reveal() ?? noKey}`,
    };
    const trace = {
      'x-attempt-id': request.attemptId,
      traceparent: request.traceparent,
      'x-request-id': request.requestId,
    };
    for (const [name, value] of Object.entries(trace)) {
      // A value that cannot stand in a header must not cost the call.
      if (value !== undefined && /^[\x21-\x7e]{1,512}$/.test(value)) headers[name] = value;
    }
    return headers;
  }

  #failed(error: unknown, answer: AnswerBuilder): ModelCallError {
    const reason = failureOf(error, this.name, this.#clock.now(), this.#config.apiKey);
    const cause = error instanceof AttemptError ? error.cause : error;
    return new ModelCallError(reason, {
      usage: answer.usage,
      ...(cause === undefined ? {} : { cause: this.#safe(cause) }),
    });
  }

  #safe(cause: unknown): unknown {
    return safeCause(cause, this.#config.apiKey);
  }
}
