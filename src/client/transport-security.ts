import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import { hostOf } from './address.ts';

/** How to talk TLS: whom to trust, and what to show of oneself. All are PEM. */
export interface ClientTls {
  /** Authority of the server's certificate. Default: the authorities of this system. */
  readonly ca?: Buffer | undefined;
  /** Certificate of this client and its key, for servers that ask for one. */
  readonly identity?: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
}

/** What a channel needs besides its address. */
export interface ChannelSecurity {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/** Plain text without `tls`. Throws what node:tls throws for a PEM it cannot read, and for a key of another certificate. */
export function channelSecurity(address: string, tls: ClientTls | undefined): ChannelSecurity {
  if (!tls) return { credentials: credentials.createInsecure(), options: {} };
  const { ca = null, identity } = tls;
  const key = identity?.key ?? null;
  const certificate = identity?.certificate ?? null;
  const host = hostOf(address);
  if (isIP(host) === 0) return { credentials: credentials.createSsl(ca, key, certificate), options: {} };
  // TLS knows no server name that is an IP address; the name that is sent means nothing, the certificate must have the IP.
  return {
    credentials: credentials.createSsl(ca, key, certificate, {
      checkServerIdentity: (_name: string, found: PeerCertificate) => checkServerIdentity(host, found),
    }),
    options: { 'grpc.ssl_target_name_override': 'localhost' },
  };
}
