import type { ModelAnswer, ModelRequest } from '../../src/provider/model-provider.ts';
import type { FaultPoint } from './coverage.ts';
import type { Dice } from './dice.ts';

const hugeTextChars = 20_000;
/** How far beyond its reservation a provider bills. */
const overrunTokens = 100_000;
const ownCostNanoUsd = 1_234;

/** An answer that a good provider would not give. */
export function oddAnswer(
  request: ModelRequest,
  plain: ModelAnswer,
  dice: Dice,
  hit: (point: FaultPoint) => void,
): ModelAnswer {
  const { brief } = request;
  if (brief.kind === 'plan' && brief.types && dice.chance(0.3)) {
    hit('provider: plan of types that are not allowed');
    return { ...plain, text: plain.text.replaceAll(/"type":"\w+"/g, '"type":"social"') };
  }
  if (brief.kind === 'answer' && dice.chance(0.3)) {
    hit('provider: finds nothing out');
    return { ...plain, text: 'NO ANSWER: nobody has written about it.' };
  }
  switch (dice.whole(0, brief.kind === 'plan' ? 7 : 6)) {
    case 0:
      hit('provider: reports no usage');
      return { ...plain, usage: undefined };
    case 1:
      hit('provider: reports more usage than was reserved');
      return { ...plain, usage: { inputTokens: overrunTokens, outputTokens: request.maxOutputTokens } };
    case 2:
      hit('provider: reports its own cost');
      return { ...plain, reportedCostNanoUsd: ownCostNanoUsd };
    case 3:
      hit('provider: empty text');
      return { ...plain, text: ' \n' };
    case 4:
      hit('provider: lone surrogate');
      return { ...plain, text: `${plain.text} \ud83d` };
    case 5:
      hit('provider: huge text');
      return { ...plain, text: plain.text + ' x'.repeat(hugeTextChars / 2) };
    case 6:
      if (brief.kind === 'plan') {
        hit('provider: plan that is none');
        return { ...plain, text: 'I would rather not plan.' };
      }
      hit('provider: unknown citations');
      return { ...plain, text: `${plain.text} [D99.9] [D1.1]` };
    default:
      hit('provider: plan that is short');
      return { ...plain, text: '1. **Only part**: What is known about the only part?' };
  }
}
