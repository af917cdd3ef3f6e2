import { failure } from '../workflow/failure.ts';
import { AnswerText } from './answer-text.ts';
import {
  type AnswerSink,
  type ModelAnswer,
  ModelCallError,
  type ModelProvider,
  type ModelRequest,
} from './model-provider.ts';
import { offlineAnswer } from './offline-answer.ts';
import { offlineAssignment } from './offline-assignment.ts';
import { offlinePlan } from './offline-plan.ts';
import { offlineSynthesis } from './offline-synthesis.ts';
import { offlineToolCall } from './offline-tools.ts';

/**
 * Answers without a model: extracts from the passages and findings of the request's brief. No network, no key, no cost,
 * and the same request always gives the same bytes. What it quotes stands in the given text letter by letter, and it
 * cites only handles that it was given. It says so when the documents do not answer. Where it is offered the tools of
 * the documents it searches and reads on before it answers.
 *
 * Usage is rough: UTF-8 bytes over four, rounded up. An answer that cannot be made short enough for the request's
 * output maximum is none, as with every provider: the call fails as truncated and costs all the output it might have.
 */
export class OfflineProvider implements ModelProvider {
  readonly name = 'offline';

  async call(request: ModelRequest, signal: AbortSignal, sink?: AnswerSink): Promise<ModelAnswer> {
    refuseAborted(signal);
    const inputTokens = request.messages.reduce((sum, { content }) => sum + tokensIn(content), 0);
    const asked = offlineToolCall(request);
    if (asked) {
      const usage = { inputTokens, outputTokens: tokensIn(asked.arguments) };
      return { text: '', toolCalls: [asked], finishReason: 'tool_calls', usage };
    }
    const bytesMax = request.maxOutputTokens * bytesPerToken;
    const text = textFor(
      request,
      (candidate) => Buffer.byteLength(candidate, 'utf8') <= bytesMax,
    ).toWellFormed();
    refuseAborted(signal);
    if (Buffer.byteLength(text, 'utf8') > bytesMax) {
      throw new ModelCallError(failure('truncated', 'offline: the answer was cut at the output limit'), {
        usage: { inputTokens, outputTokens: request.maxOutputTokens },
      });
    }
    if (sink) recite(text, sink);
    return { text, finishReason: 'stop', usage: { inputTokens, outputTokens: tokensIn(text) } };
  }
}

const bytesPerToken = 4;

/** Parts in which an answer is handed to whoever follows it. */
const recitedParts = 4;

function recite(text: string, sink: AnswerSink): void {
  const written = new AnswerText();
  const size = Math.ceil(text.length / recitedParts);
  for (let start = 0; start < text.length; start += size) {
    written.add(text.slice(start, start + size));
    written.offer(sink);
  }
}

const tokensIn = (text: string): number => Math.ceil(Buffer.byteLength(text, 'utf8') / bytesPerToken);

function textFor({ brief }: ModelRequest, fits: (text: string) => boolean): string {
  switch (brief.kind) {
    case 'plan':
      return offlinePlan(brief, fits);
    case 'answer':
      return offlineAnswer(brief, fits);
    case 'synthesise':
      return offlineSynthesis(brief, fits);
    case 'assignment':
      return offlineAssignment(brief, fits);
  }
}

function refuseAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new ModelCallError(failure('aborted', 'offline: the call was stopped'), { cause: signal.reason });
}
