import type { ProgressReader, ProgressUpdate } from '../../src/engine/progress-reader.ts';
import { attemptId, type WorkflowKey } from '../../src/workflow/id.ts';
import { isActive, type WorkflowState } from '../../src/workflow/state.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { streamedText } from './streamed-text.ts';
import { must } from './violation.ts';
import type { World } from './world.ts';

/** What one node told of an agent last. */
interface Told {
  readonly turn: number;
  readonly attempt: number;
  /** Bytes of the attempt's text. */
  readonly bytes: number;
}

/** Listens to what agents do and write at one node, and holds it against the log as far as the listener has read it. */
export class ProgressCheck {
  readonly node: SimulatedNode;
  readonly #world: World;
  readonly #key: WorkflowKey;
  readonly #reader: ProgressReader;
  readonly #told = new Map<string, Told>();
  /** The log as far as it was read; undefined: there may be more to read first. */
  #state: WorkflowState | undefined;

  constructor(world: World, key: WorkflowKey, node: SimulatedNode) {
    this.node = node;
    this.#world = world;
    this.#key = key;
    this.#reader = node.service.progress(key, () => this.#take());
  }

  /** The log was read up to here, and there is no more for now. */
  begin(state: WorkflowState | undefined): void {
    this.#state = state;
    this.#take();
  }

  pause(): void {
    this.#state = undefined;
  }

  close(): void {
    this.pause();
    this.#reader.close();
  }

  #take(): void {
    const state = this.#state;
    if (!state) return;
    this.#world.guard(() => {
      for (let update = this.#reader.next(state.sequence); update; update = this.#reader.next(state.sequence))
        this.#check(update, state);
    });
  }

  #check(update: ProgressUpdate, state: WorkflowState): void {
    const { agentId, turn, attempt, type } = update;
    const about = attemptId(this.#key.workflowId, agentId, turn, attempt);
    const agent = state.agents.get(agentId);
    must(
      agent !== undefined && isActive(agent) && agent.turns.length === turn,
      () => `progress: ${type} of ${about} at sequence ${state.sequence}, whose agent is not in that turn`,
    );
    const expected = agent?.openCall?.attempt ?? (agent?.attempt ?? 0) + 1;
    must(attempt === expected, () => `progress: ${type} of ${about}, expected attempt ${expected}`);
    const told = this.#told.get(agentId);
    const again = told?.turn === turn && told.attempt < attempt;
    must(
      again === (type === 'roll_back'),
      () => `progress: ${type} of ${about} after attempt ${told?.attempt}`,
    );
    const bytes = told?.turn === turn && told.attempt === attempt ? told.bytes : 0;
    this.#told.set(agentId, { turn, attempt, bytes });
    if (type === 'roll_back') this.#world.coverage.fault('client: is told that an attempt is rolled back');
    if (type !== 'delta') return;
    this.#world.coverage.fault('client: hears an agent write');
    const { offset, text } = update;
    must(agent?.openCall !== undefined, () => `progress: ${about} writes and is not open`);
    must(offset >= bytes, () => `progress: ${about} is told from ${offset} after ${bytes}`);
    const end = offset + Buffer.byteLength(text);
    const whole = Buffer.from(streamedText(about)).subarray(offset, end).toString();
    must(whole === text, () => `progress: ${about} at ${offset} is told as ${JSON.stringify(text)}`);
    this.#told.set(agentId, { turn, attempt, bytes: end });
  }
}
