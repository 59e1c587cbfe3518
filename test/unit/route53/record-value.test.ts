import { describe, expect, it } from 'vitest';
import type { RecordType } from '../../../core/routing/record-set.ts';
import { valueFault } from '../../../core/routing/record-value.ts';

const SOUND: readonly (readonly [RecordType, string])[] = [
  ['A', '192.0.2.1'],
  ['AAAA', '2001:0db8:85a3:0:0:8a2e:0370:7334'],
  ['CAA', '0 issue "ca.example.net; account=123456"'],
  ['CNAME', 'hostname.example.com'],
  ['CNAME', 'hostname.example.com.'],
  ['DS', '123 4 5 1234567890abcdef1234567890abcdef'],
  ['HTTPS', '1 . alpn="h2,h3" port=443'],
  ['HTTPS', '0 svc.example.com'],
  ['MX', '10 mail.example.com'],
  ['MX', '0 .'],
  ['NAPTR', '100 50 "u" "E2U+sip" "!^(\\\\+441632960083)$!sip:\\\\1@example.com!" .'],
  ['NS', 'ns-1.example.com'],
  ['PTR', 'hostname.example.com'],
  ['SOA', 'ns-2048.awsdns-64.net hostmaster.awsdns.com 1 1 1 1 60'],
  ['SPF', '"v=spf1 ip4:192.168.0.1/16 -all"'],
  ['SRV', '10 5 80 hostname.example.com'],
  ['SSHFP', '4 2 0123456789abcdef'],
  ['SVCB', '1 svc.example.com mandatory=alpn alpn=bar'],
  ['TLSA', '3 1 1 0123456789abcdef'],
  ['TXT', '"one" "two"'],
  ['TXT', '"with \\"quotes\\" and \\351"'],
  ['TXT', '""'],
  ['TXT', `"${'x'.repeat(255)}"`],
];

const FAULTY: readonly (readonly [RecordType, string, RegExp])[] = [
  ['A', '2001:db8::1', /no IPv4/],
  ['A', '192.0.2.256', /no IPv4/],
  ['A', 'www.example.com', /no IPv4/],
  ['A', '192.0.2.1 192.0.2.2', /not of the form/],
  ['A', '', /not of the form/],
  ['AAAA', '192.0.2.1', /no IPv6/],
  ['CAA', '256 issue "x"', /0 to 255/],
  ['CAA', '0 issue x', /quotation marks/],
  ['CAA', '0 is-sue "x"', /no tag/],
  ['CNAME', '.', /empty/],
  ['CNAME', 'a..b', /empty label/],
  ['CNAME', 'two names', /not of the form/],
  ['DS', '1 2 3 xyz', /hexadecimal/],
  ['MX', 'mail.example.com', /not of the form/],
  ['MX', '65536 mail.example.com', /0 to 65535/],
  ['SOA', 'a b 1 2 3 4', /not of the form/],
  ['SRV', '1 2 65536 a', /0 to 65535/],
  ['TXT', 'unquoted', /quotation marks/],
  ['TXT', '"open', /quotation mark is missing/],
  ['TXT', `"${'x'.repeat(256)}"`, /256 characters/],
  ['TXT', '"é"', /octal escape/],
  ['TXT', `"${'x'.repeat(250)}" `.repeat(20), /characters/],
  ['SVCB', '1 svc.example.com bad_key', /no service parameter/],
];

describe('record values', () => {
  it.each(SOUND)('%s takes %s', (type, value) => {
    expect(valueFault(type, value)).toBeUndefined();
  });

  it.each(FAULTY)('%s refuses %s: %s', (type, value, fault) => {
    expect(valueFault(type, value)).toMatch(fault);
  });

  it.each([3_999, 4_000, 4_001])('a value may have 4,000 characters (%i)', (length) => {
    const strings = `"${'x'.repeat(253)}"`.repeat(15);
    const value = `${strings}"${'y'.repeat(length - strings.length - 2)}"`;
    expect(value).toHaveLength(length);
    expect(valueFault('TXT', value) === undefined).toBe(length <= 4_000);
  });
});
