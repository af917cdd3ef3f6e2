import type { Progress__Output } from '../gen/orchestrator/v1/Progress.ts';
import type { WorkflowEvent__Output } from '../gen/orchestrator/v1/WorkflowEvent.ts';

/** What an agent is writing, as far as it was heard. */
export interface AgentText {
  readonly turn: number;
  readonly attempt: number;
  /** The end of it, without a gap. */
  readonly tail: string;
  /** Bytes of UTF-8 of the whole text up to here. */
  readonly bytes: number;
}

/** Puts the texts of a workflow's agents together from messages of progress; of each the last `tailCharsMax` are kept. */
export class AgentTexts {
  readonly #tailCharsMax: number;
  readonly #texts = new Map<string, AgentText>();

  constructor(tailCharsMax: number) {
    this.#tailCharsMax = tailCharsMax;
  }

  /** Texts of attempts under way by agent id; an agent that has written nothing has none. */
  get all(): ReadonlyMap<string, AgentText> {
    return this.#texts;
  }

  progress({ agentId, turn, attempt, delta }: Progress__Output): void {
    const known = this.#texts.get(agentId);
    const text = known?.turn === turn && known.attempt === attempt ? known : undefined;
    if (!delta) {
      if (!text) this.#texts.delete(agentId);
      return;
    }
    const offset = Number(delta.offset);
    const before = text?.bytes === offset ? text.tail : '';
    this.#texts.set(agentId, {
      turn,
      attempt,
      tail: tailOf(before + delta.text, this.#tailCharsMax),
      bytes: offset + Buffer.byteLength(delta.text, 'utf8'),
    });
  }

  /** An answer that is in the log is not being written any more. */
  event({ type, agentId }: WorkflowEvent__Output): void {
    if (type === 'model_call_ended') this.#texts.delete(agentId);
  }
}

/** The end of a text, never beginning in the middle of a character. */
function tailOf(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const tail = text.slice(-charsMax);
  return /^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail;
}
