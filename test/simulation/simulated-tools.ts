import { argumentCheck } from '../../src/tool/argument-check.ts';
import { DocumentsTool } from '../../src/tool/documents-tool.ts';
import {
  abortedCall,
  type ToolCallContext,
  ToolCallError,
  type ToolDefinition,
  type ToolResult,
  type ToolSource,
} from '../../src/tool/tool-source.ts';
import { Toolbox } from '../../src/tool/toolbox.ts';
import type { ToolCall } from '../../src/workflow/event.ts';
import { failure } from '../../src/workflow/failure.ts';
import type { FaultPoint } from './coverage.ts';
import type { Dice } from './dice.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { must } from './violation.ts';
import type { World } from './world.ts';

const obeysMsMax = 40;
const ignoresMsMax = 120_000;
const hugeChars = 5_000;
export const toolTimeoutMs = 15_000;

function definition(name: string, idempotent: boolean): ToolDefinition {
  return {
    name,
    description: `Simulated ${name}.`,
    parameters: {
      type: 'object',
      properties: { text: { type: 'string', maxLength: 100 } },
      required: ['text'],
      additionalProperties: false,
    },
    idempotent,
    timeoutMs: toolTimeoutMs,
    outputBytesMax: 1_000,
  };
}

/** `secret` is there and nobody may use it. */
const definitions = [definition('look', true), definition('send', false), definition('secret', true)];
export const allowedTools: readonly string[] = ['sim.look', 'sim.send', 'documents.search', 'documents.read'];
const allowance = { researcher: ['sim.look', 'sim.send', 'documents.*'] };

/** What a model may ask for, good and bad. */
export function askedCalls(dice: Dice, hit: (point: FaultPoint) => void): readonly ToolCall[] {
  return Array.from({ length: dice.whole(1, 4) }, (_, index) => {
    const call = (name: string, args: string): ToolCall => ({ id: `c${index}`, name, arguments: args });
    const good = JSON.stringify({ text: `words ${dice.whole(1, 9)}` });
    const kind = dice.next();
    if (kind < 0.35) return call('sim.look', good);
    if (kind < 0.65) return call('sim.send', good);
    if (kind < 0.75) return call('documents.search', JSON.stringify({ query: 'durable' }));
    hit('tools: asked for what must be refused');
    if (kind < 0.82) return call('sim.secret', good);
    if (kind < 0.88) return call('sim.none', good);
    if (kind < 0.94) return call('sim.look', '{"text": ');
    return call('sim.send', JSON.stringify({ text: 7, more: true }));
  });
}

/** A tool call as the tool saw it. */
export interface ExecutedTool {
  readonly callId: string;
  readonly node: SimulatedNode;
  readonly tool: string;
  over: boolean;
}

/** The tools of the simulated world and their own count of what was executed. */
export class SimulatedTools {
  readonly executed: ExecutedTool[] = [];
  readonly #world: World;
  readonly #dice: Dice;

  constructor(world: World, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
  }

  /** The toolbox of one node. */
  toolboxOf(node: SimulatedNode): Toolbox {
    const source: ToolSource = {
      name: 'sim',
      tools: definitions,
      start: async () => undefined,
      call: (tool, args, context) => this.#call(tool, args, context, node),
      close: async () => undefined,
    };
    return new Toolbox([source, new DocumentsTool()], allowance, argumentCheck);
  }

  #call(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    { callId, signal }: ToolCallContext,
    node: SimulatedNode,
  ): Promise<ToolResult> {
    const { timeline, profile, disk, calm } = this.#world;
    const { tools } = profile;
    const dice = this.#dice;
    this.#world.trace(() => `${node.name} calls ${callId}`);
    this.#world.guard(() => disk.toolCalled(callId, `sim.${tool}`, JSON.stringify(args), node));
    this.#world.guard(() =>
      must(
        typeof args['text'] === 'string' && Object.keys(args).length === 1,
        () => `tools: ${callId} is called with arguments that do not fit: ${JSON.stringify(args)}`,
      ),
    );
    const entry: ExecutedTool = { callId, node, tool, over: false };
    this.executed.push(entry);
    const { promise, resolve, reject } = Promise.withResolvers<ToolResult>();
    const over = (inMs: number, settle: () => void): void => {
      timeline.in(inMs, node, () => {
        entry.over = true;
        settle();
      });
    };
    if (!calm && dice.chance(tools.crashes)) {
      this.#hit('node: crash while a tool works');
      this.#world.crash(node);
      return promise;
    }
    const ignores = !calm && dice.chance(tools.ignoresAbort);
    signal.addEventListener(
      'abort',
      () => {
        if (entry.over) return;
        disk.toolAborted(callId);
        if (ignores) this.#hit('tools: ignores the abort');
        over(dice.whole(0, ignores ? ignoresMsMax : obeysMsMax), () => reject(abortedCall(tool)));
      },
      { once: true },
    );
    const latencyMs = dice.whole(0, calm ? 200 : tools.latencyMsMax);
    const kind = calm ? 1 : dice.next();
    const said = (text: string, isError = false): void => over(latencyMs, () => resolve({ text, isError }));
    if (kind < tools.hangs) {
      this.#hit('tools: hangs');
    } else if (kind < tools.hangs + tools.fails) {
      const how = dice.whole(0, 3);
      if (how === 0) {
        this.#hit('tools: its server ends');
        over(latencyMs, () => reject(new ToolCallError(failure('connection', 'the server ended'))));
      } else if (how === 1) {
        this.#hit('tools: throws something else');
        over(latencyMs, () => reject(new TypeError('a defect of the adapter')));
      } else {
        this.#hit('tools: says that it failed');
        said('it did not work', true);
      }
    } else if (!calm && dice.chance(tools.odd)) {
      this.#hit('tools: huge output');
      said(`\ud83d${'x '.repeat(hugeChars)}`);
    } else {
      said(`${tool} of ${String(args['text'])}`);
    }
    return promise;
  }

  #hit(point: FaultPoint): void {
    this.#world.coverage.fault(point);
  }
}
