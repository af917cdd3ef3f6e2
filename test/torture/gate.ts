import { status as Code, type ServiceError } from '@grpc/grpc-js';
import type { Session } from '../e2e/session.ts';

/** What a client hears when the server dies, stops, or takes nothing at the moment. */
const passing: ReadonlySet<Code> = new Set([Code.UNAVAILABLE, Code.CANCELLED]);

/** The server as its clients see it: there, or gone until its next process listens. */
export class Gate {
  #session: Session | undefined;
  #life = 0;
  #next = Promise.withResolvers<void>();

  /** A process listens. */
  open(session: Session): void {
    this.#session = session;
    this.#life++;
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
  }

  /** The process is gone or going. */
  shut(): void {
    this.#session = undefined;
  }

  /** Asks until there is an answer, in one life of the server or a later one. Rejects with what is no passing failure. */
  async ask<T>(question: (session: Session) => Promise<T>): Promise<T> {
    let asked = 0;
    for (;;) {
      while (this.#session === undefined || this.#life === asked) await this.#next.promise;
      const session = this.#session;
      asked = this.#life;
      try {
        return await question(session);
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
    }
  }
}

export function isPassing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && passing.has((error as ServiceError).code);
}
