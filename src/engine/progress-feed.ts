import type { Clock } from '../clock/clock.ts';
import type { AnswerSink } from '../provider/model-provider.ts';
import { keyText, type WorkflowKey } from '../workflow/id.ts';
import type { OpenCall, WorkflowState } from '../workflow/state.ts';
import { type AgentStanding, standingsOf } from './agent-standing.ts';
import { ProgressReader, type ProgressSource } from './progress-reader.ts';
import type { WrittenText } from './written-text.ts';

/**
 * What agents write and do between two events, for those who ask for it. Nothing of it is stored, and nothing is kept, or
 * even handed over by a provider, for a workflow that nobody follows. One per process.
 */
export class ProgressFeed {
  readonly #clock: Clock;
  readonly #boards = new Map<string, ProgressBoard>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Workflows that are followed. */
  get followedCount(): number {
    return this.#boards.size;
  }

  /**
   * A reader of the workflow, from now on and until it is closed. `state` is what it stands at; undefined: no process
   * carries it, and what comes begins with its next event.
   */
  follow(key: WorkflowKey, state: WorkflowState | undefined, ready: () => void): ProgressReader {
    const id = keyText(key);
    const board = this.#boards.get(id) ?? new ProgressBoard();
    this.#boards.set(id, board);
    if (state) board.update(state);
    const reader = new ProgressReader(board, this.#clock, ready, (left) => {
      board.readers.delete(left);
      if (board.readers.size === 0 && this.#boards.get(id) === board) this.#boards.delete(id);
    });
    board.readers.add(reader);
    return reader;
  }

  /** The state is durable. Comes before the calls begin that it tells of. */
  committed(state: WorkflowState): void {
    if (this.#boards.size === 0) return;
    this.#boards.get(keyText(state))?.update(state);
  }

  /** For one model call: takes what it writes. */
  sink(key: WorkflowKey, agentId: string, call: OpenCall): CallSink {
    return new CallSink(this.#boards, key, agentId, call);
  }
}

/** One followed workflow. */
class ProgressBoard implements ProgressSource {
  sequence = 0;
  standings: ReadonlyMap<string, AgentStanding> = new Map();
  readonly readers = new Set<ProgressReader>();

  update(state: WorkflowState): void {
    this.sequence = state.sequence;
    this.standings = standingsOf(state, this.standings);
    this.changed();
  }

  changed(): void {
    for (const reader of this.readers) reader.changed();
  }
}

/** Takes the text of one attempt for as long as its call lasts. */
export class CallSink implements AnswerSink {
  readonly #boards: ReadonlyMap<string, ProgressBoard>;
  readonly #key: WorkflowKey;
  readonly #agentId: string;
  readonly #call: OpenCall;
  #open = true;

  constructor(boards: ReadonlyMap<string, ProgressBoard>, key: WorkflowKey, agentId: string, call: OpenCall) {
    this.#boards = boards;
    this.#key = key;
    this.#agentId = agentId;
    this.#call = call;
  }

  get position(): number | undefined {
    return this.#text(this.#board)?.end;
  }

  add(text: string): void {
    const board = this.#board;
    const written = this.#text(board);
    if (!board || !written) return;
    written.add(text);
    board.changed();
  }

  /** The call has ended or is being stopped: nothing it still says counts. */
  close(): void {
    this.#open = false;
  }

  get #board(): ProgressBoard | undefined {
    return this.#boards.size === 0 ? undefined : this.#boards.get(keyText(this.#key));
  }

  #text(board: ProgressBoard | undefined): WrittenText | undefined {
    if (!this.#open) return undefined;
    const standing = board?.standings.get(this.#agentId);
    const { turn, attempt } = this.#call;
    return standing?.turn === turn && standing.attempt === attempt ? standing.text : undefined;
  }
}
