import { RealClock } from '../../src/clock/real-clock.ts';
import { OrchestratorClient } from '../../src/client/orchestrator-client.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { silentLogger } from '../../src/workflow/logger.ts';
import { FakeApplication } from '../grpc/fake-application.ts';

/** A server that may go away and come back on the same port, with the same logs behind it. */
export class RestartableServer {
  readonly application = new FakeApplication(new RealClock());
  #server: GrpcServer | undefined;
  #port = 0;

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const dependencies = { clock: new RealClock(), logger: silentLogger, version: 'test' };
    this.#server = new GrpcServer(this.application, dependencies);
    this.#port = await this.#server.start({ host: '127.0.0.1', port: this.#port });
  }

  async stop(): Promise<void> {
    await this.#server?.stop(0);
    this.#server = undefined;
  }

  client(): OrchestratorClient {
    return new OrchestratorClient({ address: this.address, clock: new RealClock() });
  }
}

export const task = 'What is known about tides?';
