import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { EmbeddedOptions } from '../../src/cli/cli-deps.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { ApplicationError } from '../../src/engine/application-error.ts';
import type { ConfigOverrides } from '../../src/config/config.ts';
import type { EventData } from '../../src/workflow/event.ts';
import { limits } from '../../src/workflow/limits.ts';
import { RestartableServer, task } from '../client/restartable-server.ts';
import { goodRun } from '../grpc/sample-events.ts';
import { run, type RunOptions, start, type Started } from './terminal.ts';

const terminal = { columns: 100, rows: 30 };
const failedRun: EventData[] = [
  { type: 'workflow_admitted', deadline: Date.UTC(2026, 0, 2) },
  { type: 'workflow_failed', error: { type: 'quorum', message: 'too \u001B[31mfew' } },
];

let server: RestartableServer;
let folder: string;

before(async () => {
  server = new RestartableServer();
  await server.start();
  folder = mkdtempSync(join(tmpdir(), 'orchestrator-cli-'));
});

after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const cli = (argv: readonly string[], options: RunOptions = {}): ReturnType<typeof run> =>
  run(argv, { env: { ORCHESTRATOR_ADDRESS: server.address }, cwd: folder, ...options });

const begin = (argv: readonly string[], options: RunOptions = {}): Started =>
  start(argv, { env: { ORCHESTRATOR_ADDRESS: server.address }, cwd: folder, ...options });

/** Starts a workflow and appends what happened to it. */
async function workflow(...events: readonly EventData[]): Promise<string> {
  const { out, code, err } = await cli(['research', task, '--detach', '--agents', '1']);
  assert.equal(code, 0, err);
  const id = out.trim();
  server.application.append(id, ...events);
  return id;
}

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe('the program', () => {
  test('documents its exit codes and commands in --help', async () => {
    const { code, out } = await run(['--help']);
    assert.equal(code, 0);
    for (const command of ['serve', 'research', 'watch', 'lifecycle', 'demo'])
      assert.match(out, new RegExp(`^  ${command} `, 'm'));
    for (const exit of [0, 1, 2, 3, 4, 5, 6, 7, 130]) assert.match(out, new RegExp(`^  ${exit} +\\w`, 'm'));
    assert.equal((await run(['--version'])).out, '1.2.3\n');
  });

  test('ends with 2 for arguments it cannot use, naming them', async () => {
    for (const [argv, message] of [
      [[], /Usage:/],
      [['wacth', 'x'], /unknown command 'wacth'/],
      [['get'], /missing required argument 'workflow-id'/],
      [['wait', 'x', '--timeout', '5'], /such as 90s, 10m or 2h/],
      [['research', task, '--agents', 'many'], /whole number/],
      [['research', task, '--label', 'novalue'], /key=value/],
      [['list', '--state', 'done'], /there is no state "done"/],
      [['stats', '--address', 'nowhere'], /must be host:port/],
      [['research', task, '--docs', '.', '--corpus', 'a'], /exclude each other/],
      [['research', task, '--embedded', '--detach'], /needs a server that stays/],
    ] as const) {
      const { code, out, err } = await cli(argv);
      assert.equal(code, 2, argv.join(' '));
      assert.equal(out, '');
      assert.match(err, message);
    }
  });

  test('says with --json what is wrong with the arguments as JSON, and nothing else', async () => {
    for (const [argv, message] of [
      [[], /no command is given/],
      [['wacth', 'x'], /unknown command 'wacth'/],
      [['get'], /missing required argument 'workflow-id'/],
      [['get', 'x', '--wrong'], /unknown option '--wrong'/],
      [['research', task, '--agents', 'many'], /whole number/],
    ] as const) {
      for (const args of [
        ['--json', ...argv],
        [...argv, '--json'],
      ]) {
        const { code, out, err } = await cli(args);
        assert.equal(code, 2, args.join(' '));
        assert.equal(out, '');
        const { error } = json(err) as { error: { code: string; message: string } };
        assert.equal(error.code, 'USAGE');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /^error/);
      }
    }
    assert.match((await cli(['get', '--help', '--json'])).out, /^Usage: /);
  });

  test('ends with 6 and says how to get a server when it reaches none', async () => {
    const { code, err } = await cli(['stats', '--address', '127.0.0.1:1']);
    assert.equal(code, 6);
    assert.match(
      err,
      /^error: cannot reach 127\.0\.0\.1:1: start a server with `orchestrator serve` or add --embedded\n/,
    );
  });

  test('ends with 5 for what is not found and with 2 for an id that is none', async () => {
    for (const command of ['get', 'watch', 'wait', 'cancel', 'pause', 'resume', 'events', 'result']) {
      assert.equal((await cli([command, 'research_000000000000'])).code, 5, command);
      assert.equal((await cli([command, 'no id'])).code, 2, command);
    }
  });

  test('ends with 7 for other refusals and with 6 when the server cannot serve', async () => {
    const id = await workflow();
    assert.equal((await cli(['resume', id])).code, 7);
    const unfinished = await cli(['result', id]);
    assert.equal(unfinished.code, 7);
    assert.match(unfinished.err, /orchestrator wait/);
    server.application.failing = new ApplicationError('unavailable', 'shutting down', {
      reason: 'SHUTTING_DOWN',
      retryDelayMs: 1_500,
    });
    try {
      const { code, err } = await cli(['get', id]);
      assert.equal(code, 6);
      assert.equal(err, 'error: shutting down\ntry again in 2 s\n');
    } finally {
      server.application.failing = undefined;
    }
  });

  test('row 86: refuses the task "x" and lists the bad fields one a line', async () => {
    const { code, err, out } = await cli(['research', 'x', '--agents', '99']);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, /^error: the server cannot use these fields:$/m);
    assert.match(err, /^ {2}task: .+$/m);
    assert.match(err, /^ {2}num_agents: .+$/m);
    const asJson = await cli(['research', 'x', '--json']);
    assert.equal(asJson.code, 2);
    const { error } = json(asJson.err) as { error: { code: string; violations: { field: string }[] } };
    assert.equal(error.code, 'INVALID_ARGUMENT');
    assert.deepEqual(
      error.violations.map(({ field }) => field),
      ['task'],
    );
  });

  test('row 85: cancels and prints the receipt; a second cancel prints the same one', async () => {
    const id = await workflow();
    const first = await cli(['cancel', id, '--reason', 'enough']);
    assert.equal(first.code, 0);
    assert.match(first.out, /CANCELLED {2}0 calls aborted, 0 finished, 10 tokens, \$1\.50/);
    assert.equal((await cli(['cancel', id])).out, first.out);
    assert.match((await cli(['get', id])).out, /state: +CANCELLED/);
    const finished = await cli(['cancel', await workflow(...goodRun)]);
    assert.equal(finished.code, 1);
    assert.match(finished.out, /COMPLETED {2}it had ended before/);
  });

  test('tells a receipt the same way wherever it stands', async () => {
    const receipt = {
      callsAborted: 1,
      callsFinished: 2,
      callsUnknown: 1,
      ignoredAbort: [],
      inputTokens: 8,
      outputTokens: 2,
      costNanoUsd: 0,
      assumedCostNanoUsd: 0,
      unpricedCalls: 1,
      quiescenceMs: 0,
    };
    const id = await workflow({ type: 'cancellation_requested' }, { type: 'workflow_cancelled', receipt });
    const watched = (await cli(['watch', id])).out;
    assert.match(
      watched,
      /workflow_cancelled {2}1 call aborted, 2 finished, 1 lost in a crash, at least \$0\.00 \(1 unpriced\)$/m,
    );
    assert.match((await cli(['get', id])).out, /outcome: +1 call aborted, 2 finished, 1 lost in a crash$/m);
    assert.match(
      (await cli(['cancel', id])).out,
      /CANCELLED {2}1 call aborted, 2 finished, 1 lost in a crash, 10 tokens, at least \$0\.00 \(1 unpriced\), quiet/,
    );
  });

  test('row 71: hands every start option to the server and says where it listens', async () => {
    let given: ConfigOverrides | undefined;
    const { code, err } = await run(
      [
        'serve',
        '--grpc-host',
        '127.0.0.2',
        '--grpc-port',
        '7001',
        '--data-dir',
        'data',
        '--log-level',
        'debug',
        '--insecure-remote',
        '--config',
        'o.yaml',
      ],
      {
        serve: async (overrides, listening) => {
          given = overrides;
          listening('127.0.0.2:7001');
          return 0;
        },
      },
    );
    assert.equal(code, 0);
    assert.deepEqual(given, {
      grpcHost: '127.0.0.2',
      grpcPort: '7001',
      dataDir: 'data',
      logLevel: 'debug',
      insecureRemote: true,
      config: 'o.yaml',
    });
    assert.equal(err, 'gRPC on 127.0.0.2:7001; Ctrl-C stops\n');
    const help = await run(['serve', '--help']);
    assert.match(help.out.replaceAll(/\s+/g, ' '), /ORCHESTRATOR_GRPC_PORT; default 50051/);
  });

  test('refuses client options of serve instead of leaving them aside', async () => {
    for (const argv of [
      ['--tls'],
      ['--ca-file', 'a.pem'],
      ['--cert-file', 'a.pem'],
      ['--key-file', 'a.key'],
      ['--address', '127.0.0.1:1'],
    ]) {
      let served = false;
      const { code, err } = await run(['serve', ...argv], {
        serve: async () => {
          served = true;
          return 0;
        },
      });
      assert.equal(code, 2, argv.join(' '));
      assert.equal(served, false);
      assert.match(err, new RegExp(`serve takes no ${argv[0]}`));
      assert.match(err, /--tls-cert <file> and --tls-key <file>/);
    }
  });

  test('leaves without a word when the reader of its output has gone', async () => {
    const looking = begin(['events', await workflow(...goodRun)]);
    looking.stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await looking.ended;
    assert.deepEqual(new Set(looking.exits), new Set([0]));
    assert.equal(looking.stderr.text, '');
  });

  test('lists every problem of a configuration', async () => {
    const problems = [
      { name: 'ORCHESTRATOR_GRPC_PORT', message: 'must be a whole number', example: '50051' },
      { name: 'data_dir', message: 'must be a path', example: './data' },
    ];
    const { code, err } = await run(['serve'], { serve: () => Promise.reject(new ConfigError(problems)) });
    assert.equal(code, 2);
    assert.match(err, /^ {2}ORCHESTRATOR_GRPC_PORT: must be a whole number \(example: 50051\)$/m);
    assert.match(err, /^ {2}data_dir: /m);
  });
});

describe('research', () => {
  test('sends exactly the options that were given', async () => {
    const known = server.application.starts.length;
    const { code, err } = await cli([
      ...['research', task, '--detach', '--agents', '3', '--provider', 'xai', '--model', 'a'],
      ...['--worker-model', 'b', '--synthesis-model', 'c', '--format', 'markdown,pdf', '--timeout', '10m'],
      ...['--agent-timeout', '90s', '--max-cost', '2.5', '--max-tokens', '1000', '--min-successful', '2'],
      ...[
        '--label',
        'team=sea',
        '--label',
        'a=b=c',
        '--priority',
        '-5',
        '--request-id',
        'r-1',
        '--title',
        'T',
      ],
      ...['--no-drummer', '--no-camina', '--extra', '2'],
    ]);
    assert.equal(code, 0, err);
    assert.deepEqual(server.application.starts[known]?.input, {
      task,
      numAgents: 3,
      maxExtraResearchers: 2,
      enableDrummer: false,
      enableCamina: false,
    });
    const { options, title, requestId } = server.application.starts[known] ?? {};
    assert.equal(title, 'T');
    assert.equal(requestId, 'r-1');
    assert.partialDeepStrictEqual(options, {
      providerName: 'xai',
      model: 'a',
      workerModel: 'b',
      synthesisModel: 'c',
      documentFormats: ['markdown', 'pdf'],
      workflowTimeoutMs: 600_000,
      agentTimeoutMs: 90_000,
      minSuccessfulAgents: 2,
      labels: { team: 'sea', a: 'b=c' },
      priority: -5,
    });

    await cli(['research', task, '--detach']);
    const bare = server.application.starts.at(-1);
    assert.deepEqual(bare?.input, { task });
    assert.equal(bare?.title ?? '', '');
  });

  test('prints a line per event in a pipe, then the outcome, and ends with 0', async () => {
    const running = begin(['research', task, '--agents', '1']);
    await running.stderr.shows(/research_[0-9a-f]{12} started/);
    const [id = ''] = /research_[0-9a-f]{12}/.exec(running.stderr.text) ?? [];
    server.application.append(id, ...goodRun);
    const { code, lines, out } = await running.ended;
    assert.equal(code, 0);
    assert.equal(lines.length, goodRun.length + 2);
    assert.match(
      lines[0] ?? '',
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}#1 {2}0 % {2}workflow_started {2}Research/,
    );
    assert.match(lines.at(-1) ?? '', new RegExp(`^${id} {2}COMPLETED {2}in .* completeness 50 %$`));
    assert.ok(!out.includes('\u001B'));
  });

  test('prints one document with --json and nothing but the outcome with --quiet', async () => {
    for (const flag of ['--json', '--quiet']) {
      const known = server.application.starts.length;
      const running = begin(['research', task, '--agents', '1', flag]);
      let id: string | undefined;
      while (id === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        if (server.application.starts.length > known) {
          const page = json((await cli(['list', '--json', '--page-size', '1'])).out);
          id = (page['workflows'] as { workflowId: string }[])[0]?.workflowId;
        }
      }
      server.application.append(id, ...goodRun);
      const { code, lines, err } = await running.ended;
      assert.equal(code, 0);
      assert.equal(err, '');
      assert.equal(lines.length, 1, flag);
      if (flag === '--json') {
        assert.partialDeepStrictEqual(json(lines[0] ?? ''), {
          workflow: { workflowId: id, state: 'STATE_COMPLETED', completeness: 0.5 },
          paths: [],
        });
      }
    }
  });

  test('shows a live tree in a terminal', async () => {
    const running = begin(['research', task, '--agents', '1'], { terminal });
    await running.stdout.shows(/PENDING/);
    await running.stdout.shows(/waits for: a slot|waits for: waits for a slot/);
    const [id = ''] = /research_[0-9a-f]{12}/.exec(running.stderr.text) ?? [];
    server.application.append(id, ...goodRun.slice(0, 9));
    await running.stdout.shows(/├─ Plan 1\/1[\s\S]*└─ Work 0\/1[\s\S]*● researcher\/0 .*calling/);
    server.application.append(id, ...goodRun.slice(9));
    const { code, out } = await running.ended;
    assert.equal(code, 0);
    assert.match(running.stdout.plain, /Synthesis 1\/1/);
    assert.match(running.stdout.plain, /documents: markdown done, pdf failed \(no font\)/);
    assert.equal(out.split('\u001B[?25l').length, 2, 'the cursor is hidden once');
    assert.match(
      out.slice(out.lastIndexOf('\u001B[?25h')),
      /COMPLETED/,
      'and shown again before the outcome',
    );
  });

  test('detaches at Ctrl-C and says how to come back; a second one leaves at once', async () => {
    const running = begin(['research', task], { terminal });
    await running.stdout.shows(/PENDING/);
    running.interrupt();
    running.interrupt();
    const { code, err, out } = await running.ended;
    assert.equal(code, 130);
    assert.deepEqual(running.exits, [130]);
    const [id = ''] = /research_[0-9a-f]{12}/.exec(err) ?? [];
    assert.match(err, new RegExp(`detached; ${id} goes on`));
    assert.match(err, new RegExp(`orchestrator watch ${id}\n  orchestrator cancel ${id}`));
    assert.ok(out.endsWith('\u001B[?25h'), 'the cursor is back');
    assert.match((await cli(['get', id])).out, /state: +PENDING/);
  });

  test('writes the documents into a folder, whatever the server calls them', async () => {
    const bytes = Buffer.from('# Tides\n');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const running = begin(['research', task, '--agents', '1', '--output', 'out']);
    await running.stderr.shows(/started/);
    const [id = ''] = /research_[0-9a-f]{12}/.exec(running.stderr.text) ?? [];
    server.application.renderedDocuments.set(id, [
      { format: 'markdown', fileName: '../../tides.md', mediaType: 'text/markdown', sha256, bytes },
    ]);
    server.application.append(
      id,
      ...goodRun.map((event) =>
        event.type === 'document_completed' ? { ...event, sha256, fileName: '../../tides.md' } : event,
      ),
    );
    const { code, lines, err } = await running.ended;
    assert.equal(code, 0, err);
    const path = join(folder, 'out', '_.._tides.md');
    assert.equal(lines.at(-1), `report: ${path}`);
    assert.deepEqual(readFileSync(path), bytes);
  });
});

describe('--docs', () => {
  const lastDocuments = (): readonly { name: string; text: string }[] =>
    (server.application.starts.at(-1)?.options['documents'] ?? []) as { name: string; text: string }[];

  test('sends the Markdown and text files of folders and files with the request', async () => {
    const docs = join(folder, 'docs');
    for (const sub of ['deep', '.hidden', 'node_modules']) mkdirSync(join(docs, sub), { recursive: true });
    writeFileSync(join(docs, 'a.md'), 'alpha');
    writeFileSync(join(docs, 'deep', 'b.txt'), 'beta é');
    writeFileSync(join(docs, 'code.ts'), 'no');
    writeFileSync(join(docs, '.hidden', 'c.md'), 'no');
    writeFileSync(join(docs, 'node_modules', 'd.md'), 'no');
    const argv = ['research', task, '--detach', '--docs', 'docs', '--docs', join(docs, 'a.md')];
    const { code, err } = await cli(argv);
    assert.equal(code, 0, err);
    assert.deepEqual(
      lastDocuments().map(({ name, text }) => [name, text]),
      [
        ['a.md', 'alpha'],
        ['deep/b.txt', 'beta é'],
        ['a.md (2)', 'alpha'],
      ],
    );
  });

  test('says how to use a corpus when it is too much, and what is wrong with a bad path or file', async () => {
    const big = join(folder, 'big');
    mkdirSync(big);
    writeFileSync(join(big, 'a.md'), Buffer.alloc(limits.inlineDocumentBytesMax, 'a'));
    assert.equal((await cli(['research', task, '--detach', '--docs', big])).code, 0);
    writeFileSync(join(big, 'b.md'), 'b');
    const tooMuch = await cli(['research', task, '--detach', '--docs', big]);
    assert.equal(tooMuch.code, 2);
    assert.match(tooMuch.err, /2 documents with 512\.0 KiB are too much to send/);
    assert.match(tooMuch.err, /--corpus/);

    const empty = join(folder, 'empty');
    mkdirSync(empty);
    assert.match((await cli(['research', task, '--docs', empty])).err, /no documents in/);
    assert.match((await cli(['research', task, '--docs', 'missing'])).err, /there is no .*missing/);
    writeFileSync(join(empty, 'binary.md'), Buffer.from([0xff, 0xfe, 0x00]));
    assert.match(
      (await cli(['research', task, '--docs', empty])).err,
      /binary\.md cannot be read as UTF-8 text/,
    );
  });

  test('is served as a corpus by an embedded server, which is stopped afterwards', async () => {
    let given: EmbeddedOptions | undefined;
    let stopped = 0;
    mkdirSync(join(folder, 'served'));
    const { code, err } = await cli(['research', task, '--embedded', '--data-dir', 'd', '--docs', 'served'], {
      startEmbedded: async (options) => {
        given = options;
        return { address: server.address, stop: async () => void stopped++ };
      },
    });
    assert.deepEqual(given, { dataDir: 'd', corpora: { docs: join(folder, 'served') } });
    assert.equal(server.application.starts.at(-1)?.options['corpus'], 'docs');
    // The server behind it is not the embedded one and knows no corpus.
    assert.equal(code, 2, err);
    assert.equal(stopped, 1);
  });

  test('says after Ctrl-C what a server needs to go on with an embedded run', async () => {
    let stopped = 0;
    const running = begin(['research', task, '--embedded', '--data-dir', 'd'], {
      startEmbedded: async () => ({ address: server.address, stop: async () => void stopped++ }),
    });
    await running.stdout.shows(/workflow_started/);
    running.interrupt();
    const { code, err } = await running.ended;
    assert.equal(code, 130);
    assert.match(
      err,
      /goes on when a server runs on the same data directory:\n {2}orchestrator serve --data-dir d\n/,
    );
    assert.equal(stopped, 1);
  });
});

describe('commands that look', () => {
  test('end as the workflow they followed ended', async () => {
    const ended: [EventData[], number][] = [
      [[...goodRun], 0],
      [failedRun, 1],
      [
        [
          { type: 'workflow_admitted', deadline: Date.UTC(2026, 0, 2) },
          {
            type: 'workflow_timed_out',
            limit: 'workflow_timeout',
            limitMs: 600_000,
            error: { type: 'deadline', message: 'workflow_timeout of 10m' },
          },
        ],
        4,
      ],
    ];
    for (const [events, code] of ended) {
      const id = await workflow(...events);
      for (const command of ['watch', 'wait'])
        assert.equal((await cli([command, id])).code, code, `${command} ${code}`);
    }
    const id = await workflow();
    await cli(['cancel', id]);
    assert.equal((await cli(['watch', id])).code, 3);
    const waiting = await cli(['wait', await workflow(), '--timeout', '0']);
    assert.equal(waiting.code, 4);
    assert.match(waiting.out, /PENDING {2}the time to wait is over/);
  });

  test('print nothing a terminal would obey', async () => {
    const id = await workflow(...failedRun);
    for (const argv of [['watch', id], ['get', id], ['events', id], ['wait', id], ['list'], ['result', id]]) {
      const { out, err } = await cli([...argv, '--no-color']);
      assert.ok(!(out + err).includes('\u001B'), argv.join(' '));
    }
    assert.match((await cli(['watch', id])).out, /quorum: too few/);
  });

  test('print JSON: a document, or a line per event for streams', async () => {
    const id = await workflow(...goodRun);
    const total = goodRun.length + 1;
    for (const argv of [
      ['get', id],
      ['list'],
      ['wait', id],
      ['result', id],
      ['stats'],
      ['orchestrators'],
      ['providers'],
      ['lifecycle'],
      ['cancel', id],
    ]) {
      const { lines, err } = await cli(['--json', ...argv]);
      assert.equal(lines.length, 1, argv.join(' '));
      assert.equal(typeof json(lines[0] ?? ''), 'object');
      assert.equal(err, '');
    }
    assert.partialDeepStrictEqual(json((await cli(['get', id, '--json'])).out), {
      workflowId: id,
      state: 'STATE_COMPLETED',
      sequence: String(total),
    });
    for (const argv of [
      ['events', id],
      ['watch', id],
    ]) {
      const { lines } = await cli([...argv, '--json', '--after', '2']);
      const events = lines.map(json);
      assert.deepEqual(
        events.map((event) => event['sequence']),
        Array.from({ length: total - 2 }, (_, index) => String(index + 3)),
      );
      assert.equal(events.at(-1)?.['type'], 'workflow_completed');
      assert.ok('workflowCompleted' in (events.at(-1) ?? {}));
      assert.ok(!('data' in (events.at(-1) ?? {})));
    }
    assert.equal((await cli(['events', id, '--json', '--limit', '3'])).lines.length, 3);
  });

  test('list workflows by state, label and page', async () => {
    const id = (await cli(['research', task, '--detach', '--label', 'only=this'])).out.trim();
    const { out, lines } = await cli(['list', '--label', 'only=this', '--state', 'pending,running']);
    assert.equal(lines.length, 2);
    assert.match(out, new RegExp(`^ID +STATE[\\s\\S]*^${id}  PENDING`, 'm'));
    assert.equal((await cli(['list', '--label', 'only=this', '--state', 'completed'])).err, 'no workflows\n');
    const page = await cli(['list', '--page-size', '1']);
    assert.equal(page.lines.length, 2);
    const [, token = ''] = /--page-token (\S+)/.exec(page.err) ?? [];
    const next = await cli(['list', '--page-size', '1', '--page-token', token]);
    assert.notEqual(next.lines[1], page.lines[1]);
  });

  test('pause, resume, print the result and write it to a file', async () => {
    const held = await workflow();
    assert.match((await cli(['pause', held])).out, /PAUSED/);
    assert.match((await cli(['resume', held])).out, /PENDING/);

    const id = await workflow(...goodRun);
    assert.equal((await cli(['result', id])).out, 'It is the moon [D1.1].\n');
    const written = await cli(['result', id, '--output', 'made/report.md']);
    assert.equal(written.code, 0, written.err);
    const text = readFileSync(join(folder, 'made', 'report.md'), 'utf8');
    assert.match(text, /^# Research: .*\n\nIt is the moon/);
    const missing = await cli(['result', id, '--output', 'report.docx']);
    assert.equal(missing.code, 5);
    assert.match(missing.err, /has no docx document/);
    const failed = await cli(['result', await workflow(...failedRun)]);
    assert.equal(failed.code, 1);
    assert.match(failed.err, /ended FAILED without a text; quorum: too few/);
  });

  test('show the catalog', async () => {
    assert.match((await cli(['orchestrators'])).out, /^research +1 {2}\w/m);
    assert.match((await cli(['providers'])).out, /^xai +yes +m +4 +1 .* open: m +http/m);
    assert.match((await cli(['stats'])).out, /^cost +at least \$1\.23 \(1 unpriced\)$/m);
    assert.match((await cli(['lifecycle'])).out, /^pending +workflow_completed +completed$/m);
    assert.match((await cli(['lifecycle', '--mermaid'])).out, /^stateDiagram-v2\n/);
  });

  test('follow a workflow across a restart of the server', async () => {
    const id = await workflow(...goodRun.slice(0, 5));
    const watching = begin(['watch', id]);
    await watching.stdout.shows(/#6 /);
    await server.stop();
    await watching.stderr.shows(/connection lost/);
    server.application.append(id, ...goodRun.slice(5));
    await server.start();
    const { code, lines } = await watching.ended;
    assert.equal(code, 0);
    assert.deepEqual(
      lines.slice(0, -1).map((line) => Number(/#(\d+)/.exec(line)?.[1])),
      Array.from({ length: goodRun.length + 1 }, (_, index) => index + 1),
    );
  });

  test('show what agents are writing as it is asked for', async () => {
    const planning = goodRun.slice(0, 4);
    /** Runs a watch while the planner writes, and ends the workflow when `shown` holds. */
    const watched = async (
      argv: readonly string[],
      text: string,
      shown: RegExp,
      options: RunOptions = {},
    ) => {
      const { application } = server;
      const id = await workflow(...planning);
      const key = { tenant: 'default', workflowId: id };
      const call = (await application.get(key)).state.agents.get('planner')?.openCall;
      assert.ok(call);
      const sink = application.progressFeed.sink(key, 'planner', call);
      const { promise: asked, resolve } = Promise.withResolvers<void>();
      const progress = application.progress.bind(application);
      application.progress = (...args) => {
        resolve();
        return progress(...args);
      };
      const watching = begin(['watch', id, ...argv], options);
      await Promise.race([asked, watching.stdout.shows(/#5 /)]);
      sink.add(text);
      await watching.stdout.shows(shown);
      application.progress = progress;
      application.append(id, ...goodRun.slice(4));
      return watching.ended;
    };
    const hostile = '1. \u001B[2JTides\n2. \u202EMoon';
    const lines = await watched(['--progress'], hostile, /~ {2}planner {2}1\./);
    assert.match(lines.out, /^~ {2}planner {2}\(calling\)$/m);
    assert.match(lines.out, /^~ {2}planner {2}1\. Tides 2\. Moon$/m);

    const printed = await watched(['--progress', '--json'], hostile, /"delta"/);
    const messages = printed.lines.map(json).flatMap(({ agentProgress }) => agentProgress ?? []);
    assert.deepEqual(messages.slice(0, 2), [
      { agentId: 'planner', turn: 0, attempt: 1, activity: 'ACTIVITY_CALLING' },
      { agentId: 'planner', turn: 0, attempt: 1, delta: { offset: '0', text: hostile } },
    ]);
    for (const control of ['\u001B', '\u202E']) assert.ok(!printed.out.includes(control));

    const drawn = await watched(['--progress'], hostile, /1\. Tides 2\. Moon/, { terminal });
    for (const control of ['\u001B[2J', '\u202E']) assert.ok(!drawn.out.includes(control));
    assert.equal(drawn.code, 0);

    const unasked = await watched([], hostile, /#5 /);
    assert.doesNotMatch(unasked.out, /calling|Moon|~/);
  });

  test('wait for a workflow across a restart of the server', async () => {
    const id = await workflow(...goodRun.slice(0, 5));
    const { application } = server;
    const wait = application.wait.bind(application);
    const { promise: waits, resolve } = Promise.withResolvers<void>();
    application.wait = (key, timeoutMs, signal) => {
      if (timeoutMs > 0) resolve();
      return wait(key, timeoutMs, signal);
    };
    const waiting = begin(['wait', id, '--timeout', '10m']);
    await waits;
    await server.stop();
    await waiting.stderr.shows(/connection lost/);
    server.application.append(id, ...goodRun.slice(5));
    await server.start();
    const { code, out } = await waiting.ended;
    assert.equal(code, 0);
    assert.match(out, /COMPLETED/);
  });
});
