import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Orchestrator } from '../src/orchestrator/orchestrator.ts';
import { research } from '../src/orchestrator/research.ts';
import { withNode } from './drive.ts';
import type { Figure } from './figure.ts';

const turns = 100;
const tokens = 200_000;
/** What a token of English text has, about. */
const charsPerToken = 4;
const bytesPerMb = 1_000_000;

/** An agent that is asked again after every answer, its whole conversation in each prompt, until it has no turn left. */
const conversation: Orchestrator = {
  ...research,
  name: 'conversation',
  render(state, agentId, passages) {
    const { messages, brief } = research.render(state, agentId, passages);
    const answers = state.agents.get(agentId)?.turns ?? [];
    const followUps = answers.flatMap(({ output }) => [
      { role: 'assistant' as const, content: output.text },
      { role: 'user' as const, content: 'Go on.' },
    ]);
    const { task } = brief;
    return {
      messages: [...messages, ...followUps],
      brief: { kind: 'answer', task, question: task, passages: [] },
    };
  },
  judge: () => ({ type: 'again' }),
};

export async function agentLog(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-agent-'));
  try {
    await withNode(
      {
        answerTime: 0,
        folder,
        orchestrators: [conversation],
        answerChars: (tokens / turns) * charsPerToken,
        turnsPerAgent: turns,
      },
      async (node) => {
        const key = await node.begin('conversation');
        await node.supervisor.find(key)?.ended;
        if (node.catalog.calls !== turns) throw new Error(`${node.catalog.calls} turns instead of ${turns}`);
      },
    );
    const database = new DatabaseSync(join(folder, 'orchestrator.db'), { readOnly: true });
    const bytesOf = (sql: string): number => Number(database.prepare(sql).get()?.['n'] ?? 0);
    // The store holds this one workflow, so everything in it belongs to its log.
    const bytes =
      bytesOf('SELECT sum(length(CAST(body AS BLOB))) AS n FROM event') +
      bytesOf('SELECT sum(length(bytes)) AS n FROM blob') +
      bytesOf('SELECT sum(length(CAST(body AS BLOB))) AS n FROM description');
    database.close();
    return [
      {
        name: `log of an agent with ${tokens} tokens over ${turns} turns`,
        value: bytes / bytesPerMb,
        unit: 'MB',
        reach: { value: 3, atMost: true },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
