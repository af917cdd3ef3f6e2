import type { Application } from '../engine/application.ts';
import type { ProgressReader, ProgressUpdate } from '../engine/progress-reader.ts';
import type { _orchestrator_v1_Progress_Activity__Input as Activity__Input } from '../gen/orchestrator/v1/Progress.ts';
import type { Progress__Input } from '../gen/orchestrator/v1/Progress.ts';
import type { WatchWorkflowResponse__Input } from '../gen/orchestrator/v1/WatchWorkflowResponse.ts';
import type { WorkflowKey } from '../workflow/id.ts';
import { optionalFailure } from './part-message.ts';

/**
 * Sends one watcher what agents write and do, while its log reader has nothing to send. One message at a time is under
 * way, and nothing waits for it; what comes meanwhile is in the next one, or dropped.
 */
export class ProgressSender {
  readonly #reader: ProgressReader;
  readonly #send: (message: WatchWorkflowResponse__Input) => Promise<void>;
  /** Where the log reader waits; undefined: it does not. */
  #sequence: number | undefined;
  #busy = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    application: Application,
    key: WorkflowKey,
    send: (message: WatchWorkflowResponse__Input) => Promise<void>,
  ) {
    this.#send = send;
    this.#reader = application.progress(key, () => this.#pump());
  }

  /** The client has not taken the last message yet. */
  get busy(): boolean {
    return this.#busy;
  }

  /** The client has the log up to this sequence and nothing else is to be sent. */
  begin(sequence: number): void {
    this.#sequence = sequence;
    this.#pump();
  }

  /** The log comes first. Throws what a message failed with. */
  pause(): void {
    this.#sequence = undefined;
    if (this.#failure) throw this.#failure.error;
  }

  close(): void {
    this.#sequence = undefined;
    this.#reader.close();
  }

  #pump(): void {
    if (this.#sequence === undefined || this.#busy || this.#failure) return;
    const update = this.#reader.next(this.#sequence);
    if (!update) return;
    this.#busy = true;
    this.#send({ progress: progressMessage(update) }).then(
      () => {
        this.#busy = false;
        this.#pump();
      },
      // The call is over, or the message is a defect: the log reader hears of the one and reports the other.
      (error: unknown) => {
        this.#failure = { error };
      },
    );
  }
}

const activities: Readonly<
  Record<Extract<ProgressUpdate, { type: 'activity' }>['activity'], Activity__Input>
> = {
  waiting: 'ACTIVITY_WAITING',
  calling: 'ACTIVITY_CALLING',
  backing_off: 'ACTIVITY_BACKING_OFF',
};

function progressMessage(update: ProgressUpdate): Progress__Input {
  const { agentId, turn, attempt } = update;
  const about = { agentId, turn, attempt };
  switch (update.type) {
    case 'delta':
      return { ...about, delta: { offset: update.offset, text: update.text } };
    case 'roll_back':
      return { ...about, rollBack: { cause: optionalFailure(update.cause) } };
    case 'activity':
      return { ...about, activity: activities[update.activity] };
  }
}
