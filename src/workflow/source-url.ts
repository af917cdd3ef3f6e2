import { limits } from './limits.ts';

// Addresses of pages, so that two agents who found the same page are seen to have found the same.

/** Parameters that say where a visitor came from and not what the page shows. */
const tracking =
  /^(?:utm_\w*|gclid|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|ref_src|vero_id)$/iu;

/**
 * One spelling of a web address: host in lower case, no default port, user, fragment, tracking parameter or slash at the
 * end, parameters in order of their names. Undefined: it is none. The same again for what it gives.
 */
export function canonicalUrl(text: string): string | undefined {
  if (text.length > limits.sourceUrlCharsMax || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  const host = url.hostname.replace(/\.+$/u, '');
  if (host === '') return undefined;
  const port = url.port === '' ? '' : `:${url.port}`;
  const kept = [...url.searchParams].filter(([name]) => !tracking.test(name));
  const search = new URLSearchParams(kept);
  search.sort();
  const query = search.size === 0 ? '' : `?${search.toString()}`;
  return `${url.protocol}//${host}${port}${url.pathname.replace(/\/+$/u, '')}${query}`;
}

/** The page that a tool was asked for: the address its arguments name as `url` or `uri`, if there is exactly one. */
export function requestedUrl(json: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const named = Object.entries(value).filter(([name]) => /^ur[il]$/iu.test(name));
  const [, address] = named.length === 1 ? (named[0] ?? []) : [];
  return typeof address === 'string' && canonicalUrl(address) !== undefined ? address : undefined;
}
