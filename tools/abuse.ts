import { parseArgs } from 'node:util';
import type { Force } from '../test/abuse/attack.ts';
import { type AttackVerdict, runAttacks } from '../test/abuse/attack-round.ts';
import { fuzzAnswers } from '../test/abuse/answer-fuzz.ts';
import { fuzzMessages } from '../test/abuse/message-fuzz.ts';
import { Target } from '../test/abuse/target.ts';

// Proof against hostile callers, on the real server beside a witness that must be answered all the while. Alone or with
// `--messages N`: fuzzed messages of every method; `--seed S --first N --messages 1` sends one message again. With
// `--resets`, `--frames`, `--connections`, `--silent` or `--calls N`: every attack by streams, frames, connections and
// single calls, each as hard as said; `--attack TEXT` takes those whose name holds it. With `--answers N`: hostile models
// answer so many calls of whole runs, in this process. Prints tables and, as the last
// line, JSON; exits with 1 when anything is not as it must be.
const { values } = parseArgs({
  options: {
    answers: { type: 'string' },
    messages: { type: 'string' },
    first: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    resets: { type: 'string' },
    frames: { type: 'string' },
    connections: { type: 'string' },
    silent: { type: 'string' },
    calls: { type: 'string' },
    attack: { type: 'string' },
  },
});
const seed = Number(values.seed);
const { resets, frames, connections, silent, calls } = values;
const attacks = [resets, frames, connections, silent, calls, values.attack].some(
  (given) => given !== undefined,
);
const force: Force = {
  resets: Number(resets ?? 20_000),
  frames: Number(frames ?? 20_000),
  connections: Number(connections ?? 50),
  silent: Number(silent ?? 3_000),
  calls: Number(calls ?? 200),
};

const violations: string[] = [];
let told: object = {};
if (values.answers !== undefined) await answer(Number(values.answers));
const messages = values.messages !== undefined || (!attacks && values.answers === undefined);
if (messages || attacks) {
  const target = await Target.open();
  if (messages) await fuzz(target);
  if (attacks) await attack(target);
  violations.push(...(await target.close()));
}
for (const violation of violations) console.log(`VIOLATION ${violation}`);
console.log(JSON.stringify({ seed, ...told, violations }));
process.exitCode = violations.length === 0 ? 0 : 1;

async function answer(answers: number): Promise<void> {
  const { violations: found, kinds, ...figures } = await fuzzAnswers({ answers, seed });
  violations.push(...found);
  console.table(kinds);
  console.table({ ...figures, ends: JSON.stringify(figures.ends) });
  told = { ...told, ...figures, kinds };
}

async function fuzz(target: Target): Promise<void> {
  const { report, ...condition } = await target.under(() =>
    fuzzMessages(target, {
      messages: Number(values.messages ?? 20_000),
      seed,
      first: Number(values.first),
    }),
  );
  const { violations: broken, ...figures } = report;
  const { violations: unsound, witness, ...memory } = condition;
  violations.push(...broken, ...unsound);
  console.table(figures.codes);
  console.table({
    messages: figures.messages,
    seconds: figures.seconds,
    ...memory,
    witness: JSON.stringify(witness),
  });
  told = { ...told, ...figures, ...memory, witness };
}

async function attack(target: Target): Promise<void> {
  const verdicts: AttackVerdict[] = [];
  for await (const verdict of runAttacks(target, force, { seed, name: values.attack })) {
    verdicts.push(verdict);
    violations.push(...verdict.violations.map((violation) => `${verdict.attack}: ${violation}`));
    console.log(`${verdict.attack}: ${verdict.outcome}`);
  }
  if (verdicts.length === 0) violations.push(`no attack has "${values.attack}" in its name`);
  const columns = [
    'attack',
    'sent',
    'seconds',
    'witnessP99Ms',
    'witnessSlowestMs',
    'beforeMb',
    'mostMb',
    'afterMb',
  ];
  console.table(verdicts, columns);
  told = { ...told, force, attacks: verdicts };
}
