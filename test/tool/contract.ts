import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DocumentSet } from '../../src/tool/document-library.ts';
import {
  type ToolCallContext,
  ToolCallError,
  type ToolResult,
  type ToolSource,
} from '../../src/tool/tool-source.ts';

interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A source and calls of it that end in every way there is. */
export interface ToolFixture {
  /** Not started yet. */
  readonly source: ToolSource;
  readonly documents?: DocumentSet;
  readonly good: Call & { readonly says: RegExp };
  readonly fails: Call;
  dispose?(): Promise<void>;
}

/** Of a source that may take time and say much. */
export interface SlowToolFixture extends ToolFixture {
  /** Answers only when it is stopped. */
  readonly hangs: Call;
  /** Says more than its tool's `outputBytesMax`. */
  readonly huge: Call;
}

/** Runs the work with a source that is started, and closed afterwards. */
async function opened<Fixture extends ToolFixture>(
  open: () => Promise<Fixture>,
  work: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const fixture = await open();
  try {
    await fixture.source.start();
    await work(fixture);
  } finally {
    await fixture.source.close();
    await fixture.dispose?.();
  }
}

function call(
  { source, documents }: ToolFixture,
  { tool, args }: Call,
  context: Partial<ToolCallContext> = {},
): Promise<ToolResult> {
  return source.call(tool, args, {
    signal: new AbortController().signal,
    timeoutMs: 30_000,
    callId: 'research_000000000000/researcher/0/0/tool/c',
    documents,
    ...context,
  });
}

async function codeOf(answer: Promise<ToolResult>): Promise<string> {
  const error = await answer.then(
    (result) => assert.fail(`it answered ${JSON.stringify(result)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ToolCallError, `rejects with a ToolCallError, not ${String(error)}`);
  return error.failure.code;
}

/** What every source of tools promises. */
export function toolSourceContract(name: string, open: () => Promise<ToolFixture>): void {
  const within = (work: (fixture: ToolFixture) => Promise<void>): Promise<void> => opened(open, work);

  describe(`${name} as a source of tools`, () => {
    test('offers tools with unique names, a description and the schema of an object', () =>
      within(async ({ source }) => {
        assert.match(source.name, /^[a-z][a-z0-9_-]*$/);
        assert.ok(source.tools.length > 0);
        const names = source.tools.map((tool) => tool.name);
        assert.equal(new Set(names).size, names.length);
        for (const tool of source.tools) {
          assert.equal(typeof tool.description, 'string');
          assert.equal(tool.parameters['type'], 'object', tool.name);
          assert.ok(tool.timeoutMs > 0 && tool.outputBytesMax > 0, tool.name);
        }
      }));

    test('offers the same tools in the same order when it is asked again', () =>
      within(async ({ source }) => {
        assert.deepEqual(source.tools, source.tools);
        assert.equal(source.tools[0], source.tools[0], 'and not copies of them');
      }));

    test('answers a call with a text', () =>
      within(async (fixture) => {
        const result = await call(fixture, fixture.good);
        assert.equal(result.isError, false, result.text);
        assert.match(result.text, fixture.good.says);
        assert.ok(result.text.isWellFormed());
      }));

    test('answers and does not throw when the tool says that it failed', () =>
      within(async (fixture) => {
        const result = await call(fixture, fixture.fails);
        assert.equal(result.isError, true);
        assert.notEqual(result.text.trim(), '');
      }));

    test('rejects a tool it does not have', () =>
      within(async (fixture) => {
        assert.equal(await codeOf(call(fixture, { tool: 'no_such_tool', args: {} })), 'tool');
      }));

    test('does nothing for a call that was stopped before it began', () =>
      within(async (fixture) => {
        const signal = AbortSignal.abort(new Error('too late'));
        assert.equal(await codeOf(call(fixture, fixture.good, { signal })), 'aborted');
      }));

    test('may be closed twice, and calls nothing afterwards', () =>
      within(async (fixture) => {
        await fixture.source.close();
        await fixture.source.close();
        assert.match(await codeOf(call(fixture, fixture.good)), /^(?:aborted|connection|tool)$/);
      }));
  });
}

/** What a source promises besides, whose tools may take time and say much. */
export function slowToolSourceContract(name: string, open: () => Promise<SlowToolFixture>): void {
  toolSourceContract(name, open);

  describe(`a source of tools that may take time: ${name}`, () => {
    test('ends a call that is stopped', () =>
      opened(open, async (fixture) => {
        const stop = new AbortController();
        const code = codeOf(call(fixture, fixture.hangs, { signal: stop.signal }));
        setImmediate(() => stop.abort(new Error('enough')));
        assert.equal(await code, 'aborted');
        const after = await call(fixture, fixture.good);
        assert.equal(after.isError, false, 'the next call is not concerned');
      }));

    test('cuts what is too long and says so', () =>
      opened(open, async (fixture) => {
        const { huge } = fixture;
        const { text } = await call(fixture, huge);
        const max = fixture.source.tools.find((tool) => tool.name === huge.tool)?.outputBytesMax ?? 0;
        assert.ok(Buffer.byteLength(text, 'utf8') <= max);
        assert.match(text, /\[cut here: the whole text has \d+ bytes\]$/);
        assert.ok(text.isWellFormed());
      }));
  });
}
