import type { Mutant } from './mutant.ts';

const fold = 'workflow/tool-fold.ts';
const decision = 'engine/tool-decision.ts';
const activities = 'engine/activities.ts';

/** Rules of tools: who may call what, how often, how long, and what a crash in between means. */
export const toolMutants: readonly Mutant[] = [
  {
    name: 'a tool call that must not be repeated is repeated after a crash',
    patches: [
      {
        file: fold,
        find: 'return idempotent && end?.cause !== undefined && interruptions.has(end.cause);',
        replace:
          'return idempotent !== undefined && end?.cause !== undefined && interruptions.has(end.cause);',
      },
    ],
  },
  {
    name: 'an idempotent tool call is made again although it has ended',
    patches: [
      {
        file: fold,
        find: 'return idempotent && end?.cause !== undefined && interruptions.has(end.cause);',
        replace: "return idempotent && end !== undefined && end.result === 'failed';",
      },
    ],
  },
  {
    name: 'every tool is called idempotent',
    patches: [
      {
        file: 'engine/workflow-facts.ts',
        find: "return 'refusal' in checked ? checked : { idempotent: checked.tool.idempotent };",
        replace: "return 'refusal' in checked ? checked : { idempotent: true };",
      },
    ],
  },
  {
    name: 'the allow-list of tools is not kept',
    patches: [
      {
        file: decision,
        find: 'if (!agent.tools.includes(call.name)) {',
        replace: 'if (call.name.length > 999) {',
      },
      {
        file: fold,
        find: 'if (!agent.tools.includes(data.tool)) return',
        replace: 'if (data.tool.length > 999) return',
      },
      {
        file: 'engine/workflow-facts.ts',
        find: 'if (!tools.allows(agent.role, call.name)) {',
        replace: 'if (call.name.length > 999) {',
      },
    ],
  },
  {
    name: 'every role gets every tool',
    patches: [
      {
        file: 'tool/toolbox.ts',
        find: 'const patterns = Object.hasOwn(this.#allowance, role) ? this.#allowance[role] : undefined;',
        replace: 'const patterns = Object.values(this.#allowance).flat();',
      },
    ],
  },
  {
    name: 'arguments of tools are not checked',
    patches: [
      {
        file: 'tool/toolbox.ts',
        find: 'const problem = this.#checkFor(found.tool.parameters)(args);',
        replace: 'const problem = this.#checkFor(found.tool.parameters)({ text: "x" });',
      },
    ],
  },
  {
    name: 'the cap of tool calls is not kept',
    patches: [
      {
        file: decision,
        find: 'if (starts === 0 && executedTools(agent) >= limits.toolCallsPerAgentMax) {',
        replace: 'if (starts === 0 && executedTools(agent) > limits.toolCallsPerAgentMax) {',
      },
    ],
  },
  {
    name: 'tools are offered after the last call',
    patches: [
      {
        file: decision,
        find: 'executedTools(agent) < limits.toolCallsPerAgentMax &&',
        replace: 'executedTools(agent) <= limits.toolCallsPerAgentMax &&',
      },
    ],
  },
  {
    name: 'the cap of tools at once is not kept',
    patches: [
      {
        file: decision,
        find: '} else if (running < limits.concurrentToolCallsPerWorkflowMax) {',
        replace: '} else {',
      },
    ],
  },
  {
    name: 'tool calls that a crash interrupted are forgotten',
    patches: [
      {
        file: decision,
        find: 'if (known && (known.startTime !== undefined || hasSettled(known))) continue;',
        replace: 'if (known && (known.starts > 0 || hasSettled(known))) continue;',
      },
    ],
  },
  {
    name: 'the next turn does not wait for tools',
    patches: [
      {
        file: 'engine/decide.ts',
        find: 'if (!isActive(agent) || agent.openCall || awaitsTools(agent)) return false;',
        replace:
          'if (!isActive(agent) || agent.openCall || (awaitsTools(agent) && agent.toolCalls.length === 0)) return false;',
      },
      {
        file: fold,
        find: 'return awaitsTools(agent) ? `agent ${agent.agentId} waits for its tools` : undefined;',
        replace: 'return agent.agentId === "" ? "" : undefined;',
      },
    ],
  },
  {
    name: 'a take-over does not close tool calls',
    patches: [
      {
        file: 'engine/transition.ts',
        find: "for (const { agentId } of tooling) stopToolCalls(draft, agentId, 'crash', unknown);",
        replace: '',
      },
    ],
  },
  {
    name: 'an end of a workflow does not close tool calls',
    patches: [
      {
        file: 'engine/transition.ts',
        find: '    stopToolCalls(draft, agent.agentId, cause, reason);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a cancel does not wait for tools',
    patches: [
      {
        file: 'engine/transition.ts',
        find: 'if ((open.length > 0 || tooling.length > 0) && !overdue) return;',
        replace: 'if (open.length > 0 && !overdue) return;',
      },
    ],
  },
  {
    name: 'a cancel does not stop tools',
    patches: [
      {
        file: activities,
        find: '    for (const call of this.#tools?.values() ?? none) call.abort(cause);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a tool at work is called again',
    patches: [
      {
        file: activities,
        find: 'if (!this.#tools?.has(id)) this.#callTool(id, order, state);',
        replace: 'this.#callTool(id, order, state);',
      },
    ],
  },
  {
    name: 'a late report of a stopped tool is recorded',
    patches: [
      {
        file: 'engine/intent.ts',
        find: 'if (call?.startTime === undefined || call.starts !== start || isTerminal(status)) return none;',
        replace: 'if (call?.starts !== start || isTerminal(status)) return none;',
      },
    ],
  },
  {
    name: 'a tool may take as long as it likes',
    patches: [
      {
        file: 'engine/tool-call.ts',
        find: 'const timer = clock.after(timeoutMs, () => {',
        replace: 'const timer = clock.after(1_000 * timeoutMs, () => {',
      },
    ],
  },
  {
    name: 'what a tool says is not cut',
    patches: [
      {
        file: 'engine/tool-call.ts',
        find: 'const output = cappedText(result.text, bytesMax);',
        replace: 'const output = bytesMax > 0 ? result.text : "";',
      },
    ],
  },
  {
    name: 'what a tool found is not kept',
    patches: [
      {
        file: 'engine/intent.ts',
        find: '.filter(({ sha256 }) => !kept.has(sha256))',
        replace: '.filter(({ sha256 }) => kept.has(sha256))',
      },
    ],
  },
  {
    name: 'a pause begins tools',
    patches: [
      {
        file: 'engine/decide.ts',
        find: "    if (draft.state.status !== 'running') return;\n    const before",
        replace:
          "    if (draft.state.status === 'paused') settleTools(draft, facts);\n    if (draft.state.status !== 'running') return;\n    const before",
      },
      {
        file: 'engine/batch-composer.ts',
        find: "      if (draft.state.status === 'running') this.#proceed(draft, blobs);",
        replace:
          "      if (draft.state.status === 'running' || draft.state.status === 'paused') this.#proceed(draft, blobs);",
      },
      {
        file: 'workflow/evolve.ts',
        find: "    case 'tool_call_started': {\n      expect(state, event, 'running');",
        replace: "    case 'tool_call_started': {",
      },
    ],
  },
];
