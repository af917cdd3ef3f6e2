import type { EventOf, WorkflowEvent } from '../../src/workflow/event.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';
import { allowedTools } from './simulated-tools.ts';
import { must } from './violation.ts';

const toolCallsPerAgentMax = 10;
const toolsAtOnceMax = 8;
const interruptions: ReadonlySet<string | undefined> = new Set(['crash', 'shutdown']);

/** A tool call that a log knows of. */
export interface LoggedTool {
  readonly id: string;
  readonly agentId: string;
  readonly tool: string;
  readonly arguments: string;
  readonly idempotent: boolean;
  readonly starts: number;
  /** How often the tool itself was called. */
  executions: number;
  /** Ownership period of its last start. */
  epoch: number;
  startTime: number;
  open: boolean;
  end: EventOf<'tool_call_ended'> | undefined;
}

interface Asked {
  readonly tool: string;
  readonly arguments: string;
}

/** The tool calls of one workflow as its log tells them, judged by other code than the product's. */
export class ToolTable {
  readonly #workflowId: string;
  readonly calls = new Map<string, LoggedTool>();
  readonly #allowed = new Map<string, readonly string[]>();
  readonly #offered = new Set<string>();
  readonly #asked = new Map<string, Asked>();
  /** By agent: calls of the newest turn that nothing has settled. */
  readonly #waiting = new Map<string, Set<string>>();

  constructor({ workflowId }: WorkflowState) {
    this.#workflowId = workflowId;
  }

  get open(): readonly LoggedTool[] {
    return [...this.calls.values()].filter(({ open }) => open);
  }

  /** Calls that were asked for and neither began nor were refused. */
  waitingOf(agentId: string): number {
    return [...(this.#waiting.get(agentId) ?? [])].filter((id) => !this.calls.get(id)?.open).length;
  }

  idOf(data: { readonly agentId: string; readonly turn: number; readonly callId: string }): string {
    return `${this.#workflowId}/${data.agentId}/${data.turn}/tool/${data.callId}`;
  }

  scheduled({ agentId, role, tools = [] }: EventOf<'agent_scheduled'>): void {
    must(
      tools.every((tool) => role === 'researcher' && allowedTools.includes(tool)),
      () => `tools: ${agentId} (${role}) is given ${tools.join(', ')}`,
    );
    this.#allowed.set(agentId, tools);
  }

  modelStarted({ agentId, turn, toolsOffered }: EventOf<'model_call_started'>): void {
    const waiting = [...(this.#waiting.get(agentId) ?? [])];
    must(waiting.length === 0, () => `tools: turn ${turn} of ${agentId} begins before ${waiting.join(', ')}`);
    if (!toolsOffered) return;
    const used = [...this.calls.values()].filter((call) => call.agentId === agentId && call.starts > 0);
    must(
      used.length < toolCallsPerAgentMax,
      () => `tools: ${agentId} is offered some after ${used.length} calls`,
    );
    this.#offered.add(`${agentId}/${turn}`);
  }

  modelEnded({ agentId, turn, output }: EventOf<'model_call_ended'>): void {
    if (!output || !this.#offered.has(`${agentId}/${turn}`)) return;
    const waiting = new Set<string>();
    for (const call of output.toolCalls ?? []) {
      const id = this.idOf({ agentId, turn, callId: call.id });
      waiting.add(id);
      this.#asked.set(id, { tool: call.name, arguments: call.arguments });
    }
    this.#waiting.set(agentId, waiting);
  }

  started({ epoch, time }: WorkflowEvent, data: EventOf<'tool_call_started'>, before: WorkflowState): void {
    const id = this.idOf(data);
    const asked = this.#asked.get(id);
    must(before.status === 'running', () => `tools: ${id} begins while ${before.status}`);
    must(
      asked?.tool === data.tool && asked.arguments === data.arguments,
      () => `tools: nobody asked for ${id}`,
    );
    must(
      this.#allowed.get(data.agentId)?.includes(data.tool) === true,
      () => `tools: ${id} calls ${data.tool}, which ${data.agentId} may not use`,
    );
    const deadline = before.agents.get(data.agentId)?.deadline;
    must(deadline === undefined || time < deadline, () => `tools: ${id} begins after its agent's deadline`);
    const known = this.calls.get(id);
    if (known) {
      must(
        !known.open && known.idempotent && interruptions.has(known.end?.cause),
        () => `tools: ${id} begins twice without a crash in between, or must not be repeated`,
      );
    }
    must(data.idempotent === (data.tool !== 'sim.send'), () => `tools: ${data.tool} is called idempotent`);
    this.calls.set(id, {
      id,
      agentId: data.agentId,
      tool: data.tool,
      arguments: data.arguments,
      idempotent: data.idempotent ?? false,
      starts: (known?.starts ?? 0) + 1,
      executions: known?.executions ?? 0,
      epoch,
      startTime: time,
      open: true,
      end: known?.end,
    });
    const used = [...this.calls.values()].filter((call) => call.agentId === data.agentId && call.starts > 0);
    must(used.length <= toolCallsPerAgentMax, () => `tools: ${data.agentId} makes ${used.length} calls`);
    must(this.open.length <= toolsAtOnceMax, () => `tools: ${this.open.length} work at once`);
  }

  ended(data: EventOf<'tool_call_ended'>): void {
    const id = this.idOf(data);
    must(
      this.#waiting.get(data.agentId)?.has(id) === true,
      () => `tools: ${id} ends and nobody waits for it`,
    );
    const call = this.calls.get(id);
    if (!call?.open)
      must(data.result === 'failed', () => `tools: ${id} ends as ${data.result} and was not at work`);
    if (call) {
      call.open = false;
      call.end = data;
    }
    must(
      Buffer.byteLength(data.output ?? '', 'utf8') <= 40_000 && (data.output ?? '').isWellFormed(),
      () => `tools: ${id} says more than it may`,
    );
    const again = call?.idempotent === true && interruptions.has(data.cause);
    if (!again) this.#waiting.get(data.agentId)?.delete(id);
  }
}
