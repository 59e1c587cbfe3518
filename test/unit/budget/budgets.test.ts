import { describe, expect, it } from 'vitest';
import { budgetsOf } from '../../../core/budget/budgets.ts';
import { budgetProblems } from '../../../core/budget/judge.ts';
import { renderBudget } from '../../../core/budget/render.ts';
import { arithmetic, type ScenarioBudget, totalSeconds } from '../../../core/budget/scenario-budget.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput, ResolvedConfig } from '../../../core/config/types.ts';
import storefront from '../../../switchyard.config.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { CHECK_KINDS, CHECK_SAMPLES } from '../../_helpers/check-samples.ts';
import { activeInput, dnsInput, passiveInput, testConfig } from '../../_helpers/config.ts';

const DATA = { adapter: 'aurora-global', globalCluster: 'storefront' } as const;

function budgetOf(config: ResolvedConfig, scenario: string): ScenarioBudget {
  const found = budgetsOf(config).find((budget) => budget.scenario === scenario);
  if (found === undefined) throw new Error(`no budget for ${scenario}`);
  return found;
}

const sumOf = (changes: Partial<ConfigInput>, scenario = 'region-outage'): string =>
  arithmetic(budgetOf(testConfig({ data: DATA, ...changes }), scenario));

describe('a budget', () => {
  it.each([
    [
      'region-outage',
      'detection 37 + decision 3 + validation 4 + fence 2 + max(promotion 65, switch 18 + TTL 60) = 124',
    ],
    [
      'second-region-outage',
      'detection 37 + decision 3 + validation 4 + fence 2 + max(promotion 65, switch 38 + TTL 60) = 144',
    ],
    [
      'database-failure',
      'detection 37 + decision 3 + validation 4 + fence 29 + max(promotion 65, switch 18 + TTL 60) = 151',
    ],
    [
      'instances-down',
      'detection 37 + decision 3 + validation 4 + fence 29 + max(promotion 65, switch 18 + TTL 60) = 151',
    ],
    ['partition', 'detection 37 + decision 3 + validation 4 + fence 2 + max(promotion 65, switch 18 + TTL 60) = 124'],
    ['planned', 'fence 29 + max(lag 1 + promotion 65, switch 18 + TTL 60) = 107'],
    ['every-region-down', 'detection 36 + propagation 5 + TTL 60 = 101'],
  ])('of %s names every term of its sum', (scenario, text) => {
    expect(arithmetic(budgetOf(storefront, scenario))).toBe(text);
  });

  it('of planned work has the TTL that the records are lowered to', () => {
    const budget = budgetOf(testConfig({ ttlSeconds: 120, data: DATA }), 'planned');
    expect(arithmetic(budget)).toBe('fence 29 + max(lag 1 + promotion 65, switch 18 + TTL 60) = 107');
    const replica = { adapter: 'rds-replica', instance: 'storefront' } as const;
    expect(
      arithmetic(budgetOf(testConfig({ data: replica, targets: { databaseFailureSeconds: 600 } }), 'planned')),
    ).toMatch(/max\(lag 132 \+ promotion 305, switch 18 \+ TTL 60\) = 466/);
    const short = budgetOf(testConfig({ ttlSeconds: 30 }), 'planned');
    expect(arithmetic(short)).toBe('fence 29 + switch 18 + TTL 30 = 77');
  });

  it('of a degradation waits for its slowest check and for a person', () => {
    const { before } = budgetOf(storefront, 'degradation');
    expect(before.map(({ name, seconds }) => [name, seconds])).toEqual([
      ['detection', 132 + 60 + 30 + 2],
      ['decision', 3 + 5],
      ['approval', 900],
      ['validation', 4],
      ['fence', 29],
    ]);
  });

  it.each([
    { what: 'a longer promotion', changes: { data: { ...DATA, promotionSeconds: 100 } }, part: 'max(promotion 105, ' },
    { what: 'nothing to promote', changes: { data: { adapter: 'none' } }, part: 'fence 2 + switch 18 + TTL 60 = 124' },
    {
      what: 'a read replica, which takes longer',
      changes: { data: { adapter: 'rds-replica', instance: 'shop' } },
      part: 'max(promotion 305, ',
    },
    {
      what: 'a function of your own, which takes what you say',
      changes: { data: { adapter: 'custom', function: 'shop-data', promotionSeconds: 20 } },
      part: 'max(promotion 25, ',
    },
    {
      what: 'a global table, of which nothing is promoted',
      changes: { data: { adapter: 'dynamodb-global', table: 'shop' } },
      part: 'fence 2 + switch 18 + TTL 60 = 124',
    },
    {
      what: 'fence hooks, the longest of them',
      changes: {
        failover: {
          fenceHooks: [
            { name: 'a', function: 'a', timeoutSeconds: 2 },
            { name: 'b', function: 'b', timeoutSeconds: 4 },
          ],
        },
      },
      part: 'fence 6 + ',
    },
    { what: 'a shorter TTL', changes: { ttlSeconds: 10 }, part: 'switch 18 + TTL 10) = 111' },
    {
      what: 'traffic after the promotion',
      changes: { failover: { shiftAfterPromotion: true } },
      part: 'promotion 65 + switch 18 + TTL 60 = 189',
    },
    {
      what: 'a slower front door',
      changes: { checks: { 'region-connectivity': { intervalSeconds: 30 } } },
      part: 'detection 37 ',
    },
    {
      what: 'slower checks of front door and writer: services that fail by themselves are sooner',
      changes: {
        checks: {
          'region-connectivity': { intervalSeconds: 60 },
          'database-writer': { intervalSeconds: 60 },
          'cache-cluster': { dependsOn: [] },
        },
      },
      part: 'detection 187 ',
    },
  ] as readonly { what: string; changes: Partial<ConfigInput>; part: string }[])(
    'follows the config: $what',
    ({ changes, part }) => {
      expect(sumOf(changes)).toContain(part);
    },
  );

  it('counts the wait for the next look at a check whose answer is later than the quickest', () => {
    const checks = { 'region-connectivity': { timeoutSeconds: 9 }, 'database-writer': false } as const;
    expect(sumOf({ checks })).toContain('detection 41 + decision 9 ');
  });

  it('counts what is left of the write lease where a Region is known to be dead sooner than that', () => {
    const quick = { intervalSeconds: 10, failureThreshold: 1, timeoutSeconds: 1 };
    const checks = { 'region-connectivity': quick, 'database-writer': false } as const;
    expect(sumOf({ checks })).toMatch(/^detection 13 \+ decision 3 \+ validation 4 \+ fence 9 /);
  });

  it('asks the writer for three failures, whatever its threshold', () => {
    const checks = { 'database-writer': { failureThreshold: 1 } };
    expect(sumOf({ checks }, 'database-failure')).toContain('detection 37 ');
  });
});

describe('the scenarios of a config', () => {
  const scenarios = (input: ConfigInput): readonly string[] =>
    budgetsOf(resolveConfig(input)).map(({ scenario }) => scenario);
  const orchestrated = [
    'region-outage',
    'second-region-outage',
    'database-failure',
    'instances-down',
    'partition',
    'degradation',
    'planned',
  ];

  it('are those of the machines for one primary', () => {
    expect(scenarios(passiveInput())).toEqual(orchestrated);
  });

  it('have the last resort where there is one', () => {
    expect(scenarios(passiveInput({ lastResort: { addresses: ['192.0.2.1'] } }))).toEqual([
      ...orchestrated,
      'every-region-down',
    ]);
  });

  it('have a front door that DNS leaves by itself where every Region serves', () => {
    expect(scenarios(activeInput())).toEqual([...orchestrated, 'endpoint-outage']);
  });

  it('have that alone where there are records and checks only', () => {
    expect(scenarios(dnsInput())).toEqual(['endpoint-outage']);
  });

  it('are none where an accelerator chooses and nothing else answers: it leaves a Region by itself', () => {
    const config = resolveConfig(inputFor('global-load-balancer', 3));
    expect(budgetsOf(config)).toEqual([]);
    expect(renderBudget(config)).toBe('RTO budget: none, since the accelerator leaves a Region by itself.');
    expect(scenarios(inputFor('global-load-balancer', 2))).toEqual(['every-region-down']);
  });

  it('have no database without a check that looks at it', () => {
    expect(scenarios(passiveInput({ checks: { 'database-writer': false } }))).not.toContain('database-failure');
  });
});

describe('a promise', () => {
  const promising = (seconds: number) => testConfig({ data: DATA, targets: { regionFailureSeconds: seconds } });

  it.each([
    { seconds: 150, refused: ['instances-down'] },
    { seconds: 151, refused: [] },
    { seconds: 152, refused: [] },
    { seconds: 143, refused: ['second-region-outage', 'instances-down'] },
    { seconds: 144, refused: ['instances-down'] },
    { seconds: 123, refused: ['region-outage', 'second-region-outage', 'instances-down', 'partition'] },
  ])('of $seconds s is refused for $refused', ({ seconds, refused }) => {
    expect(budgetProblems(promising(seconds))).toHaveLength(refused.length);
  });

  it('that cannot be kept is explained by every term, what would be kept, and what each rests on', () => {
    const [problem] = budgetProblems(promising(123));
    expect(problem).toEqual({
      path: 'targets.regionFailureSeconds',
      message:
        'cannot be kept: a Region goes dark, detection 37 + decision 3 + validation 4 + fence 2 + max(promotion 65, switch 18 + TTL 60) = 124 s',
      value: 123,
      allowed: 'at least 124',
      remedy: expect.stringMatching(
        /^shorten a term \(detection: [a-z-]+: interval 10 s × 3 \+ timeout 5 s \+ offset 2 s; .*; promotion: data\.promotionSeconds 60 .*; TTL: ttlSeconds\), or promise less$/,
      ),
    });
  });

  it.each([
    { field: 'databaseFailureSeconds', config: { failover: { shiftAfterPromotion: true } } },
    { field: 'plannedSeconds', config: { targets: { plannedSeconds: 106 } } },
    { field: 'degradationSeconds', config: { failover: { approvalMinutes: 30 } } },
  ] as const)('of $field is refused where the rest of the config cannot keep it', ({ field, config }) => {
    const problems = budgetProblems(testConfig({ data: DATA, ...config }));
    expect(problems.map(({ path }) => path)).toEqual([`targets.${field}`]);
  });

  it('of a Region whose critical metric would be unknown, never failed, is refused', () => {
    const checks = { 'response-time': { class: 'critical' }, 'database-writer': false } as const;
    const [problem] = budgetProblems(testConfig({ checks }));
    expect(problem?.message).toContain('unknown in a dark Region, not failed');
    expect(totalSeconds(budgetOf(testConfig({ checks }), 'region-outage'))).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(CHECK_KINDS.filter((kind) => kind !== 'route53'))(
    'of a Region with a critical %s check is known or refused',
    (kind) => {
      const sample = { ...CHECK_SAMPLES[kind], class: 'critical' as const };
      const checks = { mine: sample, 'database-writer': false } as NonNullable<ConfigInput['checks']>;
      const fails = ['http', 'deep', 'tcp', 'lambda'].includes(kind);
      const seconds = totalSeconds(budgetOf(testConfig({ checks }), 'region-outage'));
      expect(Number.isFinite(seconds)).toBe(fails);
    },
  );

  it('of a degradation waits until a metric of CloudWatch is published', () => {
    const cloudwatch = { ...CHECK_SAMPLES.cloudwatch, class: 'critical', periodSeconds: 300 };
    const checks = { cloudwatch } as NonNullable<ConfigInput['checks']>;
    const [detection] = budgetOf(testConfig({ checks }), 'degradation').before;
    // Two periods of 300 s and their arrival, then three probes every 30 s.
    expect(detection?.seconds).toBe(612 + 3 * 30 + 5 + 2);
  });

  it('is not made of what does not start by itself', () => {
    const config = testConfig({ automation: { enabled: false }, targets: { regionFailureSeconds: 30 } });
    expect(budgetProblems(config)).toEqual([]);
    expect(renderBudget(config)).toContain('(nothing promised: automation is off)');
  });

  it('that is kept, and one that is not, are told apart in the table', () => {
    const table = renderBudget(promising(123));
    expect(table).toMatch(/region-outage .* = 124 \(ABOVE the target of 123\)/);
    expect(table).toMatch(/planned .* = 107 \(target 900\)/);
  });
});
