import type { DocumentLibrary } from '../../src/tool/document-library.ts';

const passageChars = 40;

/** Finds the beginning of every document. */
export const simulatedLibrary: DocumentLibrary = {
  corpora: [],
  index: (documents) => ({
    documents,
    search: () =>
      documents.map(({ name, sha256, text }, index) => ({
        handle: `D${index + 1}.1`,
        documentName: name,
        sha256,
        start: 0,
        end: Math.min(passageChars, text.length),
      })),
    passagesOf: () => [],
    close: () => undefined,
  }),
  corpus: (name) => Promise.reject(new Error(`no corpus ${name}`)),
};
