import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../clock/clock.ts';
import { limits } from '../workflow/limits.ts';
import { hostOf } from './address.ts';
import type { ClientTls } from './transport-security.ts';

/** Why a server cannot be talked to. */
export type ConnectionProblem =
  /** Nobody listens, or the host has no address. */
  | 'closed'
  /** We talk plain text, the server TLS. */
  | 'server_talks_tls'
  /** We talk TLS, the server something else. */
  | 'server_talks_no_tls'
  /** Its certificate is of no authority we trust. */
  | 'untrusted'
  /** Its certificate is for another host. */
  | 'wrong_name'
  /** Its certificate is not valid today. */
  | 'expired'
  /** It ends a connection without a certificate of ours that it trusts. */
  | 'client_certificate';

/**
 * Opens one more connection to find out why the one of a channel failed, whose library tells it in prose only. Takes
 * at most `limits.probeMs`; undefined when the connection shows nothing wrong.
 */
export async function probeConnection(
  address: string,
  tls: ClientTls | undefined,
  clock: Clock,
): Promise<ConnectionProblem | undefined> {
  const host = hostOf(address);
  const port = Number(/:(\d+)$/.exec(address)?.[1]);
  const socket = connect({ host, port });
  const timer = clock.after(limits.probeMs, () => socket.destroy(new Error('too slow')));
  try {
    if ((await nextOf(socket, 'connect')) !== 'connect') return 'closed';
    const secure = connectTls({
      socket,
      host,
      ...(isIP(host) === 0 && { servername: host }),
      ALPNProtocols: ['h2'],
      rejectUnauthorized: tls !== undefined,
      ...(tls?.ca && { ca: tls.ca }),
      ...(tls?.identity && { cert: tls.identity.certificate, key: tls.identity.key }),
    });
    try {
      const met = await nextOf(secure, 'secureConnect');
      if (!tls) return met === 'secureConnect' ? 'server_talks_tls' : undefined;
      if (met !== 'secureConnect') return problemOf(met);
      // A server of HTTP/2 speaks first, unless it does not like our certificate.
      return (await nextOf(secure, 'data')) === 'data' ? undefined : 'client_certificate';
    } finally {
      secure.destroy();
    }
  } catch {
    // The port of the address is none, or the files are no PEM: said elsewhere.
    return undefined;
  } finally {
    timer.cancel();
    socket.destroy();
  }
}

/** Resolves with the event's name, or with what ended the connection before it: an error's code, else `close`. */
function nextOf(socket: Socket | TLSSocket, event: 'connect' | 'secureConnect' | 'data'): Promise<string> {
  return new Promise((resolve) => {
    socket.once(event, () => resolve(event));
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : 'close'));
    socket.once('close', () => resolve('close'));
  });
}

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function problemOf(code: string): ConnectionProblem | undefined {
  if (untrusted.has(code)) return 'untrusted';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'wrong_name';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'expired';
  // An alert is TLS: before the end of the handshake it is about what we have shown.
  if (/^ERR_SSL_.*ALERT/.test(code)) return 'client_certificate';
  return code.startsWith('ERR_SSL_') || code === 'ECONNRESET' ? 'server_talks_no_tls' : undefined;
}
