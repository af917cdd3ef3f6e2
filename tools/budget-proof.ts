import { parseArgs } from 'node:util';
import { budgetRounds } from '../test/e2e/budget-rounds.ts';

// Proof of hard budgets: workflows with all of their agents calling at once, under a cap of each and one of the day,
// with kill -9 in between; every event of every log is gone through in the order in which it became durable. Prints a table
// and, as the last line, JSON; exits with 1 when a cap was exceeded.
const { values } = parseArgs({
  options: {
    workflows: { type: 'string', default: '10' },
    agents: { type: 'string', default: '20' },
    kills: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    'workflow-tokens': { type: 'string', default: '25000' },
    'day-tokens': { type: 'string', default: '150000' },
  },
});
const { violations, ...figures } = await budgetRounds({
  workflows: Number(values.workflows),
  agents: Number(values.agents),
  kills: Number(values.kills),
  seed: Number(values.seed),
  workflowTokens: Number(values['workflow-tokens']),
  dayTokens: Number(values['day-tokens']),
});
console.table(figures);
for (const violation of violations) console.log(`VIOLATION ${violation}`);
console.log(JSON.stringify({ ...figures, violations }));
process.exitCode = violations.length === 0 ? 0 : 1;
