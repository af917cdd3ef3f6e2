import type { EventOf } from './event.ts';
import { clip, type Failure } from './failure.ts';
import { limits } from './limits.ts';
import { contentOf, type AgentState } from './state.ts';

// What came of an agent, in one word. Only `answered` ones count as successful: whatever kept an agent from an answer
// must never be read as one.

/**
 * - answered: its text answers its part.
 * - abstained: it says that it could not find out; an honest result, neither a success nor a failure.
 * - refused: the model or the provider's filter refused.
 * - truncated: the answer was cut at the output limit.
 * - infrastructure_failure: anything else that kept it from an answer: the provider, the way there, time, a budget, a
 *   tool, or an answer that could not be read.
 */
export type Outcome = 'answered' | 'abstained' | 'refused' | 'truncated' | 'infrastructure_failure';

export function outcomeOfFailure({ code }: Failure): Outcome {
  return code === 'refused' || code === 'truncated' ? code : 'infrastructure_failure';
}

/** A completion that does not say otherwise is an answer: logs of before abstentions had a name hold no others. */
export const outcomeOfCompletion = ({ outcome }: EventOf<'agent_completed'>): Outcome =>
  outcome ?? 'answered';

/** Undefined: the agent has not ended by itself. */
export function outcomeOf({ completion, failure }: AgentState): Outcome | undefined {
  if (completion) return outcomeOfCompletion(completion);
  return failure && outcomeOfFailure(failure);
}

/** How an agent says on its first line that it found nothing out; models set such a line in bold or as a heading. */
const abstention = /^[\s#*_>`]*NO ANSWER[*_`]*\s*:[ \t*_`]*([^\n]*)/u;

/** Why the text is no answer, if it says so on its first line. */
export function abstentionOf(text: string): string | undefined {
  const reason = abstention.exec(text)?.[1]?.replaceAll(/[*_`\s]+$/gu, '');
  if (reason === undefined) return undefined;
  return reason === '' ? 'no reason given' : clip(reason, limits.abstentionCharsMax);
}

/** Why an agent that abstained did. */
export const abstentionReason = (agent: AgentState): string =>
  abstentionOf(contentOf(agent) ?? '') ?? 'no reason given';
