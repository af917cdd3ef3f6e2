import { parseArgs } from 'node:util';
import { fuzzMessages } from '../test/abuse/message-fuzz.ts';
import { Target } from '../test/abuse/target.ts';

// Proof against hostile callers: fuzzed messages of every method to the real server, beside a witness that must be
// answered all the while. `--seed S --first N --messages 1` sends one message again. The frames no library would send are
// in the tests. Prints a table and, as the last line, JSON; exits with 1 when anything is not as it must be.
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    first: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});
const target = await Target.open();
const { report, ...condition } = await target.under(() =>
  fuzzMessages(target, {
    messages: Number(values.messages),
    seed: Number(values.seed),
    first: Number(values.first),
  }),
);
const { violations: broken, ...figures } = report;
const { violations: unsound, witness, ...memory } = condition;
const violations = [...broken, ...unsound, ...(await target.close())];
console.table(figures.codes);
console.table({
  messages: figures.messages,
  seconds: figures.seconds,
  ...memory,
  witness: JSON.stringify(witness),
});
for (const violation of violations) console.log(`VIOLATION ${violation}`);
console.log(JSON.stringify({ ...figures, ...memory, witness, violations }));
process.exitCode = violations.length === 0 ? 0 : 1;
