import { createRequire } from 'node:module';
import type * as LogUpdate from 'log-update';
import type { AgentText } from '../client/agent-texts.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import type { Workflow__Output } from '../gen/orchestrator/v1/Workflow.ts';
import { limits } from '../workflow/limits.ts';
import type { Output } from './output.ts';
import { workflowFrame } from './workflow-frame.ts';

const columnsDefault = 80;
const rowsDefault = 24;
const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';

/**
 * One workflow in a terminal, redrawn every `limits.redrawMs` so that times run. It asks for the workflow as it stands
 * after news, and every `limits.lookAgainMs` because what a workflow waits for is no event; never twice at once.
 */
export class LiveView {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #look: () => Promise<Workflow__Output>;
  readonly #draw: ReturnType<typeof LogUpdate.createLogUpdate>;
  readonly #texts: ReadonlyMap<string, AgentText>;
  #timer: Timer | undefined;
  #ended = false;
  #workflow: Workflow__Output | undefined;
  #notice: string | undefined;
  #stale = true;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  /**
   * `look` fetches the workflow; its failures are shown nowhere, for the watch beside it has the same ones. `texts` is
   * what agents are writing, by agent id, at any time.
   */
  constructor(
    output: Output,
    clock: Clock,
    look: () => Promise<Workflow__Output>,
    texts: ReadonlyMap<string, AgentText>,
  ) {
    this.#texts = texts;
    this.#output = output;
    this.#clock = clock;
    this.#look = look;
    // The cursor is ours: the library would install a handler of its own for the end of the process.
    this.#draw = logUpdate().createLogUpdate(output.stdout, { showCursor: true });
  }

  /** Draws until `stop`. */
  start(): void {
    this.#output.stdout.write(hideCursor);
    this.#tick();
  }

  /** There is news: the workflow is asked for at the next tick. */
  changed(): void {
    this.#stale = true;
  }

  /** Shown under the tree until the server answers again. */
  notice(text: string): void {
    this.#notice = text;
  }

  /** Draws the last frame, of the workflow if one is given, and leaves it on the screen. */
  stop(last?: Workflow__Output): void {
    this.#ended = true;
    this.#timer?.cancel();
    if (last) this.#workflow = last;
    this.#redraw();
    this.#draw.done();
    this.#output.stdout.write(showCursor);
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    if (!this.#looking && (this.#stale || now - this.#lookedAt >= limits.lookAgainMs)) {
      this.#stale = false;
      this.#lookedAt = now;
      this.#looking = this.#look()
        .then(
          (workflow) => {
            if (this.#ended) return;
            this.#workflow = workflow;
            // Whoever answers is connected.
            this.#notice = undefined;
          },
          () => {},
        )
        .finally(() => {
          this.#looking = undefined;
        });
    }
    this.#redraw();
    this.#timer = this.#clock.after(limits.redrawMs, () => this.#tick());
  }

  #redraw(): void {
    if (!this.#workflow) return;
    const { stdout, paint } = this.#output;
    this.#draw(
      workflowFrame(this.#workflow, {
        now: this.#clock.now(),
        columns: stdout.columns ?? columnsDefault,
        // The last line of the terminal stays free for the cursor.
        rows: (stdout.rows ?? rowsDefault) - 1,
        paint,
        notice: this.#notice,
        texts: this.#texts,
      }),
    );
  }
}

/** Loaded for the reader of a terminal only; a server never draws. */
function logUpdate(): typeof LogUpdate {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package's own types
  return createRequire(import.meta.url)('log-update') as typeof LogUpdate;
}
