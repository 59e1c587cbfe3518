import { describe, expect, it } from 'vitest';
import {
  apiName,
  canonicalName,
  isAtOrBelow,
  isWildcard,
  listingKey,
  parentName,
  parseName,
} from '../../../core/routing/dns-name.ts';

describe('DNS names', () => {
  it.each([
    { text: 'Example.COM.', name: 'example.com' },
    { text: 'example.com', name: 'example.com' },
    { text: '*.example.com', name: '*.example.com' },
    { text: '\\052.example.com', name: '*.example.com' },
    { text: '\\101bc.example.com', name: 'abc.example.com' },
    { text: '_dmarc.example.com', name: '_dmarc.example.com' },
    { text: 'a!b.example.com', name: 'a\\041b.example.com' },
    { text: 'a\\056b.example.com', name: 'a\\056b.example.com' },
    { text: 'ex\\344mple.com', name: 'ex\\344mple.com' },
    { text: 'back\\slash.com', name: 'back\\134slash.com' },
    { text: '.', name: '' },
  ])('$text reads as $name', ({ text, name }) => {
    expect(parseName(text)).toEqual({ name });
  });

  it.each([
    { text: '', fault: /empty label/ },
    { text: 'a..b', fault: /empty label/ },
    { text: 'a..', fault: /empty label/ },
    { text: '.example.com', fault: /empty label/ },
    { text: 'a b.com', fault: /" " must be written as an octal escape/ },
    { text: 'exämple.com', fault: /octal escape/ },
  ])('$text is refused: $fault', ({ text, fault }) => {
    expect(parseName(text).fault).toMatch(fault);
    expect(canonicalName(text)).toBe(text.toLowerCase());
  });

  it.each([62, 63, 64])('a label may have 63 bytes (%i)', (length) => {
    expect(parseName(`${'a'.repeat(length)}.com`).fault === undefined).toBe(length <= 63);
    expect(parseName(`${'\\101'.repeat(length)}.com`).fault === undefined).toBe(length <= 63);
  });

  it.each([254, 255, 256])('a name may have 255 bytes with its dots (%i)', (length) => {
    const name = `${'a'.repeat(length - 252)}.${Array.from({ length: 4 }, () => 'b'.repeat(62)).join('.')}`;
    expect(name).toHaveLength(length);
    expect(parseName(name).fault === undefined).toBe(length <= 255);
  });

  it('knows parents, descendants and wildcards', () => {
    expect(parentName('a.b.com')).toBe('b.com');
    expect(parentName('com')).toBe('');
    expect(isAtOrBelow('example.com', 'example.com')).toBe(true);
    expect(isAtOrBelow('www.example.com', 'example.com')).toBe(true);
    expect(isAtOrBelow('badexample.com', 'example.com')).toBe(false);
    expect(isAtOrBelow('anything', '')).toBe(true);
    expect(isWildcard('*.example.com')).toBe(true);
    expect(isWildcard('a.*.example.com')).toBe(false);
    expect(isWildcard('*a.example.com')).toBe(false);
  });

  it('writes names as the API lists them and sorts them by reversed labels', () => {
    expect(apiName('*.example.com')).toBe('\\052.example.com.');
    expect(listingKey('www.example.com')).toBe('com.example.www.');
    const names = ['b.example.com', 'example.com', 'a.b.example.com', 'a-b.example.com', '*.example.com'];
    // "!" to "-" come before "." in ASCII, so a longer name may come first (API_ListResourceRecordSets).
    expect(names.sort((one, other) => (listingKey(one) < listingKey(other) ? -1 : 1))).toEqual([
      'example.com',
      '*.example.com',
      'a-b.example.com',
      'b.example.com',
      'a.b.example.com',
    ]);
  });
});
