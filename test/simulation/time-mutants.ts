import type { Mutant } from './mutant.ts';

const decide = 'engine/decide.ts';
const evolve = 'workflow/evolve.ts';

/** Rules of deadlines, pauses, retries and progress. */
export const timeMutants: readonly Mutant[] = [
  {
    name: 'deadline restarted at a take-over',
    patches: [
      {
        file: evolve,
        find: '      state.recoveries++;',
        replace: 'state.recoveries++; state.deadline &&= time + state.options.workflowTimeoutMs;',
      },
    ],
  },
  {
    name: 'deadline ignored',
    patches: [
      {
        file: decide,
        find: "if (deadline !== undefined && deadline <= draft.time && decision.type !== 'complete')",
        replace: "if (deadline !== undefined && deadline < 0 && decision.type !== 'complete')",
      },
    ],
  },
  {
    name: 'agents over their time go on',
    patches: [{ file: decide, find: '    endOverdueAgents(draft, facts);\n', replace: '' }],
  },
  {
    name: 'agents lose the time of a pause',
    patches: [
      {
        file: 'engine/transition.ts',
        find: 'agentRemainingMs[agent.agentId] = Math.max(0, leftMs);',
        replace: 'agentRemainingMs[agent.agentId] = 0;',
      },
    ],
  },
  {
    name: 'a pause forgets the time that was left',
    patches: [
      {
        file: 'engine/transition.ts',
        find: '    ...(state.deadline !== undefined && { remainingMs: Math.max(0, state.deadline - time) }),\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a second pause forgets the time that was left',
    patches: [
      {
        file: evolve,
        find: 'data.remainingMs ?? state.remainingMs;',
        replace: 'data.remainingMs;',
      },
    ],
  },
  {
    name: 'a pause has no limit',
    patches: [
      {
        file: 'engine/transition.ts',
        find: 'held.pauseDeadline > draft.time',
        replace: 'held.pauseDeadline > 0',
      },
    ],
  },
  {
    name: 'lost wake-up: the alarm is never set',
    patches: [
      {
        file: 'engine/workflow-actor.ts',
        find: '    this.#alarm.set(this.#composer.nextLook(draft.time));\n',
        replace: '',
      },
    ],
  },
  {
    name: 'lost wake-up: retries set no alarm',
    patches: [
      {
        file: decide,
        find: 'consider(agent.retryTime);',
        replace: '',
      },
    ],
  },
  {
    name: 'lost wake-up: a claimed paused workflow sets no alarm',
    patches: [
      {
        file: 'engine/workflow-actor.ts',
        find: "    else if (status === 'paused') this.#alarm.set(nextWakeTime(this.state, Number.NEGATIVE_INFINITY));\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a sweep does not look at overdue alarms',
    patches: [
      {
        file: 'engine/supervisor.ts',
        find: '      for (const actor of this.#actors.values()) actor.nudge();\n',
        replace: '',
      },
    ],
  },
  {
    name: 'time may fall inside a log',
    patches: [
      {
        file: 'engine/draft.ts',
        find: 'this.#time = Math.max(stamp.now, state?.updateTime ?? 0);',
        replace: 'this.#time = stamp.now;',
      },
    ],
  },
  {
    name: 'progress may fall',
    patches: [
      {
        file: 'engine/draft.ts',
        find: 'this.#progress = Math.max(this.#progress, Math.min(99, this.#progressOf(this.state)));',
        replace: 'this.#progress = Math.min(99, this.#progressOf(this.state));',
      },
    ],
  },
  {
    name: 'crash attempts count',
    patches: [
      {
        file: evolve,
        find: "const counts = data.cause !== 'crash' && data.cause !== 'shutdown';",
        replace: 'const counts = true;',
      },
    ],
  },
  {
    name: 'one retry too many',
    patches: [
      {
        file: decide,
        find: 'agent.countedAttempts > draft.state.options.maxRetries)',
        replace: 'agent.countedAttempts > draft.state.options.maxRetries + 1)',
      },
    ],
  },
  {
    name: 'one retry too few',
    patches: [
      {
        file: decide,
        find: 'agent.countedAttempts > draft.state.options.maxRetries)',
        replace: 'agent.countedAttempts >= draft.state.options.maxRetries)',
      },
    ],
  },
  {
    name: 'final failures are tried again',
    patches: [{ file: decide, find: 'if (!cause.retryable || agent', replace: 'if (agent' }],
  },
  {
    name: 'a retry does not wait',
    patches: [{ file: decide, find: 'agent.retryTime <= now;', replace: 'agent.retryTime > 0;' }],
  },
  {
    name: 'a rate limit is not respected',
    patches: [
      {
        file: 'workflow/retry-policy.ts',
        find: 'return Math.max(jittered, asked, floorMs);',
        replace: 'return Math.max(jittered, limits.rateLimitFloorMs, asked / 2);',
      },
    ],
  },
  {
    name: 'one agent too many at once',
    patches: [
      {
        file: decide,
        find: 'working >= options.maxConcurrentAgents',
        replace: 'working > options.maxConcurrentAgents',
      },
    ],
  },
];
