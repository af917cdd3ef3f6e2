import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLogger, type LoggerOptions } from '../../src/telemetry/logger.ts';

function written(options: Partial<LoggerOptions> = {}): {
  lines: string[];
  logger: ReturnType<typeof createLogger>;
} {
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line) };
  return { lines, logger: createLogger({ level: 'info', format: 'json', stream, ...options }) };
}

const parse = (line: string | undefined): Record<string, unknown> =>
  JSON.parse(line ?? '') as Record<string, unknown>;

test('writes one JSON line with time, level, message and fields', () => {
  const { lines, logger } = written();
  logger.warn({ workflow_id: 'research_0a1b2c3d4e5f', sequence: 3 }, 'slow');
  const { time, ...line } = parse(lines[0]);
  assert.match(String(time), /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.deepEqual(line, {
    level: 'warn',
    workflow_id: 'research_0a1b2c3d4e5f',
    sequence: 3,
    message: 'slow',
  });
  assert.ok(lines[0]?.endsWith('\n'));
});

test('leaves out what is below the level', () => {
  const { lines, logger } = written({ level: 'warn' });
  logger.debug({}, 'a');
  logger.info({}, 'b');
  logger.error({}, 'c');
  assert.deepEqual(
    lines.map((line) => parse(line)['message']),
    ['c'],
  );
});

test('adds the context of the moment, and a field of the line wins (row 98)', () => {
  let request = 'one';
  const { lines, logger } = written({ context: () => ({ request_id: request, trace_id: 't' }) });
  logger.info({}, 'a');
  request = 'two';
  logger.info({ trace_id: 'mine' }, 'b');
  assert.deepEqual(
    [parse(lines[0])['request_id'], parse(lines[1])['request_id'], parse(lines[1])['trace_id']],
    ['one', 'two', 'mine'],
  );
});

test('writes no credential, whether in a field, a message, a stack or a cause', () => {
  const canary = 'Zm9v"canary\\9f2c77d1';
  for (const format of ['json', 'pretty'] as const) {
    const { lines, logger } = written({ format, secrets: [canary, 'short'] });
    const cause = Object.assign(new Error(`Bearer ${'x'.repeat(20)} and ${canary}`), {
      headers: { authorization: canary },
    });
    const error = new Error('key sk-proj-abcdefghijkl was refused', { cause });
    logger.error(
      { error, nested: { list: [canary, 'xai-0123456789abcdef'] } },
      `at https://user:hunter22@host/ with ${canary}`,
    );
    const text = lines.join('');
    for (const secret of [canary, 'canary', 'sk-proj', 'xai-0123', 'hunter22', 'xxxxxxxx'])
      assert.ok(!text.includes(secret), `${secret} in ${text}`);
    assert.match(text, /was refused/);
    if (format === 'json') assert.equal(parse(lines[0])['level'], 'error');
  }
});

test('leaves no part of a secret where a long text is cut', () => {
  const canary = 'canary9f2c77d1e0b84a';
  const { lines, logger } = written({ secrets: [canary] });
  const long = `${'y'.repeat(16 * 1024 - 8)}${canary} end`;
  logger.error({ text: long, error: new Error(long, { cause: long }) }, 'failed');
  assert.equal(lines.length, 1);
  assert.ok(!lines[0]?.includes(canary.slice(0, 6)), 'the head of the secret was written');
});

test('writes an error with its causes and without what a library hung on it', () => {
  const { lines, logger } = written();
  const inner = Object.assign(new TypeError('inner'), { code: 'ECONNRESET', request: { body: 'big' } });
  logger.error({ error: new AggregateError([new Error('part')], 'outer', { cause: inner }) }, 'failed');
  const error = parse(lines[0])['error'] as {
    message: string;
    cause: Record<string, unknown>;
    errors: unknown[];
  };
  assert.equal(error.message, 'outer');
  assert.deepEqual(
    [error.cause['type'], error.cause['code'], error.cause['request']],
    ['TypeError', 'ECONNRESET', undefined],
  );
  assert.equal(error.errors.length, 1);
});

test('survives a cycle of causes, a thrown object and endless text', () => {
  const { lines, logger } = written();
  const cyclic = new Error('round');
  cyclic.cause = cyclic;
  logger.error({ error: cyclic }, 'a');
  logger.error({ error: new Error('x', { cause: { odd: 1n } }) }, 'b');
  logger.error({ text: 'y'.repeat(1_000_000) }, 'c');
  assert.equal(lines.length, 3);
  assert.ok((lines[2]?.length ?? 0) < 20_000);
});

test('is readable in a terminal and JSON elsewhere when the format is auto', () => {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  createLogger({ level: 'info', format: 'auto', stream: { write, isTTY: true } }).info({ a: 1 }, 'hello');
  createLogger({ level: 'info', format: 'auto', stream: { write } }).info({ a: 1 }, 'hello');
  assert.throws(() => parse(lines[0]));
  assert.match(lines[0] ?? '', /INFO.*hello/);
  assert.equal(parse(lines[1])['a'], 1);
});

test('writes to standard error by default, so that standard output stays the answer', async () => {
  const program = `
    import { createLogger } from './src/telemetry/logger.ts';
    createLogger({ level: 'info', format: 'auto' }).error({ a: 1 }, 'last words');
    process.exit(3);`;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
  });
  const ended = await run.catch(
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  assert.equal('code' in ended && ended.code, 3);
  assert.equal(ended.stdout, '');
  assert.equal(parse(ended.stderr)['message'], 'last words');
});
