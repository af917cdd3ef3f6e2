import type { Mutant } from './mutant.ts';

const reader = 'engine/progress-reader.ts';
const feed = 'engine/progress-feed.ts';

/** Rules of what may be told of a call that is under way. */
export const progressMutants: readonly Mutant[] = [
  {
    name: 'progress of what the reader has not read yet',
    patches: [
      {
        file: reader,
        find: 'if (this.#source.sequence !== sequence) return undefined;',
        replace: '',
      },
    ],
  },
  {
    name: 'progress without a roll-back',
    patches: [
      { file: reader, find: 'if (told?.turn === turn) return {', replace: 'if (attempt < 0) return {' },
    ],
  },
  {
    name: 'progress of a call that has ended',
    patches: [
      { file: feed, find: '    this.#open = false;', replace: '' },
      {
        file: feed,
        find: 'return standing?.turn === turn && standing.attempt === attempt ? standing.text : undefined;',
        replace: 'return standing?.text;',
      },
    ],
  },
  {
    name: 'progress counted in units instead of bytes',
    patches: [{ file: reader, find: 'offset: stretch.start.bytes', replace: 'offset: stretch.start.units' }],
  },
  {
    name: 'progress parts a character',
    patches: [
      {
        file: 'engine/written-text.ts',
        find: 'isHighSurrogate(this.#kept.charCodeAt(this.#kept.length - 1)) ? this.end - 1 : this.end',
        replace: 'this.end',
      },
    ],
  },
];
