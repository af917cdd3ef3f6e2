import type { Entry } from './ledger.ts';

/** What the simulator does with one request. Plain data, so that it can be sent to a simulator in another process. */
export type Behaviour =
  | {
      readonly kind: 'answer';
      /** Default: the default responder's text. */
      readonly text?: string;
      /** Tools the model asks for, under the names they have on the wire; each in two pieces. */
      readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[];
      /** Default `stop`, or `tool_calls` where it asks for tools; null: the stream ends without any. */
      readonly finishReason?: string | null;
      /** Default: counted from the lengths; null: none is sent. */
      readonly usage?: { readonly inputTokens: number; readonly outputTokens: number } | null;
      /** Sent as `usage.cost`. */
      readonly costUsd?: number;
      /** Into how many deltas the text is cut; default 3. */
      readonly deltas?: number;
      /** Real waiting before the headers, ms. */
      readonly delayMs?: number;
      /** Real waiting before each delta, ms: a slow drip. */
      readonly dripMs?: number;
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      /** As it stands in the header: seconds or a date. */
      readonly retryAfter?: string;
      readonly retryAfterMs?: string;
      /** Default: an error body as OpenAI sends it. */
      readonly body?: string;
      readonly contentType?: string;
      readonly location?: string;
    }
  /** The socket stays open: nothing at all, headers only, two deltas, or these and the finish reason, and then nothing. */
  | { readonly kind: 'hang'; readonly at: 'before headers' | 'after headers' | 'mid stream' | 'after finish' }
  /** Headers, then comments or empty deltas for ever, one each `everyMs` (default 5). */
  | { readonly kind: 'keepAlive'; readonly everyMs?: number; readonly emptyDeltas?: boolean }
  /** The socket is destroyed. */
  | { readonly kind: 'reset'; readonly at: 'before headers' | 'after headers' | 'mid stream' }
  /** Two deltas, then a clean end of the stream without finish reason and `[DONE]`. */
  | { readonly kind: 'cut' }
  /** A frame that is no JSON; `quoting` is put into it. */
  | { readonly kind: 'garbage'; readonly quoting?: string }
  /** A frame of JSON that is no completion chunk. */
  | { readonly kind: 'wrongShape' }
  /** Status 200 with a page. */
  | { readonly kind: 'html' }
  /** Status 200 with a JSON text that stops in the middle, as JSON or inside a stream. */
  | { readonly kind: 'truncatedJson'; readonly inStream?: boolean }
  /** An error object inside a stream that began well. */
  | { readonly kind: 'errorFrame'; readonly code: string | number; readonly message?: string }
  /** Text without end, until the reader goes away or `bytes` are sent. `oneLine`: without any line break. */
  | { readonly kind: 'huge'; readonly bytes: number; readonly oneLine?: boolean };

/** Which requests are meant; every member given must fit. */
export interface Match {
  readonly attemptId?: string;
  /** The attempt id contains this text, for example a workflow id. */
  readonly attemptIdIncludes?: string;
  /** `planner`, `researcher`, `synthesizer`, `executive`, `final`, ... from the attempt id. */
  readonly role?: string;
  readonly model?: string;
  /** The nth request that this rule's other members fit, from 1. */
  readonly nth?: number;
}

export interface Rule {
  readonly match?: Match;
  readonly behaviour: Behaviour;
  /** How often the rule is used; default: always. */
  readonly times?: number;
}

/** The role in `<workflow>/<role>[/<index>]/<turn>/<attempt>`. */
export function roleOf(attemptId: string): string {
  return attemptId.split('/')[1] ?? '';
}

/** Whether the members that concern the request itself fit; `nth` is counted by the simulator. */
export function fits(match: Match, entry: Entry): boolean {
  return (
    (match.attemptId === undefined || match.attemptId === entry.attemptId) &&
    (match.attemptIdIncludes === undefined || entry.attemptId.includes(match.attemptIdIncludes)) &&
    (match.role === undefined || match.role === roleOf(entry.attemptId)) &&
    (match.model === undefined || match.model === entry.model)
  );
}
