import type { Clock, Timer } from '../clock/clock.ts';
import type { Failure } from '../workflow/failure.ts';
import { limits } from '../workflow/limits.ts';
import type { Activity, AgentStanding } from './agent-standing.ts';
import { type TextPosition, textStart } from './written-text.ts';

/** One piece of news about an agent. What it concerns is named by agent, turn and attempt. */
export type ProgressUpdate = {
  readonly agentId: string;
  readonly turn: number;
  readonly attempt: number;
} & (
  | {
      readonly type: 'delta';
      /** Bytes of UTF-8 of this attempt's text that stand before it. */
      readonly offset: number;
      readonly text: string;
    }
  /** What an earlier attempt of the turn wrote is void. */
  | { readonly type: 'roll_back'; readonly cause: Failure | undefined }
  | { readonly type: 'activity'; readonly activity: Activity }
);

/** The workflow as it stands, shared by its readers. */
export interface ProgressSource {
  /** Last event that is in it; 0: nothing is known yet. */
  readonly sequence: number;
  readonly standings: ReadonlyMap<string, AgentStanding>;
}

/** What a reader was told of an agent. */
interface Told {
  readonly turn: number;
  readonly attempt: number;
  readonly activity: Activity | undefined;
  readonly position: TextPosition;
}

/**
 * One reader of one workflow's progress. Nothing is queued for it: it knows what it has told, and what it tells next is
 * the difference to what is now. So a slow reader costs nothing and hears less.
 */
export class ProgressReader {
  readonly #source: ProgressSource;
  readonly #clock: Clock;
  readonly #ready: () => void;
  readonly #leave: () => void;
  readonly #told = new Map<string, Told>();
  /** Agents whose text is told in this round; each agent has one delta a round. */
  readonly #round = new Set<string>();
  #roundTime = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;

  /** `ready` is called when there may be something new, at most every `limits.progressIntervalMs` or so. */
  constructor(
    source: ProgressSource,
    clock: Clock,
    ready: () => void,
    leave: (reader: ProgressReader) => void,
  ) {
    this.#source = source;
    this.#clock = clock;
    this.#ready = ready;
    this.#leave = () => leave(this);
  }

  /**
   * What to tell a reader that has the log up to a sequence; undefined: nothing now, `ready` says when to ask again. Nothing
   * either while the two differ: progress is about the attempts that are open as far as the reader knows.
   */
  next(sequence: number): ProgressUpdate | undefined {
    if (this.#source.sequence !== sequence) return undefined;
    const { standings } = this.#source;
    for (const agentId of this.#told.keys()) if (!standings.has(agentId)) this.#told.delete(agentId);
    for (const standing of standings.values()) {
      const change = this.#change(standing);
      if (change) return change;
    }
    this.#beginRound();
    for (const agentId of this.#round) {
      this.#round.delete(agentId);
      const delta = this.#delta(agentId);
      if (delta) return delta;
    }
    if (this.#behind().length > 0) this.changed();
    return undefined;
  }

  /** There is news. */
  changed(): void {
    if (this.#timer) return;
    const waitMs = Math.max(0, this.#roundTime + limits.progressIntervalMs - this.#clock.monotonic());
    this.#timer = this.#clock.after(waitMs, () => {
      this.#timer = undefined;
      this.#ready();
    });
  }

  /** May be called twice. */
  close(): void {
    this.#timer?.cancel();
    this.#leave();
  }

  /** A new attempt or another activity. */
  #change({ agentId, turn, attempt, activity, lastFailure }: AgentStanding): ProgressUpdate | undefined {
    const told = this.#told.get(agentId);
    if (told?.turn !== turn || told.attempt !== attempt) {
      this.#told.set(agentId, { turn, attempt, activity: undefined, position: textStart });
      if (told?.turn === turn) return { type: 'roll_back', agentId, turn, attempt, cause: lastFailure };
    }
    const now = this.#told.get(agentId);
    if (!now || now.activity === activity) return undefined;
    this.#told.set(agentId, { ...now, activity });
    return { type: 'activity', agentId, turn, attempt, activity };
  }

  #beginRound(): void {
    const now = this.#clock.monotonic();
    if (now < this.#roundTime + limits.progressIntervalMs) return;
    // Who still waits for the round before keeps its place.
    for (const agentId of this.#behind()) this.#round.add(agentId);
    if (this.#round.size > 0) this.#roundTime = now;
  }

  /** Agents with text that was not told. */
  #behind(): readonly string[] {
    const behind: string[] = [];
    for (const { agentId, text } of this.#source.standings.values()) {
      const told = this.#told.get(agentId);
      if (told && text?.goesBeyond(told.position)) behind.push(agentId);
    }
    return behind;
  }

  #delta(agentId: string): ProgressUpdate | undefined {
    const told = this.#told.get(agentId);
    const stretch = told && this.#source.standings.get(agentId)?.text?.after(told.position);
    if (!stretch) return undefined;
    const { turn, attempt } = told;
    this.#told.set(agentId, { ...told, position: stretch.end });
    return { type: 'delta', agentId, turn, attempt, offset: stretch.start.bytes, text: stretch.text };
  }
}
