import type { Difference } from './call-audit.ts';
import type { EventOf } from './event.ts';

interface LoggedToolCall {
  open: boolean;
  /** Whether it may start once more. */
  repeatable: boolean;
  idempotent: boolean;
}

/**
 * The tool calls of one log, counted from its events alone and apart from the fold: nothing is executed that the
 * agent may not use or that its model did not ask for, and nothing twice without a crash in between.
 */
export class ToolAudit {
  readonly #allowed = new Map<string, ReadonlySet<string>>();
  readonly #offered = new Set<string>();
  /** What the model asked for, by call: tool and arguments. */
  readonly #asked = new Map<string, { readonly tool: string; readonly arguments: string }>();
  /** Calls of each turn that have not settled. */
  readonly #unsettled = new Map<string, Set<string>>();
  readonly #calls = new Map<string, LoggedToolCall>();

  scheduled({ agentId, tools }: EventOf<'agent_scheduled'>): void {
    this.#allowed.set(agentId, new Set(tools));
  }

  modelStarted({ agentId, turn, toolsOffered }: EventOf<'model_call_started'>): Difference | undefined {
    const [waiting] = this.#unsettled.get(turnOf(agentId, turn - 1)) ?? [];
    if (waiting !== undefined)
      return { expected: `the end of tool call ${waiting}`, found: `the start of turn ${turn}` };
    if (toolsOffered) this.#offered.add(turnOf(agentId, turn));
    else this.#offered.delete(turnOf(agentId, turn));
    return undefined;
  }

  modelEnded({ agentId, turn, output }: EventOf<'model_call_ended'>): Difference | undefined {
    const id = turnOf(agentId, turn);
    if (!this.#offered.has(id)) return undefined;
    const ids = new Set<string>();
    for (const { id: callId, name, arguments: json } of output?.toolCalls ?? []) {
      const call = `${id}/${callId}`;
      if (ids.has(call)) return { expected: `one tool call ${call} in its turn`, found: 'another' };
      ids.add(call);
      this.#asked.set(call, { tool: name, arguments: json });
    }
    this.#unsettled.set(id, ids);
    return undefined;
  }

  started(event: EventOf<'tool_call_started'>): Difference | undefined {
    const call = callOf(event);
    if (!this.#allowed.get(event.agentId)?.has(event.tool))
      return { expected: `a tool that ${event.agentId} may use`, found: event.tool };
    const asked = this.#asked.get(call);
    if (asked?.tool !== event.tool || asked.arguments !== event.arguments)
      return {
        expected: `tool call ${call} as its model asked for it`,
        found: asked ? event.tool : 'no such',
      };
    const known = this.#calls.get(call);
    if (known?.open || (known && !known.repeatable))
      return { expected: `one start of tool call ${call}`, found: 'another' };
    this.#calls.set(call, { open: true, repeatable: false, idempotent: event.idempotent ?? false });
    return undefined;
  }

  ended(event: EventOf<'tool_call_ended'>): Difference | undefined {
    const call = callOf(event);
    if (!this.#asked.has(call)) return { expected: 'a tool call that was asked for', found: call };
    const known = this.#calls.get(call);
    if (known && !known.open && !known.repeatable)
      return { expected: `one end of tool call ${call}`, found: 'another' };
    if (!known?.open && event.result !== 'failed')
      return { expected: `a refusal of ${call}, which is not at work`, found: event.result };
    const idempotent = known?.idempotent ?? false;
    const repeatable =
      known?.open === true && idempotent && (event.cause === 'crash' || event.cause === 'shutdown');
    this.#calls.set(call, { open: false, repeatable, idempotent });
    if (!repeatable) this.#unsettled.get(turnOf(event.agentId, event.turn))?.delete(call);
    return undefined;
  }

  /** What is still at work; nothing may be when the workflow has ended. */
  open(): Difference | undefined {
    for (const [call, { open }] of this.#calls)
      if (open) return { expected: 'no tool at work at the end', found: call };
    return undefined;
  }
}

const turnOf = (agentId: string, turn: number): string => `${agentId}/${turn}`;

const callOf = (event: {
  readonly agentId: string;
  readonly turn: number;
  readonly callId: string;
}): string => `${turnOf(event.agentId, event.turn)}/${event.callId}`;
