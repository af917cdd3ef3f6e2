import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Clock } from '../clock/clock.ts';
import type { Application } from '../engine/application.ts';
import { limits } from '../workflow/limits.ts';
import type { Logger } from '../workflow/logger.ts';
import { catalogServiceName, workflowServiceName } from './definition.ts';

const names = ['', workflowServiceName, catalogServiceName];

/** grpc.health.v1: NOT_SERVING while the application drains or cannot reach its store, looked up every few seconds. */
export class Health {
  readonly #application: Application;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #implementation = new HealthImplementation(
    Object.fromEntries(names.map((name) => [name, 'NOT_SERVING'])),
  );
  readonly #stopped = new AbortController();
  #serving = false;
  #loop: Promise<void> | undefined;

  constructor(application: Application, clock: Clock, logger: Logger) {
    this.#application = application;
    this.#clock = clock;
    this.#logger = logger;
  }

  addTo(server: Server): void {
    this.#implementation.addToServer(server);
  }

  /** Resolves after the first look, or when `stop` comes first. */
  async start(): Promise<void> {
    await this.#look();
    this.#loop = this.#lookAgain();
  }

  /** NOT_SERVING from now on; waits for no look that is under way. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the server stops'));
    this.#set(false);
    await this.#loop;
  }

  async #lookAgain(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      // Rejects only when the server stops.
      await this.#clock.sleep(limits.healthCheckMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.#look();
    }
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopped;
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    const onAbort = (): void => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      // A store that hangs would not let the server stop.
      await Promise.race([this.#application.check(), stopped]);
      this.#set(!this.#application.draining);
    } catch (error) {
      if (this.#serving && !signal.aborted) {
        this.#logger.warn({ error }, 'health: the application cannot serve');
      }
      this.#set(false);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #set(serving: boolean): void {
    this.#serving = serving && !this.#stopped.signal.aborted;
    for (const name of names) this.#implementation.setStatus(name, this.#serving ? 'SERVING' : 'NOT_SERVING');
  }
}
