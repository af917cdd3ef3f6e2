import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Behaviour, Match, Rule } from './behaviour.ts';
import type { Entry } from './ledger.ts';

/** A simulator that outlives a process under test: the same one, in a process of its own. */
export class SimulatorProcess {
  readonly baseUrl: string;
  readonly #origin: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, addresses: { baseUrl: string; origin: string }) {
    this.#child = child;
    this.baseUrl = addresses.baseUrl;
    this.#origin = addresses.origin;
  }

  static async start(): Promise<SimulatorProcess> {
    const file = new URL('main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [file, '--until-stdin-ends'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error('the simulator process ended at once'))),
    ])) as [string];
    lines.close();
    return new SimulatorProcess(child, JSON.parse(line) as { baseUrl: string; origin: string });
  }

  /** All requests so far; with `arrived` or `answered` as soon as there are that many. */
  async ledger(
    wanted: { readonly arrived?: number; readonly answered?: number } = {},
  ): Promise<readonly Entry[]> {
    const query = new URLSearchParams(Object.entries(wanted).map(([name, count]) => [name, String(count)]));
    const response = await fetch(`${this.#origin}/ledger?${query.toString()}`);
    return (await response.json()) as readonly Entry[];
  }

  async script(...rules: readonly Rule[]): Promise<void> {
    await this.#post('script', rules);
  }

  async otherwise(behaviour: Behaviour): Promise<void> {
    await this.#post('otherwise', behaviour);
  }

  /** Stops matching requests until `release` of the returned id. */
  async hold(match: Match = {}, at: 'headers' | 'middle' = 'headers'): Promise<number> {
    const { id } = (await this.#post('hold', { match, at })) as { id: number };
    return id;
  }

  async release(id: number, attemptId?: string): Promise<void> {
    await this.#post('release', { id, attemptId });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await ended;
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${this.#origin}/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`the simulator refused ${path}: ${response.status}`);
    return response.json();
  }
}
