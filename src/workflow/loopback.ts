/** A host as sockets want it: without the brackets of an IPv6 address, in lower case. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

const part = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const loopbackV4 = new RegExp(`^127(?:\\.${part}){3}$`);

/**
 * Whether only this machine can reach the host: localhost, ::1 and 127.0.0.0/8, however they are written. A name that
 * only resolves to such an address is none, because what it resolves to may change.
 */
export function isLoopback(host: string): boolean {
  const bare = bareHost(host);
  return bare === 'localhost' || bare === '::1' || bare === '0:0:0:0:0:0:0:1' || loopbackV4.test(bare);
}
