import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { limits } from '../../src/workflow/limits.ts';
import { canonicalUrl, requestedUrl } from '../../src/workflow/source-url.ts';

describe('the one spelling of an address', () => {
  test('leaves out what does not change the page', () => {
    const page = 'https://example.org/a/B?x=1&y=2';
    for (const spelling of [
      'https://example.org/a/B?x=1&y=2',
      'HTTPS://Example.ORG:443/a/B/?y=2&x=1#top',
      'https://example.org./a/./B?utm_source=feed&x=1&UTM_Campaign=z&y=2&gclid=1',
      'https://user:secret@example.org/a/c/../B//?x=1&y=2&',
    ]) {
      assert.equal(canonicalUrl(spelling), page, spelling);
    }
    assert.equal(canonicalUrl('http://example.org:80/?'), 'http://example.org');
  });

  test('keeps what may change it', () => {
    const pages = ['/a', '/A', '/a?x=1', '/a?x=2', '/a?x=1&x=2', '/a?x=2&x=1', '/a/b'];
    const spelled = pages.map((path) => canonicalUrl(`https://example.org:8443${path}`));
    assert.equal(new Set(spelled).size, pages.length);
    assert.notEqual(canonicalUrl('http://example.org/'), canonicalUrl('https://example.org/'));
  });

  test('is none for what no page has', () => {
    const long = `https://example.org/${'a'.repeat(limits.sourceUrlCharsMax)}`;
    for (const text of ['', 'notes.md', 'file:///etc/hosts', 'mailto:a@example.org', 'https://', long]) {
      assert.equal(canonicalUrl(text), undefined, text.slice(0, 40));
    }
  });

  test('of any address is its own spelling', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc.constantFrom('', '/', '//', '?utm_id=1', '#x'),
        (url, end) => {
          const spelled = canonicalUrl(url + end);
          assert.ok(spelled !== undefined);
          assert.equal(canonicalUrl(spelled), spelled);
        },
      ),
    );
  });
});

describe('the page a tool was asked for', () => {
  test('is the one address among its arguments', () => {
    assert.equal(requestedUrl('{"url":"https://example.org/a","limit":3}'), 'https://example.org/a');
    assert.equal(requestedUrl('{"URI":"http://example.org"}'), 'http://example.org');
  });

  test('is none where there is no address or more than one', () => {
    for (const json of [
      '',
      'null',
      '[]',
      '{"url":3}',
      '{"url":"notes.md"}',
      '{"query":"https://example.org"}',
      '{"url":"https://example.org","uri":"https://example.com"}',
    ]) {
      assert.equal(requestedUrl(json), undefined, json);
    }
  });
});
