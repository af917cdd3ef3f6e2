import type { DocumentRenderer } from '../../src/document/document-renderer.ts';
import type { CommitObserver } from '../../src/engine/commit-observer.ts';
import { defaultTenant, keyText } from '../../src/workflow/id.ts';
import { silentLogger, type LogFields, type Logger } from '../../src/workflow/logger.ts';
import { Coverage } from './coverage.ts';
import type { Dice } from './dice.ts';
import { Disk } from './disk.ts';
import { profileOf, type Profile } from './profile.ts';
import { SimulatedNode } from './simulated-node.ts';
import { SimulatedProvider } from './simulated-provider.ts';
import { SimulatedTools } from './simulated-tools.ts';
import { Timeline } from './timeline.ts';
import { must, Violation } from './violation.ts';

const startTime = Date.UTC(2026, 0, 1);
const rebootMsMin = 200;
const rebootMsMax = 8_000;
/** A node that could not start tries again after this long. */
const bootAgainMs = 1_000;
/** Lines that tell of a defect. */
const defects: ReadonlySet<string> = new Set([
  'workflow crashed',
  'workflow is quarantined until the next start',
  'workflow left untouched',
]);

/** One simulated world: its time, its disk, its provider and the nodes that live and die in it. */
export class World {
  readonly profile: Profile;
  readonly timeline: Timeline;
  readonly coverage = new Coverage();
  readonly disk: Disk;
  readonly provider: SimulatedProvider;
  readonly tools: SimulatedTools;
  /** The node in each place; undefined while it is down. */
  readonly places: (SimulatedNode | undefined)[] = [];
  /** No misfortune any more. */
  calm = false;
  violation: Violation | undefined;
  readonly #dice: Dice;
  readonly #trace: ((line: string) => void) | undefined;
  #boots = 0;

  constructor(dice: Dice, trace?: (line: string) => void) {
    this.profile = profileOf(dice.fork());
    this.timeline = new Timeline(startTime, dice.fork());
    this.#dice = dice.fork();
    this.#trace = trace;
    this.disk = new Disk(this.timeline, this.coverage, dice.fork(), this.profile);
    this.provider = new SimulatedProvider(this, dice.fork());
    this.tools = new SimulatedTools(this, dice.fork());
    for (let place = 0; place < this.profile.nodes; place++) this.boot(place);
  }

  get nodes(): readonly SimulatedNode[] {
    return this.places.filter((node) => node !== undefined);
  }

  /** Nodes that answer callers. */
  get serving(): readonly SimulatedNode[] {
    return this.nodes.filter((node) => node.alive && node.serving);
  }

  trace(line: () => string): void {
    this.#trace?.(`${String(this.timeline.now - startTime).padStart(9)} ${line()}`);
  }

  /** What must never happen ends the life. */
  fail(error: unknown): void {
    this.violation ??=
      error instanceof Violation ? error : new Violation(`defect: ${String(error)}`, { cause: error });
    this.timeline.halt();
  }

  /** Runs a check; the product goes on as if nothing were wrong. */
  guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.fail(error);
    }
  }

  /** A store that rejects anything here has found a defect of its caller, or the audit one of the store. */
  watchDefect(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => this.fail(error));
  }

  boot(place: number): void {
    const node = new SimulatedNode(this, `n${place + 1}.${++this.#boots}`, this.#dice.fork());
    this.places[place] = node;
    this.trace(() => `${node.name} boots`);
    node.supervisor.start().then(
      () => {
        node.serving = true;
      },
      () => {
        this.coverage.fault('node: cannot start because the store fails');
        this.end(node, bootAgainMs);
      },
    );
  }

  crash(node: SimulatedNode): void {
    if (!node.alive) return;
    this.coverage.fault('node: crash');
    if (this.provider.inFlightOf(node) > 0) this.coverage.fault('node: crash with calls in flight');
    this.end(node, this.#dice.whole(rebootMsMin, rebootMsMax));
  }

  /** The process is gone; the next one boots in its place. */
  end(node: SimulatedNode, rebootMs: number): void {
    if (!node.alive) return;
    this.trace(() => `${node.name} is gone`);
    node.die();
    const place = this.places.indexOf(node);
    this.places[place] = undefined;
    this.timeline.in(rebootMs, undefined, () => this.boot(place));
  }

  rendererOf(node: SimulatedNode): DocumentRenderer {
    return {
      format: 'markdown',
      fileExtension: 'md',
      mediaType: 'text/markdown; charset=utf-8',
      render: (report) =>
        new Promise((resolve, reject) => {
          const fails = !this.calm && this.#dice.chance(this.profile.rendererFails);
          this.timeline.in(this.#dice.whole(0, 50), node, () => {
            if (!fails) {
              resolve({ bytes: Buffer.from(`# ${report.title}\n`) });
              return;
            }
            this.coverage.fault('renderer: fails');
            reject(new Error('the renderer fails'));
          });
        }),
    };
  }

  observerOf(node: SimulatedNode): CommitObserver {
    return { committed: (state, events) => this.guard(() => this.disk.told(node, state, events)) };
  }

  loggerOf(node: SimulatedNode): Logger {
    const line = (fields: LogFields, message: string): void => {
      this.trace(() => `${node.name} ${message} ${JSON.stringify(fields['workflow_id'] ?? '')}`);
      const id = fields['workflow_id'];
      // A former owner that slept past the eviction finds nothing left; its append is refused like any of a former owner.
      const evicted = [...this.disk.logs.values()].some((log) => log.key.workflowId === id && log.evicted);
      this.guard(() =>
        must(
          !defects.has(message) || evicted,
          () => `defect: ${message}: ${String(fields['error'] ?? fields['reason'])}`,
        ),
      );
    };
    const warn = (fields: LogFields, message: string): void => {
      line(fields, message);
      if (message === 'append refused; this process no longer owns the workflow')
        this.guard(() => this.#checkRefused(String(fields['workflow_id']), Number(fields['epoch'])));
    };
    return { ...silentLogger, warn, error: line };
  }

  /** An owner stops for good only when another one has claimed the workflow, or ended it. */
  #checkRefused(workflowId: string, epoch: number): void {
    const log = this.disk.logs.get(keyText({ tenant: defaultTenant, workflowId }));
    must(
      log === undefined ||
        log.evicted ||
        (this.disk.leases.epochOf(keyText(log.key)) !== epoch && !(log.ended && log.state.epoch === epoch)),
      () => `journal: the owner of ${workflowId} stops although it is the owner`,
    );
  }
}
