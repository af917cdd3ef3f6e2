import type { Mutant } from './mutant.ts';

const actor = 'engine/workflow-actor.ts';
const journal = 'engine/journal.ts';
const supervisor = 'engine/supervisor.ts';
const composer = 'engine/batch-composer.ts';
const beforeTheAppend = '        const result =\n          draft.events.length === 0\n';

export const actsBeforeAppend: Mutant = {
  name: 'act before append',
  patches: [
    {
      file: actor,
      find: beforeTheAppend,
      replace: `        this.#activities.carryOut(draft.state);\n${beforeTheAppend}`,
    },
  ],
};

export const tellsBeforeAppend: Mutant = {
  name: 'tell before append',
  patches: [
    {
      file: actor,
      find: beforeTheAppend,
      replace: `        for (const observer of this.#deps.observers) observer.committed(draft.state, draft.events);\n${beforeTheAppend}`,
    },
  ],
};

export const cancelIsNotFinal: Mutant = {
  name: 'cancel not final: a pause undoes it',
  patches: [
    {
      file: 'engine/intent.ts',
      find: "if (status === 'pending' || status === 'running') pause(",
      replace: "if (status === 'pending' || status === 'running' || status === 'cancelling') pause(",
    },
    {
      file: 'workflow/evolve.ts',
      find: "    case 'workflow_paused':\n      expect(state, event, 'pending', 'running');",
      replace: "    case 'workflow_paused':",
    },
  ],
};

export const slotsOver: Mutant = {
  name: 'admission over the limit',
  patches: [
    {
      file: 'engine/admission.ts',
      find: 'this.#open && this.#running.size < this.#slots',
      replace: 'this.#open && this.#running.size <= this.#slots',
    },
  ],
};

/** Rules of who appends, acts, tells and stops, and when. */
export const actorMutants: readonly Mutant[] = [
  actsBeforeAppend,
  tellsBeforeAppend,
  cancelIsNotFinal,
  slotsOver,
  {
    name: 'a batch is told twice',
    patches: [
      {
        file: actor,
        find: "    if (result === 'appended') this.#tell(draft.events);",
        replace:
          "      if (result === 'appended') {\n        this.#tell(draft.events);\n        for (const observer of this.#deps.observers) observer.committed(this.state, draft.events);\n      }",
      },
    ],
  },
  {
    name: 'listeners are not told',
    patches: [
      {
        file: supervisor,
        find: '  advanced(actor: WorkflowActor): void {\n    this.#listeners.notify(actor.id);',
        replace: '  advanced(_actor: WorkflowActor): void {',
      },
    ],
  },
  {
    name: 'the journal tries again with other times',
    patches: [
      {
        file: journal,
        find: '        const answer = await this.#append(append);\n        this.#stalled',
        replace:
          '        const answer = await this.#append(tries === 1 ? append : { ...append, events: append.events.map((event) => ({ ...event, time: event.time + tries })) });\n        this.#stalled',
      },
    ],
  },
  {
    name: 'a duplicate is taken for a lost ownership',
    patches: [
      {
        file: journal,
        find: "          case 'appended':\n          case 'duplicate':\n            this.#state = draft.state;\n            this.#dayBudget",
        replace:
          "          case 'appended':\n            this.#state = draft.state;\n            this.#dayBudget",
      },
      {
        file: journal,
        find: "          case 'fenced':\n          case 'request_known':",
        replace: "          case 'duplicate':\n          case 'fenced':\n          case 'request_known':",
      },
    ],
  },
  {
    name: 'its own end is taken for a lost ownership',
    patches: [
      {
        file: journal,
        find: 'if (await this.#endedAs(draft)) {',
        replace: 'if (draft.key.workflowId === String(await this.#endedAs(draft))) {',
      },
    ],
  },
  {
    name: 'an append that failed is forgotten',
    patches: [
      {
        file: journal,
        find: '        if (!(error instanceof StoreUnavailableError)) throw error;',
        replace:
          "        if (!(error instanceof StoreUnavailableError)) throw error;\n        this.#state = draft.state;\n        if (tries > 0) return 'appended';",
      },
    ],
  },
  {
    name: 'a fenced owner goes on',
    patches: [
      {
        file: actor,
        find: "    if (result === 'lost') {\n      this.#dispose('lost');\n",
        replace: "    if (result === 'lost') {\n",
      },
    ],
  },
  {
    name: 'the former owner is not told about in a take-over',
    patches: [
      {
        file: actor,
        find: "this.#post({ type: 'recover', done })",
        replace: "(this.#post({ type: 'look' }), done())",
      },
    ],
  },
  {
    name: 'a take-over does not close open calls',
    patches: [
      {
        file: 'engine/transition.ts',
        find: "    if (agent.openCall) draft.add(stoppedCall(agent.agentId, agent.openCall, 'crash', lost, draft.time));\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a take-over closes calls without charging them',
    patches: [
      {
        file: 'engine/transition.ts',
        find: 'usage: { inputTokens: call.reserved.inputTokens, outputTokens: call.reserved.outputTokens },',
        replace: 'usage: { inputTokens: 0, outputTokens: 0 },',
      },
    ],
  },
  {
    name: 'a call under way is begun again',
    patches: [
      {
        file: 'engine/activities.ts',
        find: 'if (agent.openCall && !this.#callOf(agent.agentId)) this.#call',
        replace: 'if (agent.openCall && this.#prepared?.has(agent.agentId)) this.#call',
      },
      { file: 'engine/activities.ts', find: '    this.#prepared?.delete(agentId);\n', replace: '' },
    ],
  },
  {
    name: 'an ended call stays under way',
    patches: [
      {
        file: actor,
        find: '      if (isActivityEnd(intent)) this.#activities.forget(intent);',
        replace: "      if (intent.type === 'rendered') this.#activities.forget(intent);",
      },
    ],
  },
  {
    name: 'a late report of a settled call is recorded',
    patches: [
      {
        file: 'engine/intent.ts',
        find: 'if (open?.turn === turn && open.attempt === attempt && !isTerminal(status)) draft.add',
        replace: 'if (!isTerminal(status)) draft.add',
      },
    ],
  },
  {
    name: 'a cancel does not abort calls',
    patches: [{ file: 'engine/workflow-machine.ts', find: "      entry: 'stopCalls',\n", replace: '' }],
  },
  {
    name: 'a cancel is answered before the end',
    patches: [
      {
        file: actor,
        find: "    await new Promise<void>((done) => this.#post({ type: 'cancel', reason, done }));\n    await this.ended;",
        replace: "    await new Promise<void>((done) => this.#post({ type: 'cancel', reason, done }));",
      },
    ],
  },
  {
    name: 'a cancel waits for calls that ignore it',
    patches: [
      {
        file: 'engine/transition.ts',
        find: 'if ((open.length > 0 || tooling.length > 0) && !overdue) return;',
        replace: 'if (open.length > 0 || tooling.length > 0) return;',
      },
    ],
  },
  {
    name: 'slot not released by a pause',
    patches: [{ file: 'engine/workflow-machine.ts', find: "      exit: 'releaseSlot',\n", replace: '' }],
  },
  {
    name: 'slot not released by an end',
    patches: [
      {
        file: supervisor,
        find: '      this.#admission.remove(actor.id);\n      this.#admission.release(actor.id);',
        replace: '      this.#admission.remove(actor.id);',
      },
      { file: 'engine/workflow-machine.ts', find: "      exit: 'releaseSlot',\n", replace: '' },
    ],
  },
  {
    name: 'an ended workflow stays registered',
    patches: [
      {
        file: supervisor,
        find: '      this.#actors.delete(actor.id);\n      this.#admission',
        replace: '      this.#admission',
      },
    ],
  },
  {
    name: 'nobody looks for workflows without an owner',
    patches: [
      {
        file: supervisor,
        find: '      await this.#takeOver.claimOpen();\n      await this.#retention.evict();',
        replace: '      await this.#retention.evict();',
      },
    ],
  },
  {
    name: 'a drain begins new calls',
    patches: [{ file: composer, find: '      if (this.#beginsNothing) return;\n', replace: '' }],
  },
  {
    name: 'a drain does not give ownership back',
    patches: [
      {
        file: supervisor,
        find: 'for (const actor of left) await this.#ownership.giveBack(actor.key, actor.epoch);',
        replace: '',
      },
    ],
  },
  {
    name: 'a drain leaves an alarm set',
    patches: [{ file: 'engine/drain.ts', find: '  last.cancel();\n', replace: '' }],
  },
];
