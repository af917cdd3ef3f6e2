import { defineOrchestrator, z } from 'mcp-orchestrator/orchestrator';

/** The same question to every part of a list at once, and one answer over all of theirs. */
export default defineOrchestrator({
  name: 'map_reduce',
  version: 1,
  description: 'Answers a question for every item of a list and merges the answers.',
  input: {
    question: z.string().trim().min(5).max(1_000).describe('Asked about every item.'),
    items: z.array(z.string().trim().min(1).max(200)).min(1).max(20),
  },
  task: ({ question }) => question,
  stages: ({ items }) => [items.length, 1],
  next({ input, ended, text }) {
    const parts = input.items.map((item, index) => ({
      id: `map/${index}`,
      title: item,
      instruction: `Answer the question for this item only: ${item}`,
      search: `${item} ${input.question}`,
      // An item that fails is named as missing in the answer; it does not end the run.
      optional: true,
    }));
    const ids = parts.map(({ id }) => id);
    if (!ended(...ids)) return { ask: parts };
    if (ids.every((id) => text(id) === undefined)) return { fail: 'no item has an answer' };
    if (ended('reduce')) return { finish: 'reduce' };
    const instruction =
      'Merge the answers into one that compares the items. Name every item that is missing.';
    return { ask: [{ id: 'reduce', role: 'final', title: 'Answer', instruction, from: ids }] };
  },
});
