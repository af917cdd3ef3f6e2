import type { Mutant } from './mutant.ts';

const gate = 'provider/provider-gate.ts';
const pacer = 'provider/pacer.ts';
const breaker = 'provider/breaker.ts';
const activities = 'engine/activities.ts';

export const permitLost: Mutant = {
  name: 'a permit that was not used is not given back',
  patches: [
    {
      file: activities,
      find: '    for (const { permit } of this.#prepared?.values() ?? none) permit.giveBack();\n',
      replace: '',
    },
  ],
};

export const neverHalfOpen: Mutant = {
  name: 'a breaker never half-opens',
  patches: [
    {
      file: breaker,
      find: "return this.state === 'closed' || (this.state === 'open' && this.#openTime?.over === true);",
      replace: "return this.state === 'closed';",
    },
  ],
};

/** Rules of calling: when a call may leave, to whom, and what becomes of its permit. */
export const gateMutants: readonly Mutant[] = [
  permitLost,
  neverHalfOpen,
  {
    name: 'a breaker that is open lets calls through',
    patches: [
      {
        file: gate,
        find: 'if (watched.breaker.passable) return this.#paced(asker, provider, model);',
        replace: 'if (watched) return this.#paced(asker, provider, model);',
      },
      {
        file: gate,
        find: 'if (!watched.breaker.passable) return',
        replace: 'if (!watched) return',
      },
      {
        file: breaker,
        find: '    if (!this.passable) throw new Error(`a call goes through a breaker that is ${this.state}`);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a breaker lets several probes through',
    patches: [
      {
        file: breaker,
        find: "return this.state === 'closed' || (",
        replace: "return this.state !== 'open' || (",
      },
    ],
  },
  {
    name: 'the end of a call settles no permit',
    patches: [
      {
        file: 'engine/model-call.ts',
        find: '    this.#permit.settle({\n      result: result',
        replace: '    void ({\n      result: result',
      },
    ],
  },
  {
    name: 'nobody in line is woken',
    patches: [{ file: pacer, find: '    head.asker.wake();\n', replace: '' }],
  },
  {
    name: 'the pacer lets more go at once than the even stream leaves room for',
    patches: [{ file: pacer, find: 'const burstShare = 0.04;', replace: 'const burstShare = 0.5;' }],
  },
  {
    name: 'a permit given back leaves its call under way',
    patches: [
      {
        file: pacer,
        find: '    const now = this.#ended();\n    this.#requests?.put(1, now);\n',
        replace: '    const now = this.#clock.monotonic();\n    this.#requests?.put(1, now);\n',
      },
    ],
  },
  {
    name: 'calls under way are not counted',
    patches: [{ file: pacer, find: '    this.#underWay++;\n', replace: '' }],
  },
  {
    name: 'a provider that asks for a pause gets none',
    patches: [
      {
        file: pacer,
        find: '    this.#pause(retryAfterMs, startTime, now);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'whoever stops waiting stays in line',
    patches: [
      {
        file: gate,
        find: '    for (const place of wait.before) if (!wait.now.has(place)) place.leave(id);\n',
        replace: '',
      },
      {
        file: gate,
        find: '    for (const place of [...(wait?.before ?? []), ...(wait?.now ?? [])]) place.leave(id);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a stand-in is asked for a model of another provider',
    patches: [
      {
        file: gate,
        find: 'model: mapped ?? this.#catalog.defaultModels(step.provider)[kind],',
        replace: 'model: mapped ?? (kind === undefined ? kind : model),',
      },
    ],
  },
  {
    name: "a stand-in's call is reserved at another's price",
    patches: [
      {
        file: 'engine/call-request.ts',
        find: 'reservationOf(request, provider, deps.catalog)',
        replace: 'reservationOf(request, providerName, deps.catalog)',
      },
    ],
  },
  {
    name: 'a stand-in without a price is called under a cap',
    patches: [
      {
        file: gate,
        find: 'wish.priced && this.#catalog.price',
        replace: 'wish.priced && provider === wish.provider && this.#catalog.price',
      },
    ],
  },
  {
    name: 'waiting for a permit is time of the agent',
    patches: [
      {
        file: 'workflow/evolve.ts',
        find: 'own.deadline + (data.waitedMs ?? 0)',
        replace: 'own.deadline + (data.waitedMs ?? 0) * 0',
      },
    ],
  },
];
