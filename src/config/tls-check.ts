import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** Contents of the TLS files, as far as they could be read. */
export interface TlsFiles {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
}

/** What is wrong with TLS files, by setting; never quotes them. Empty: a server can use them. */
export function tlsProblems({
  tlsCert,
  tlsKey,
  tlsCa,
}: TlsFiles): readonly (readonly [name: keyof TlsFiles, message: string])[] {
  const problems: (readonly [keyof TlsFiles, string])[] = [];
  if (tlsCert !== undefined && !isCertificate(tlsCert))
    problems.push(['tlsCert', 'its file is not a PEM certificate']);
  if (tlsKey !== undefined && !works(() => createSecureContext({ key: pem(tlsKey, 'PRIVATE KEY') })))
    problems.push(['tlsKey', 'its file is not a PEM private key without a passphrase']);
  if (tlsCa !== undefined && !isCertificate(tlsCa))
    problems.push(['tlsCa', 'its file is not a PEM certificate']);
  if (problems.length > 0 || tlsCert === undefined || tlsKey === undefined) return problems;
  if (!works(() => createSecureContext({ cert: tlsCert, key: tlsKey })))
    problems.push(['tlsKey', 'its file is not the key of the certificate']);
  return problems;
}

/** The platform ignores certificates of an authority that it cannot read; X509Certificate does not. */
const isCertificate = (text: string): boolean =>
  works(() => [new X509Certificate(pem(text, 'CERTIFICATE')), createSecureContext({ cert: text, ca: text })]);

/** Throws unless the text has such a part; the platform takes an empty text for an absent one. */
function pem(text: string, kind: string): string {
  if (!new RegExp(`^-----BEGIN [A-Z ]*${kind}-----`, 'm').test(text)) throw new Error(`no PEM ${kind}`);
  return text;
}

/** The errors of the platform say too little to be repeated, and may quote the file. */
function works(use: () => unknown): boolean {
  try {
    use();
    return true;
  } catch {
    return false;
  }
}
