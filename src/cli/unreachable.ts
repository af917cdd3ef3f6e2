import { type ConnectionProblem, probeConnection } from '../client/connection-probe.ts';
import type { RpcError } from '../client/rpc-error.ts';
import type { CliDeps } from './cli-deps.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Problem } from './output.ts';
import { addressOf, tlsOf } from './session.ts';

/** Why nobody answered at the address, and what to do about it. */
export async function unreachable(error: RpcError, options: GlobalOptions, deps: CliDeps): Promise<Problem> {
  const address = addressOf(options, deps.env);
  const problem = await probeConnection(address, tlsOf(deps, options), deps.clock);
  const [why, hint] = advice(problem, error, options);
  return { code: 'UNREACHABLE', message: `cannot reach ${address}: ${why}`, hint };
}

function advice(
  problem: ConnectionProblem | undefined,
  error: RpcError,
  { certFile }: GlobalOptions,
): readonly [why: string, hint: string | undefined] {
  switch (problem) {
    case 'closed':
      return ['start a server with `orchestrator serve` or add --embedded', undefined];
    case 'server_talks_tls':
      return [
        'the server talks TLS and this command plain text',
        'add --tls, or --ca-file <file> with the authority of its certificate (a self-signed certificate is its own)',
      ];
    case 'server_talks_no_tls':
      return [
        'the server does not talk TLS',
        'leave out --tls, --ca-file, --cert-file and --key-file, or start it with --tls-cert and --tls-key',
      ];
    case 'untrusted':
      return [
        'the certificate of the server is of no authority that is trusted here',
        '--ca-file <file> names the authority (a self-signed certificate is its own)',
      ];
    case 'wrong_name':
      return [
        'the certificate of the server is for another host',
        '--address takes a host that its certificate names; or give the server a certificate with this one',
      ];
    case 'expired':
      return ['the certificate of the server is not valid today', 'give the server one that is'];
    case 'client_certificate':
      return certFile === undefined
        ? [
            'the server asks for a client certificate',
            'add --cert-file <file> and --key-file <file> with one whose authority the server trusts',
          ]
        : [
            'the server does not accept the client certificate',
            '--cert-file needs one whose authority the server trusts (its --tls-ca)',
          ];
    case undefined:
      return ['the connection was lost', `(${error.message})`];
  }
  throw new Error(`no advice for ${String(problem)}`);
}
