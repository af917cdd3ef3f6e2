import { createHash } from 'node:crypto';
import { invalid } from './request-field.ts';

/**
 * A cursor as an opaque text, bound to the method and the conditions of the list. Survives a restart, so it carries a
 * checksum and no secret: it guards against mixing tokens up, and a forged one names nothing a caller may not see.
 */
export function pageToken(cursor: number, scope: readonly unknown[]): string {
  return Buffer.from(`${cursor}.${checksum(cursor, scope)}`).toString('base64url');
}

/** The cursor of a token, undefined for the first page; throws `invalid` for a token of another list or of nobody. */
export function cursorOf(token: string, scope: readonly unknown[]): number | undefined {
  if (token === '') return undefined;
  const [digits = '', sum] = Buffer.from(token, 'base64url').toString('latin1').split('.');
  const cursor = Number(digits);
  if (!/^-?\d{1,16}$/.test(digits) || !Number.isSafeInteger(cursor) || sum !== checksum(cursor, scope)) {
    throw invalid(
      ['pageToken'],
      'must be a next_page_token of a reply to the same conditions',
      'INVALID_PAGE_TOKEN',
    );
  }
  return cursor;
}

function checksum(cursor: number, scope: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([cursor, scope]))
    .digest('base64url')
    .slice(0, 16);
}
