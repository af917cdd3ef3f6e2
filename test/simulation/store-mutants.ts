import type { Mutant } from './mutant.ts';

const file = 'store/memory-store.ts';

export const noFence: Mutant = {
  name: 'no fence',
  patches: [
    {
      file,
      find: "    if (epoch !== prepared.epoch) return { result: 'fenced', epoch: epoch ?? 0 };\n",
      replace: '',
    },
  ],
};

export const noTerminalCheck: Mutant = {
  name: 'no terminal check',
  patches: [
    { file, find: "    if (log && log.endTime !== undefined) return { result: 'terminal' };\n", replace: '' },
  ],
};

export const keepsOneLess: Mutant = {
  name: 'retention keeps one less',
  patches: [{ file, find: 'this.#finished.size > rule.keep', replace: 'this.#finished.size >= rule.keep' }],
};

export const ripeTooSoon: Mutant = {
  name: 'retention by count does not wait',
  patches: [
    { file: 'engine/retention.ts', find: 'endedBefore: now - retainAtLeastMs', replace: 'endedBefore: now' },
  ],
};

/** Rules of the store and of what decides about its rows. */
export const storeMutants: readonly Mutant[] = [
  noFence,
  noTerminalCheck,
  keepsOneLess,
  ripeTooSoon,
  {
    name: 'dedupe before fence',
    patches: [
      {
        file,
        find: '    if (epoch !== prepared.epoch) return',
        replace:
          "    if (log && prepared.expectedSequence !== log.events.length && isDuplicate(log, prepared)) return { result: 'duplicate' };\n    if (epoch !== prepared.epoch) return",
      },
    ],
  },
  {
    name: 'no sequence check',
    patches: [
      {
        file,
        find: 'prepared.expectedSequence !== sequence',
        replace: 'prepared.expectedSequence > sequence',
      },
    ],
  },
  {
    name: 'a duplicate is called a conflict',
    patches: [{ file, find: "log && isDuplicate(log, prepared) ? { result: 'duplicate' } : ", replace: '' }],
  },
  {
    name: 'epoch not bumped by a claim',
    patches: [
      { file, find: 'const epoch = ++this.#lastEpoch;', replace: 'const epoch = (this.#lastEpoch ||= 1);' },
    ],
  },
  {
    name: 'a former owner can give the lease back',
    patches: [
      {
        file,
        find: 'if (this.#epochs.get(text) === epoch) this.#epochs.delete(text);',
        replace: 'this.#epochs.delete(text);',
      },
    ],
  },
  {
    name: 'request id not checked by the append',
    patches: [
      {
        file,
        find: 'if (known && known.expireTime > this.#clock.now())',
        replace: 'if (known && known.expireTime < 0)',
      },
    ],
  },
  {
    name: 'request id not kept',
    patches: [
      {
        file,
        find: '      this.#requests.set(id, {',
        replace: '      new Map<string, StoredRequest>().set(id, {',
      },
    ],
  },
  {
    name: 'request body not compared',
    patches: [
      {
        file: 'engine/workflow-service.ts',
        find: 'known.workflowId, known.bodyHash === bodyHash)',
        replace: 'known.workflowId, true)',
      },
    ],
  },
  {
    name: 'retention keeps one more',
    patches: [
      { file, find: 'this.#finished.size > rule.keep', replace: 'this.#finished.size > rule.keep + 1' },
    ],
  },
  {
    name: 'retention removes what has not ended',
    patches: [
      { file, find: '[...this.#finished].toSorted(', replace: '[...this.#logs].toSorted(' },
      { file, find: 'log.endTime ?? Number.POSITIVE_INFINITY', replace: 'log.endTime ?? 0' },
    ],
  },
  {
    name: 'retention by age waits twice as long',
    patches: [
      {
        file: 'engine/retention.ts',
        find: 'olderThan: now - retainForMs',
        replace: 'olderThan: now - 2 * retainForMs',
      },
    ],
  },
  {
    name: 'nothing is ever evicted',
    patches: [
      {
        file: 'engine/supervisor.ts',
        find: '      await this.#takeOver.claimOpen();\n      await this.#retention.evict();',
        replace: '      await this.#takeOver.claimOpen();',
      },
    ],
  },
  {
    name: 'blobs stay for ever',
    patches: [{ file, find: '--blob.references === 0', replace: '--blob.references < 0' }],
  },
  {
    name: 'a blob goes with its first workflow',
    patches: [{ file, find: '--blob.references === 0', replace: '--blob.references >= 0' }],
  },
  {
    name: 'a reader skips an event',
    patches: [
      {
        file,
        find: 'slice(Math.max(0, afterSequence), ',
        replace: 'slice(Math.max(0, afterSequence) + (afterSequence > 0 ? 1 : 0), ',
      },
    ],
  },
  {
    name: 'a rendered document is not kept',
    patches: [
      { file: 'engine/intent.ts', find: 'return blob ? [blob] : [];', replace: 'return blob ? [] : [];' },
    ],
  },
  {
    name: 'the row is not written again',
    patches: [
      {
        file,
        find: '    log.summary = prepared.summary;\n',
        replace: "    if (log.summary === '') log.summary = prepared.summary;\n",
      },
    ],
  },
];
