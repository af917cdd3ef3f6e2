import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { status as Code } from '@grpc/grpc-js';
import { ApplicationError, type ApplicationErrorKind } from '../../src/engine/application-error.ts';
import type { StartResearchRequest__Input } from '../../src/gen/orchestrator/v1/StartResearchRequest.ts';
import type { Logger, LogFields } from '../../src/workflow/logger.ts';
import { ask, type Harness, refused, type Refusal, serve } from './harness.ts';

const workflowId = 'research_0a1b2c3d4e5f';

class RecordingLogger implements Logger {
  readonly debugs = true;
  readonly lines: { readonly level: string; readonly fields: LogFields; readonly message: string }[] = [];
  debug = (fields: LogFields, message: string): void =>
    void this.lines.push({ level: 'debug', fields, message });
  info = (fields: LogFields, message: string): void =>
    void this.lines.push({ level: 'info', fields, message });
  warn = (fields: LogFields, message: string): void =>
    void this.lines.push({ level: 'warn', fields, message });
  error = (fields: LogFields, message: string): void =>
    void this.lines.push({ level: 'error', fields, message });
}

describe('errors of calls', () => {
  const logger = new RecordingLogger();
  let harness: Harness;
  before(async () => {
    harness = await serve({ logger });
  });
  after(() => harness.close());

  async function refusedWith(error: unknown) {
    harness.application.failing = error;
    try {
      return await refused(harness.workflows, 'GetWorkflow', { workflowId });
    } finally {
      harness.application.failing = undefined;
    }
  }

  test('each kind has its code, and always an ErrorInfo of this domain', async () => {
    const codes: Record<ApplicationErrorKind, Code> = {
      invalid: Code.INVALID_ARGUMENT,
      not_found: Code.NOT_FOUND,
      conflict: Code.ALREADY_EXISTS,
      wrong_state: Code.FAILED_PRECONDITION,
      exhausted: Code.RESOURCE_EXHAUSTED,
      out_of_range: Code.OUT_OF_RANGE,
      damaged: Code.DATA_LOSS,
      unavailable: Code.UNAVAILABLE,
    };
    for (const [kind, code] of Object.entries(codes)) {
      const error = new ApplicationError(kind as ApplicationErrorKind, `it is ${kind}`, {
        reason: 'SOME_REASON',
        metadata: { workflow_id: workflowId, retry: 'no' },
        retryDelayMs: 2_500,
      });
      const refusal = await refusedWith(error);
      assert.equal(refusal.code, code);
      assert.equal(refusal.message, `it is ${kind}`);
      assert.equal(refusal.domain, 'orchestrator.v1');
      assert.equal(refusal.reason, 'SOME_REASON');
      assert.deepEqual(refusal.metadata, { workflow_id: workflowId, retry: 'no' });
      assert.deepEqual(refusal.retryDelay, { seconds: '2', nanos: 500_000_000 });
    }
  });

  test('a defect tells the client nothing but the request id, and the log everything', async () => {
    const secret = new Error('password is hunter2');
    const refusal = await refusedWith(secret);
    assert.equal(refusal.code, Code.INTERNAL);
    assert.doesNotMatch(refusal.message, /hunter2/);
    const line = logger.lines.findLast(({ level }) => level === 'error');
    assert.equal(line?.fields['error'], secret);
    assert.equal(line.fields['request_id'], refusal.metadata['request_id']);
  });

  test('what is thrown need not be an error', async () => {
    for (const thrown of ['text', null, { code: 0 }, { code: 5, details: 'looks like a status' }]) {
      assert.equal((await refusedWith(thrown)).code, Code.INTERNAL);
    }
  });

  test('a message cut inside an emoji still answers, on unary calls and on streams', async () => {
    const error = new ApplicationError('unavailable', 'cut \ud83d', {
      reason: 'CUT',
      metadata: { text: '\ude00' },
      retryDelayMs: 1,
    });
    const refusal = await refusedWith(error);
    assert.equal(refusal.message, 'cut \ufffd');
    assert.deepEqual(refusal.metadata, { text: '\ufffd' });
    harness.application.failing = error;
    const status = await new Promise<{ details: string }>((resolve) => {
      const stream = harness.workflows.WatchWorkflow({ workflowId, afterSequence: 0 });
      stream.on('error', () => undefined);
      stream.on('data', () => undefined);
      stream.on('status', resolve);
    });
    harness.application.failing = undefined;
    assert.equal(status.details, 'cut \ufffd');
    assert.equal((await refusedWith(error)).message, 'cut \ufffd', 'the server lives');
  });

  test('message and details stay within 6 KiB of trailers in any script, the reason survives', async () => {
    // As they stand in the trailers: percent-encoded and base64.
    const trailerBytes = ({ message, detailBytes }: Refusal): number =>
      encodeURI(message).length + Math.ceil(detailBytes / 3) * 4;
    const violations = Array.from({ length: 500 }, (_, index) => ({
      path: ['options', 'documents', index, 'name'],
      message: '界'.repeat(600),
      code: 'TOO_BIG',
    }));
    const many = await refusedWith(
      new ApplicationError('invalid', 'many', { reason: 'INVALID_REQUEST', violations }),
    );
    assert.ok(trailerBytes(many) <= 6_144 && many.fields.length >= 1 && many.fields.length <= 32);
    assert.equal(many.reason, 'INVALID_REQUEST');
    const metadata = { text: '界'.repeat(5_000) };
    const long = await refusedWith(
      new ApplicationError('wrong_state', '界'.repeat(5_000), { reason: 'LONG', metadata }),
    );
    assert.equal(long.message, '界'.repeat(170), '9 bytes each, at most 1.5 KiB');
    assert.ok(trailerBytes(long) <= 6_144);
    assert.equal(long.reason, 'LONG');
    const more = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`key_${index}`, metadata.text]));
    const least = await refusedWith(
      new ApplicationError('not_found', 'x'.repeat(5_000), { reason: 'MORE', metadata: more }),
    );
    assert.equal(least.message, 'x'.repeat(1_536));
    assert.ok(trailerBytes(least) <= 6_144);
    assert.deepEqual([least.reason, least.metadata], ['MORE', {}]);
  });

  test('rows 41–51, row 62, row 86: bad requests name the field and start nothing', async () => {
    const task = 'What is known about tides?';
    const table: readonly (readonly [row: number, request: StartResearchRequest__Input, field: string])[] = [
      [41, {}, 'task'],
      [86, { task: 'x' }, 'task'],
      [41, { task: ' '.repeat(12) }, 'task'],
      [41, { task: 'x'.repeat(5_001) }, 'task'],
      [42, { task, title: 'x'.repeat(201) }, 'title'],
      [43, { task, numAgents: 0 }, 'num_agents'],
      [43, { task, numAgents: 21 }, 'num_agents'],
      [43, { task, numAgents: -1 }, 'num_agents'],
      [47, { task, options: { documentFormats: ['markdown', 'odt'] } }, 'options.document_formats[1]'],
      [48, { task, options: { providerName: 'XAI!' } }, 'options.provider_name'],
      [48, { task, options: { providerName: 'nobody' } }, 'options.provider_name'],
      [49, { task, options: { model: 'x'.repeat(201) } }, 'options.model'],
      [50, { task, options: { webhookUrl: 'ftp://example.org' } }, 'options.webhook_url'],
      [62, { task, options: { maxRetries: 11 } }, 'options.max_retries'],
      [62, { task, options: { maxConcurrentAgents: 0 } }, 'options.max_concurrent_agents'],
      [62, { task, options: { maxCostUsd: Number.NaN } }, 'options.max_cost_usd'],
      [62, { task, options: { maxCostUsd: Number.POSITIVE_INFINITY } }, 'options.max_cost_usd'],
      [62, { task, options: { maxTokens: '9223372036854775807' } }, 'options.max_tokens'],
      [62, { task, options: { maxTokens: -1 } }, 'options.max_tokens'],
      [62, { task, options: { workflowTimeout: { seconds: -1 } } }, 'options.workflow_timeout'],
      [62, { task, options: { workflowTimeout: { seconds: 2_592_001 } } }, 'options.workflow_timeout'],
      [62, { task, options: { agentTimeout: { seconds: 86_401 } } }, 'options.agent_timeout'],
      [62, { task, options: { onLimit: 'explode' } }, 'options.on_limit'],
      [62, { task, options: { minSuccessfulAgents: 21 } }, 'options.min_successful_agents'],
      [62, { task, options: { priority: 101 } }, 'options.priority'],
      [62, { task, options: { documents: [{ name: '', text: 'x' }] } }, 'options.documents[0].name'],
      [62, { task, options: { corpus: 'nowhere' } }, 'options.corpus'],
      [62, { task, requestId: 'x'.repeat(129) }, 'request_id'],
    ];
    for (const [row, request, field] of table) {
      const refusal = await refused(harness.workflows, 'StartResearch', request);
      const label = `row ${row} ${field} ${JSON.stringify(request).slice(0, 100)}`;
      assert.equal(refusal.code, Code.INVALID_ARGUMENT, label);
      assert.ok(
        refusal.fields.some((violation) => violation.field === field && violation.description !== ''),
        `${label}: ${JSON.stringify(refusal.fields)}`,
      );
      assert.match(refusal.message, new RegExp(`^${RegExp.escape(field)}: `), label);
    }
    const { reply } = await ask(harness.workflows, 'ListWorkflows', {});
    assert.deepEqual(reply.workflows, []);
  });

  test('all bad fields are named at once', async () => {
    const refusal = await refused(harness.workflows, 'StartResearch', {
      task: 'x',
      numAgents: 99,
      options: { documentFormats: ['odt'], priority: 1_000 },
    });
    assert.deepEqual(refusal.fields.map(({ field }) => field).toSorted(), [
      'num_agents',
      'options.document_formats[0]',
      'options.priority',
      'task',
    ]);
  });

  test('lists refuse negative pages, unknown states and impossible times', async () => {
    const { workflows } = harness;
    const unknownState = 99 as unknown as 'STATE_PENDING';
    for (const [request, field] of [
      [{ pageSize: -1 }, 'page_size'],
      [{ pageToken: 'made-up' }, 'page_token'],
      [{ states: [unknownState] }, 'states[0]'],
      [{ states: ['STATE_PENDING', 'STATE_UNSPECIFIED'] }, 'states[1]'],
      [{ createTimeFrom: { seconds: '9223372036854775807' } }, 'create_time_from'],
      [{ createTimeBefore: { nanos: -1 } }, 'create_time_before'],
    ] as const) {
      const refusal = await refused(workflows, 'ListWorkflows', {
        ...request,
        states: 'states' in request ? [...request.states] : [],
      });
      assert.equal(refusal.code, Code.INVALID_ARGUMENT);
      assert.deepEqual(
        refusal.fields.map((violation) => violation.field),
        [field],
      );
    }
    const refusal = await refused(workflows, 'ListWorkflowEvents', { workflowId, afterSequence: -1 });
    assert.equal(refusal.fields[0]?.field, 'after_sequence');
  });

  test('JSON nested too deep is refused before it reaches the application', async () => {
    let value: object = { stringValue: 'x' };
    for (let depth = 0; depth < 20; depth++) value = { listValue: { values: [value] } };
    const starts = harness.application.starts.length;
    const refusal = await refused(harness.workflows, 'StartWorkflow', {
      orchestrator: 'research',
      input: { fields: { deep: value } },
    });
    assert.equal(refusal.code, Code.INVALID_ARGUMENT);
    assert.match(refusal.fields[0]?.field ?? '', /^input\.deep\[0\]/);
    assert.equal(harness.application.starts.length, starts);
  });
});
