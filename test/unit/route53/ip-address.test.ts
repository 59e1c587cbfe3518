import { describe, expect, it } from 'vitest';
import { containsCidr, parseCidr, parseIpAddress } from '../../../core/routing/ip-address.ts';

const hex = (text: string) =>
  parseIpAddress(text)
    ?.map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

describe('IP addresses', () => {
  it.each([
    ['192.0.2.1', 'c0000201'],
    ['0.0.0.0', '00000000'],
    ['255.255.255.255', 'ffffffff'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['2001:db8::8a2e:370:7334', `20010db8000000000000${'8a2e03707334'.padStart(12, '0')}`],
    ['2001:0db8:85a3:0:0:8a2e:0370:7334', '20010db885a3000000008a2e03707334'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
  ])('%s reads as %s', (text, bytes) => {
    expect(hex(text)).toBe(bytes);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.0.0.1',
    '01.2.3.4',
    '1.2.3.x',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '12345::',
    '1:2:3:4:5:6:7:8::',
    '1.2.3.4::',
  ])('%s is refused', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });

  it.each([
    ['192.0.2.0/24', '192.0.2.77/32', true],
    ['192.0.2.0/24', '192.0.3.0/32', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['192.0.2.0/25', '192.0.2.0/24', false],
    ['0.0.0.0/0', '203.0.113.0/24', true],
    ['192.0.2.77/24', '192.0.2.1', true],
    ['2001:db8::/32', '2001:db8:1::/48', true],
    ['::/0', '192.0.2.1', false],
  ])('%s contains %s: %s', (outer, inner, contained) => {
    const [one, other] = [parseCidr(outer), parseCidr(inner)];
    expect(one && other && containsCidr(one, other)).toBe(contained);
  });

  it.each(['192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/', '192.0.2.0/8/8', '::/129', 'x/8', ''])(
    '%s is no block',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});
