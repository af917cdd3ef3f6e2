import { ApplicationError } from '../engine/application-error.ts';
import { limits } from '../workflow/limits.ts';

/** Calls that last as long as a workflow; a shutdown has to end them, for they would not end in time. */
export class OpenCalls {
  readonly #controllers = new Set<AbortController>();
  #shutdown: ApplicationError | undefined;

  get count(): number {
    return this.#controllers.size;
  }

  /** Answers what takes the call out again. */
  add(controller: AbortController): () => void {
    if (this.#shutdown) controller.abort(this.#shutdown);
    this.#controllers.add(controller);
    return () => void this.#controllers.delete(controller);
  }

  /** Ends every open call, and every later one at once, with an error that says: try again elsewhere or later. */
  shutDown(): void {
    this.#shutdown ??= new ApplicationError('unavailable', 'the server is shutting down', {
      reason: 'SHUTTING_DOWN',
      retryDelayMs: limits.startRetryDelayMs,
    });
    for (const controller of this.#controllers) controller.abort(this.#shutdown);
  }
}
