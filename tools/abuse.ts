import { parseArgs } from 'node:util';
import { fuzzMessages } from '../test/abuse/message-fuzz.ts';
import { Target } from '../test/abuse/target.ts';

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
console.log(JSON.stringify({ report, condition, close: await target.close() }, null, 1));
