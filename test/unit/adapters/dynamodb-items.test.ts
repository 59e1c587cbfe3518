import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, attributeText, numberText } from '../../../adapters/aws/dynamodb-table/attribute-text.ts';
import { stillIs } from '../../../adapters/aws/dynamodb-table/conditions.ts';
import { epochMsOf } from '../../../adapters/aws/dynamodb-table/item-time.ts';
import { digestOf, versionOf } from '../../../adapters/aws/dynamodb-table/item-versions.ts';
import { cutRange, spanOf } from '../../../adapters/aws/dynamodb-table/positions.ts';
import { rangesBetween } from '../../../core/reconcile/key.ts';
import { WHOLE_TABLE } from '../../../core/reconcile/table.ts';

const ENTITY = { ignoredColumns: ['seen'], modifiedColumn: 'modified_at' };
const bytes = (...values: readonly number[]): AttributeValue => ({ B: new Uint8Array(values) });

describe('the text of an attribute', () => {
  it.each<{ what: string; one: AttributeValue; other: AttributeValue }>([
    { what: 'a number', one: { N: '1' }, other: { N: '+01.00' } },
    { what: 'a number with an exponent', one: { N: '1200' }, other: { N: '1.2e3' } },
    { what: 'the two zeros', one: { N: '0' }, other: { N: '-0.0E5' } },
    { what: 'texts of a set', one: { SS: ['a', 'b'] }, other: { SS: ['b', 'a'] } },
    { what: 'numbers of a set', one: { NS: ['1', '2'] }, other: { NS: ['2.0', '1'] } },
    {
      what: 'bytes of a set',
      one: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
      other: { BS: [new Uint8Array([2]), new Uint8Array([1])] },
    },
    {
      what: 'entries of a map',
      one: { M: { a: { N: '1' }, b: { NULL: true } } },
      other: { M: { b: { NULL: true }, a: { N: '1.0' } } },
    },
  ])('is the same for $what written in another way', ({ one, other }) => {
    expect(attributeText(one)).toBe(attributeText(other));
  });

  it.each<{ what: string; one: AttributeValue; other: AttributeValue }>([
    { what: 'a number and its text', one: { N: '1' }, other: { S: '1' } },
    { what: 'an empty text and null', one: { S: '' }, other: { NULL: true } },
    { what: 'bytes and their base64', one: bytes(1, 2), other: { S: 'AQI=' } },
    { what: 'the order of a list', one: { L: [{ S: 'a' }, { S: 'b' }] }, other: { L: [{ S: 'b' }, { S: 'a' }] } },
    { what: 'a list and a set', one: { L: [{ S: 'a' }] }, other: { SS: ['a'] } },
    { what: 'an empty list and an empty map', one: { L: [] }, other: { M: {} } },
    { what: 'the 38th digit', one: { N: `1${'0'.repeat(36)}1` }, other: { N: `1${'0'.repeat(36)}2` } },
    { what: 'true and false', one: { BOOL: true }, other: { BOOL: false } },
  ])('tells $what apart', ({ one, other }) => {
    expect(attributeText(one)).not.toBe(attributeText(other));
  });

  it('comes back as the value that it is of, and so does its text', () => {
    const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.record({ S: fc.string({ unit: 'grapheme' }) }),
        fc.record({ N: fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map(String) }),
        fc.record({ B: fc.uint8Array() }),
        fc.record({ BOOL: fc.boolean() }),
        fc.constant({ NULL: true as const }),
        fc.record({ SS: fc.uniqueArray(fc.string(), { minLength: 1 }) }),
        fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
        fc.record({ M: fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }) }),
      ) as fc.Arbitrary<AttributeValue>,
    }));
    fc.assert(
      fc.property(value, (one) => {
        expect(attributeText(attributeOf('any', attributeText(one)))).toBe(attributeText(one));
      }),
    );
  });

  it.each(['', '{}', '"x"', '{"S":1}', '{"N":"x"}', '{"S":"a","N":"1"}', '{"X":"1"}', '{"NULL":false}'])(
    'of %s is none, and the error says of which attribute and not what it holds',
    (text) => {
      expect(() => attributeOf('note', text)).toThrow(
        expect.objectContaining({
          name: 'StoreRefusedError',
          message: expect.stringMatching(/^attribute "note" is no value/),
        }),
      );
    },
  );

  it.each([
    ['1E+2', '100'],
    ['-0.00120', '-0.0012'],
    ['1E-130', '1E-130'],
    ['9.9999999999999999999999999999999999999E+125', `${'9'.repeat(38)}E88`],
  ])('writes the number %s as %s', (written, text) => {
    expect(numberText(written)).toBe(text);
  });
});

describe('the digest of an item', () => {
  const item = { id: { S: 'a' }, note: { S: 'x' } };

  it('leaves out what is not compared, and nothing else', () => {
    expect(digestOf(ENTITY, { ...item, seen: { N: '1' } })).toBe(digestOf(ENTITY, item));
    expect(digestOf(ENTITY, { ...item, note: { S: 'y' } })).not.toBe(digestOf(ENTITY, item));
  });

  it('tells an attribute that is null from one that is absent', () => {
    expect(digestOf(ENTITY, { ...item, gift: { NULL: true } })).not.toBe(digestOf(ENTITY, item));
  });
});

describe('the time of an item', () => {
  it.each<{ value: AttributeValue | undefined; at: number | null }>([
    { value: { S: '2026-03-01T10:00:00Z' }, at: 1_772_359_200_000 },
    { value: { S: '2026-03-01T19:00:00.250+09:00' }, at: 1_772_359_200_250 },
    { value: { N: '1772359200' }, at: 1_772_359_200_000 },
    { value: { S: '2026-03-01T10:00:00.0001239Z' }, at: 1_772_359_200_000.123 },
    { value: { S: '2026-03-01T10:00:00.5Z' }, at: 1_772_359_200_500 },
    { value: { N: '1772359200.5' }, at: 1_772_359_200_500 },
    { value: { N: '1772359200000.25' }, at: 1_772_359_200_000.25 },
    { value: { N: '1772359200000' }, at: 1_772_359_200_000 },
    { value: { N: '1772359200000000000' }, at: null },
    { value: { S: '2026-03-01T10:00:00' }, at: null },
    { value: { S: 'yesterday' }, at: null },
    { value: { NULL: true }, at: null },
    { value: undefined, at: null },
  ])('$value is $at', ({ value, at }) => {
    expect(epochMsOf(value)).toBe(at);
  });
});

describe('the condition of a repair', () => {
  const rule = { modifiedColumn: 'modified_at', added: ['gift'] };

  it('is that there is nothing where nothing was', () => {
    expect(stillIs(undefined, 'id', rule)).toEqual({
      ConditionExpression: 'attribute_not_exists(#n0)',
      ExpressionAttributeNames: { '#n0': 'id' },
    });
  });

  it('compares every attribute, the modified one first, and what was absent', () => {
    const { ConditionExpression, ExpressionAttributeNames } = stillIs(
      { id: { S: 'a' }, modified_at: { N: '1' } },
      'id',
      rule,
    );
    expect(ConditionExpression).toBe('#n0 = :v0 AND attribute_not_exists(#n1) AND #n2 = :v2');
    expect(ExpressionAttributeNames).toEqual({ '#n0': 'modified_at', '#n1': 'gift', '#n2': 'id' });
  });

  it('stays within 4 KB and 300 operators however many attributes there are, and keeps the modified one', () => {
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`a${at}`, { N: '1' }]));
    const { ConditionExpression, ExpressionAttributeNames } = stillIs({ ...many, modified_at: { N: '1' } }, 'a0', rule);
    expect(ConditionExpression.length).toBeLessThan(4_096);
    expect(ConditionExpression.split(' AND ')).toHaveLength(100);
    expect(Object.values(ExpressionAttributeNames)).toContain('modified_at');
    expect(stillIs(many, 'a0', rule).ConditionExpression).toContain('attribute_not_exists');
  });
});

describe('the places of a scan', () => {
  it('cut a segment evenly, and only into many parts', () => {
    const [first, second] = cutRange(WHOLE_TABLE, 4);
    const segment = { from: first ?? null, to: second ?? null };
    const cuts = cutRange(segment, 32);
    expect(cuts).toHaveLength(31);
    expect(
      rangesBetween(segment, cuts)
        .map(spanOf)
        .every(({ segments }) => segments === 4),
    ).toBe(true);
    expect(cuts[15]).toEqual(['segment 1 of 4', '80000000']);
    expect(cutRange(segment, 31)).toEqual([]);
  });

  it('refuse a key of a row, and ends of different scans', () => {
    expect(() => spanOf({ from: ['ana', '1'], to: null })).toThrow(
      expect.objectContaining({ name: 'StoreRefusedError' }),
    );
    const [of4] = cutRange(WHOLE_TABLE, 4);
    const [of3] = cutRange(WHOLE_TABLE, 3);
    expect(() => spanOf({ from: of4 ?? null, to: of3 ?? null })).toThrow(
      expect.objectContaining({ name: 'StoreRefusedError' }),
    );
  });
});

describe('when an item was made', () => {
  const item = { id: { S: 'a' }, modified_at: { N: '7' }, made_at: { N: '5' } };
  const made = (createdColumn?: string) =>
    versionOf({ ...ENTITY, createdColumn }, [{ name: 'id', type: 'S' }], item).createdAtEpochMs;

  it('is what its created column says, where the entity names one', () => {
    expect([made('made_at'), made('born_at'), made()]).toEqual([5_000, null, undefined]);
  });
});
