import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RestartableServer } from '../client/restartable-server.ts';
import { Certificates, type Pair, startTlsServer } from '../client/tls-server.ts';
import { run } from './terminal.ts';

let certificates: Certificates;
let server: Pair;
let client: Pair;

before(() => {
  certificates = new Certificates();
  server = certificates.make('server', 'IP:127.0.0.1');
  client = certificates.make('client', 'DNS:client');
});

after(() => certificates.remove());

describe('TLS', () => {
  test('reaches a server by an IP address that its certificate has', async () => {
    const { address, stop } = await startTlsServer(server);
    try {
      const { code, err } = await run(['stats', '--address', address, '--ca-file', server.certificate]);
      assert.equal(err, '');
      assert.equal(code, 0);
    } finally {
      await stop();
    }
  });

  test('refuses a server whose certificate has another IP address', async () => {
    const other = certificates.make('other', 'IP:127.0.0.2,DNS:localhost');
    const { address, stop } = await startTlsServer(other);
    try {
      const { code } = await run(['stats', '--address', address, '--ca-file', other.certificate]);
      assert.equal(code, 6);
      const byName = address.replace('127.0.0.1', 'localhost');
      assert.equal((await run(['stats', '--address', byName, '--ca-file', other.certificate])).code, 0);
    } finally {
      await stop();
    }
  });

  test('shows a certificate to a server that asks for one', async () => {
    const { address, stop } = await startTlsServer(server, client.certificate);
    try {
      const argv = ['stats', '--address', address, '--ca-file', server.certificate];
      const { code, err } = await run([...argv, '--cert-file', client.certificate, '--key-file', client.key]);
      assert.equal(err, '');
      assert.equal(code, 0);
      assert.equal((await run(argv)).code, 6);
    } finally {
      await stop();
    }
  });

  test('takes a certificate only with its key, and only files it can use', async () => {
    for (const [argv, message] of [
      [['--cert-file', client.certificate], /--cert-file and --key-file belong together/],
      [['--key-file', client.key], /--cert-file and --key-file belong together/],
      [['--ca-file', `${client.key}-missing`], /--ca-file .* cannot be read/],
      [['--cert-file', client.certificate, '--key-file', server.key], /the TLS files cannot be used/],
    ] as const) {
      const { code, err } = await run(['stats', ...argv]);
      assert.equal(code, 2, argv.join(' '));
      assert.match(err, message);
    }
  });

  test('says what to do when the connection fails because of TLS', async () => {
    const other = certificates.make('elsewhere', 'IP:127.0.0.2');
    const strict = await startTlsServer(server, client.certificate);
    const lost = await startTlsServer(other);
    const plain = new RestartableServer();
    await plain.start();
    const ca = ['--ca-file', server.certificate];
    try {
      for (const [address, argv, message] of [
        [strict.address, [], /the server talks TLS and this command plain text\nadd --tls, or --ca-file/],
        [strict.address, ['--tls'], /no authority that is trusted here\n--ca-file <file>/],
        [strict.address, ca, /asks for a client certificate\nadd --cert-file <file> and --key-file <file>/],
        [
          strict.address,
          [...ca, '--cert-file', server.certificate, '--key-file', server.key],
          /does not accept the client certificate/,
        ],
        [lost.address, ['--ca-file', other.certificate], /certificate of the server is for another host/],
        [plain.address, ['--tls'], /the server does not talk TLS\nleave out --tls/],
        ['127.0.0.1:1', ['--tls'], /start a server with `orchestrator serve`/],
      ] as const) {
        const { code, err } = await run(['stats', '--address', address, ...argv]);
        assert.equal(code, 6, argv.join(' '));
        assert.match(err, message);
        assert.doesNotMatch(err, /Resolution note/);
        const asJson = await run(['stats', '--json', '--address', address, ...argv]);
        assert.match(asJson.err, /^\{"error":\{"code":"UNREACHABLE",/);
      }
    } finally {
      await strict.stop();
      await lost.stop();
      await plain.stop();
    }
  });
});
