import { describe, expect, it } from 'vitest';
import { type Change, hasDrifted, planWeightChange, type WeightPlan } from '../../../core/routing/change-batch.ts';
import { epochRecord, parseEpochMark } from '../../../core/routing/epoch-record.ts';
import { changeConditionValues } from '../../../core/routing/iam-condition-values.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import type { DesiredWeight } from '../../../core/routing/weights.ts';
import { SINGAPORE, SYDNEY, TOKYO, testConfig } from '../../_helpers/config.ts';

const config = testConfig();
const LIVE = 'live.api.storefront.example';
const MARK = '_switchyard.api.storefront.example';

/** The records as Route 53 lists them: with a trailing dot, and with the real ids of health checks. */
function zone(singapore: number, tokyo: number, mark?: string): readonly ResourceRecordSet[] {
  const weighted = (id: string, weight: number): ResourceRecordSet => ({
    Name: `${LIVE}.`,
    Type: 'CNAME',
    SetIdentifier: id,
    Weight: weight,
    TTL: 60,
    HealthCheckId: `check-of-${id}`,
    ResourceRecords: [{ Value: `${id}.storefront.example` }],
  });
  return [weighted(SINGAPORE, singapore), weighted(TOKYO, tokyo), ...(mark === undefined ? [] : [markOf(mark)])];
}

function markOf(value: string): ResourceRecordSet {
  return { Name: `${MARK}.`, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: value }] };
}

const want = (singapore: number, tokyo: number): readonly DesiredWeight[] => [
  { name: LIVE, setIdentifier: SINGAPORE, weight: singapore },
  { name: LIVE, setIdentifier: TOKYO, weight: tokyo },
];

function plan(live: readonly ResourceRecordSet[], desired: readonly DesiredWeight[], epoch = 5): WeightPlan {
  return planWeightChange(config, { live, desired, epoch });
}

const told = ({ Action, ResourceRecordSet: { Name, SetIdentifier, Weight, ResourceRecords } }: Change): string =>
  SetIdentifier === undefined
    ? `${Action} ${Name} ${ResourceRecords?.[0]?.Value}`
    : `${Action} ${SetIdentifier} ${Weight}`;
const changesOf = (given: WeightPlan): readonly string[] => (given.kind === 'changes' ? given.changes.map(told) : []);

/** The records after a batch that was taken. */
function applied(live: readonly ResourceRecordSet[], given: WeightPlan): readonly ResourceRecordSet[] {
  if (given.kind !== 'changes') return live;
  return given.changes.reduce<readonly ResourceRecordSet[]>((records, { Action, ResourceRecordSet: changed }) => {
    const same = (other: ResourceRecordSet): boolean =>
      other.Name.replace(/\.$/, '') === changed.Name.replace(/\.$/, '') &&
      other.SetIdentifier === changed.SetIdentifier;
    const others = records.filter((other) => !same(other));
    return Action === 'DELETE' ? others : [...others, changed];
  }, live);
}

describe('a plan for the weights', () => {
  it('creates the mark of its epoch where the zone has none', () => {
    expect(changesOf(plan(zone(100, 0), want(0, 100)))).toEqual([
      `CREATE ${MARK} "5.1"`,
      `UPSERT ${SINGAPORE} 0`,
      `UPSERT ${TOKYO} 100`,
    ]);
  });

  it('swaps the mark of an older epoch from exactly the value that was read', () => {
    const live = zone(100, 0, '"3.7"');
    const given = plan(live, want(0, 100));
    expect(changesOf(given)).toEqual([
      `DELETE ${MARK}. "3.7"`,
      `CREATE ${MARK} "5.1"`,
      `UPSERT ${SINGAPORE} 0`,
      `UPSERT ${TOKYO} 100`,
    ]);
    expect(given.kind === 'changes' && given.changes[0]?.ResourceRecordSet).toBe(live[2]);
    expect(given).toMatchObject({ mark: { epoch: 5, sequence: 1 } });
  });

  it('counts the batches of its own epoch', () => {
    expect(changesOf(plan(zone(100, 0, '"5.9"'), want(0, 100))).slice(0, 2)).toEqual([
      `DELETE ${MARK}. "5.9"`,
      `CREATE ${MARK} "5.10"`,
    ]);
  });

  it('touches only what differs', () => {
    expect(changesOf(plan(zone(0, 90, '"5.1"'), want(0, 100)))).toEqual([
      `DELETE ${MARK}. "5.1"`,
      `CREATE ${MARK} "5.2"`,
      `UPSERT ${TOKYO} 100`,
    ]);
  });

  it('keeps everything else of a record as it is live', () => {
    const given = plan(zone(100, 0, '"5.1"'), want(0, 100));
    const upserts = given.kind === 'changes' ? given.changes.slice(2) : [];
    expect(upserts.map((change) => change.ResourceRecordSet)).toEqual(zone(0, 100));
  });

  it.each(['"5"', '"five.1"', '5.1', '"5.1" "6.1"', '"-5.1"', '""'])(
    'swaps a mark that is none, %s, as it is',
    (value) => {
      expect(parseEpochMark(markOf(value))).toBeUndefined();
      expect(changesOf(plan(zone(0, 100, value), want(0, 100)))).toEqual([
        `DELETE ${MARK}. ${value}`,
        `CREATE ${MARK} "5.1"`,
      ]);
    },
  );

  it('swaps the mark alone where the weights agree and the mark is older or absent', () => {
    expect(changesOf(plan(zone(0, 100, '"4.1"'), want(0, 100)))).toEqual([
      `DELETE ${MARK}. "4.1"`,
      `CREATE ${MARK} "5.1"`,
    ]);
    expect(changesOf(plan(zone(0, 100), want(0, 100)))).toEqual([`CREATE ${MARK} "5.1"`]);
  });

  it('is nothing where weights and epoch agree', () => {
    expect(plan(zone(0, 100, '"5.1"'), want(0, 100))).toEqual({ kind: 'unchanged' });
  });

  it.each([undefined, '"3.7"', '"5.1"', '"x"'])('on what it leads to is nothing (mark %s)', (mark) => {
    const live = zone(100, 0, mark);
    const after = applied(live, plan(live, want(0, 100)));
    expect(plan(after, want(0, 100))).toEqual({ kind: 'unchanged' });
  });

  it('is found whatever the case of the live name', () => {
    const live = zone(0, 100, '"5.1"').map((record) => ({ ...record, Name: record.Name.toUpperCase() }));
    expect(plan(live, want(0, 100))).toEqual({ kind: 'unchanged' });
  });

  it('is not misled by records of the same name that are no weights and no mark', () => {
    const others: readonly ResourceRecordSet[] = [
      { Name: `${LIVE}.`, Type: 'TXT', TTL: 60, SetIdentifier: SINGAPORE, ResourceRecords: [{ Value: '"x"' }] },
      { Name: `${MARK}.`, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] },
    ];
    expect(plan([...others, ...zone(0, 100, '"5.1"')], want(0, 100))).toEqual({ kind: 'unchanged' });
  });
});

describe('records of a Region that is being added', () => {
  it('are left to the deployment that adds them, where they are to carry nothing', () => {
    const outcome = plan(zone(100, 0).slice(1), want(0, 100));
    expect(outcome.kind === 'changes' ? outcome.changes.map(told) : outcome).toEqual([
      expect.stringContaining('CREATE'),
      `UPSERT ${TOKYO} 100`,
    ]);
  });

  it('are left to it also where the Region has a group of its own', () => {
    const own = { name: `sydney.${LIVE}`, setIdentifier: SYDNEY, weight: 100 };
    expect(plan(zone(0, 100, '"5.1"'), [...want(0, 100), own])).toEqual({ kind: 'unchanged' });
  });
});

describe('drift', () => {
  it.each([
    { live: zone(0, 100), is: false, why: 'the weights agree' },
    { live: zone(100, 0), is: true, why: 'they do not' },
    { live: zone(0, 100).slice(1), is: false, why: 'a record is not there' },
    { live: [], is: false, why: 'none is there' },
  ])('is $is where $why', ({ live, is }) => {
    expect(hasDrifted(live, want(0, 100))).toBe(is);
  });
});

describe('a plan is refused', () => {
  it.each(['"6.1"', '"100.1"'])('where a newer operation has written the zone (%s)', (mark) => {
    expect(plan(zone(100, 0, mark), want(0, 100))).toEqual({
      kind: 'refused',
      code: 'newer-epoch',
      reason: `the zone was written under epoch ${mark.slice(1, -3)}, this operation has epoch 5`,
    });
  });

  it('where every weight would be 0', () => {
    expect(plan(zone(100, 0), want(0, 0))).toEqual({
      kind: 'refused',
      code: 'all-zero',
      reason: `every weight of ${LIVE} would be 0, which Route 53 answers in equal shares`,
    });
  });

  it('where records are missing, and names them', () => {
    expect(plan(zone(100, 0).slice(1), want(1, 100))).toEqual({
      kind: 'refused',
      code: 'missing-records',
      reason: `the zone lacks ${LIVE}/${SINGAPORE}; deploy the routing stack`,
    });
    expect(plan([], want(0, 100))).toMatchObject({ reason: expect.stringContaining(`${LIVE}/${TOKYO}`) });
  });

  it('before anything else where the epoch is old', () => {
    expect(plan([markOf('"6.1"')], want(0, 0))).toMatchObject({ code: 'newer-epoch' });
  });
});

describe('the mark of an epoch', () => {
  it.each([
    { epoch: 0, sequence: 1 },
    { epoch: 12, sequence: 345 },
  ])('is read as it was written: $epoch.$sequence', (mark) => {
    expect(parseEpochMark(epochRecord(config, mark))).toEqual(mark);
  });

  it('is not read from a record without values', () => {
    expect(parseEpochMark({ Name: MARK, Type: 'TXT' })).toBeUndefined();
  });
});

describe('the conditions of a batch', () => {
  it('are its names, types and actions, as a policy compares them', () => {
    const given = plan(zone(100, 0, '"4.1"'), want(0, 100));
    expect(changeConditionValues(given.kind === 'changes' ? given.changes : [])).toEqual({
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': [MARK, LIVE],
      'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME', 'TXT'],
      'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE', 'UPSERT'],
    });
  });
});
