import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AnswerText } from '../../src/provider/answer-text.ts';
import type { AnswerSink } from '../../src/provider/model-provider.ts';
import { OfflineProvider } from '../../src/provider/offline-provider.ts';
import { failureFrom, never, requestOf, simulated } from './fixture.ts';

/** Takes what it is given while it listens. */
class Listener implements AnswerSink {
  readonly parts: string[] = [];
  asked = 0;
  listening: boolean;
  onPart: () => void = () => {};

  constructor(listening = true) {
    this.listening = listening;
  }

  get text(): string {
    return this.parts.join('');
  }

  get position(): number | undefined {
    this.asked++;
    return this.listening ? this.text.length : undefined;
  }

  add(text: string): void {
    this.parts.push(text);
    this.onPart();
  }
}

const text = 'Water boils at 100 degrees 🌊, at sea level.';

describe('a sink of an answer', () => {
  test('gets each part as it comes, and together they are the answer', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'answer', text, deltas: 5 });
    const sink = new Listener();
    const answer = await provider.call(requestOf('w_1/researcher/0/0/1'), never, sink);
    assert.equal(answer.text, text);
    assert.equal(sink.parts.length, 5);
    assert.equal(sink.text, text);
  });

  test('hears the beginning while the model still writes', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'answer', text, deltas: 2 });
    const hold = simulator.hold({}, 'middle');
    const sink = new Listener();
    const first = new Promise<void>((resolve) => {
      sink.onPart = resolve;
    });
    const answer = provider.call(requestOf('w_1/researcher/0/0/1'), never, sink);
    await first;
    assert.ok(text.startsWith(sink.text) && sink.text.length < text.length, sink.text);
    hold.release();
    assert.equal((await answer).text, text);
  });

  test('that wants nothing gets nothing', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'answer', text, deltas: 5 });
    const sink = new Listener(false);
    assert.equal((await provider.call(requestOf('w_1/researcher/0/0/1'), never, sink)).text, text);
    assert.ok(sink.asked > 0);
    assert.deepEqual(sink.parts, []);
  });

  test('gets nothing any more once the call is aborted', async (t) => {
    const { simulator, provider } = await simulated(t);
    simulator.otherwise({ kind: 'answer', text, deltas: 40 });
    const abort = new AbortController();
    const sink = new Listener();
    sink.onPart = () => abort.abort(new Error('enough'));
    const { failure } = await failureFrom(
      provider.call(requestOf('w_1/researcher/0/0/1'), abort.signal, sink),
    );
    assert.equal(failure.code, 'aborted');
    assert.equal(sink.parts.length, 1);
  });

  test('that comes late gets all that stands there at once', () => {
    const written = new AnswerText();
    const sink = new Listener(false);
    for (const part of ['one ', 'two ', 'three ']) {
      written.add(part);
      written.offer(sink);
    }
    sink.listening = true;
    written.offer(sink);
    written.offer(sink);
    written.add('four');
    written.offer(sink);
    assert.deepEqual(sink.parts, ['one two three ', 'four']);
    assert.equal(written.whole, sink.text);
  });

  test('that stands in the middle of a part gets the rest of it', () => {
    const written = new AnswerText();
    written.add('abcdef');
    written.add('ghi');
    const parts: string[] = [];
    written.offer({ position: 4, add: (part) => parts.push(part) });
    assert.deepEqual(parts, ['efghi']);
  });

  test('gets the answer of the offline provider in the same few parts every time', async () => {
    const passages = [{ handle: 'D1.1', documentName: 'water.md', text: 'Water boils at 100 degrees.' }];
    const brief = { kind: 'answer', task: 'boiling', question: 'When does water boil?', passages } as const;
    const sinks = [new Listener(), new Listener()];
    for (const sink of sinks) {
      const answer = await new OfflineProvider().call(
        requestOf('w_1/researcher/0/0/1', { brief }),
        never,
        sink,
      );
      assert.equal(sink.text, answer.text);
      assert.ok(sink.parts.length > 1 && sink.parts.length <= 4, `${sink.parts.length} parts`);
    }
    assert.deepEqual(sinks[0]?.parts, sinks[1]?.parts);
  });
});
