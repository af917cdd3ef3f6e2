import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../../src/clock/real-clock.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import { silentLogger } from '../../src/workflow/logger.ts';
import { FakeApplication } from '../grpc/fake-application.ts';

/** Paths of a self-signed certificate and of its key. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** Certificates made for one test file, in a folder of their own. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'orchestrator-tls-'));

  /** `names`: subject alternative names, for example `IP:127.0.0.1`. */
  make(name: string, names: string): Pair {
    const pair = { certificate: join(this.folder, `${name}.pem`), key: join(this.folder, `${name}.key`) };
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`],
        ...['-out', pair.certificate, '-keyout', pair.key],
      ],
      { stdio: 'pipe' },
    );
    return pair;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** A server that talks TLS on 127.0.0.1, and asks for a certificate of `clientCa` when there is one. */
export async function startTlsServer(
  pair: Pair,
  clientCa?: string,
): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  const clock = new RealClock();
  const server = new GrpcServer(new FakeApplication(clock), { clock, logger: silentLogger, version: 'test' });
  const port = await server.start({
    host: '127.0.0.1',
    port: 0,
    tls: {
      certificate: readFileSync(pair.certificate),
      key: readFileSync(pair.key),
      ...(clientCa !== undefined && { clientCa: readFileSync(clientCa) }),
    },
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.stop(0) };
}
