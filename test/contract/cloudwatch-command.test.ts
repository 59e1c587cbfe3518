import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { recordingIo } from '../_helpers/recording-io.ts';

const FIXTURES = 'test/_fixtures/cloudwatch';
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'switchyard-cloudwatch-'));
});
afterAll(() => rm(scratch, { recursive: true }));

async function run(...args: readonly string[]) {
  const io = recordingIo();
  const code = await main(['cloudwatch', ...args], io);
  return { code, output: io.output, errors: io.errors };
}

/** Evaluates a fixture given as a value or, to be malformed, as text. */
async function evaluate(fixture: unknown) {
  const path = join(scratch, 'fixture.json');
  await writeFile(path, typeof fixture === 'string' ? fixture : JSON.stringify(fixture));
  return run('evaluate', path);
}

const MetricAlarm = {
  AlarmName: 'errors',
  Namespace: 'Switchyard',
  MetricName: 'errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
};

describe('switchyard cloudwatch evaluate', () => {
  it.each(readdirSync(FIXTURES).filter((name) => name.endsWith('.fixture.json')))(
    'prints what %s expects, and nothing else',
    async (name) => {
      const result = await run('evaluate', join(FIXTURES, name));
      expect(result).toMatchObject({ code: 0, errors: '' });
      expect(JSON.parse(result.output)).toEqual(
        JSON.parse(readFileSync(join(FIXTURES, name.replace('.fixture.', '.expected.')), 'utf8')),
      );
    },
  );

  it.each([
    [0, 0],
    [59, 0],
    [59.999, 0],
    [60, 1],
    [119, 1],
    [120, 2],
    [179, 2],
    [180, undefined],
  ])('a value of %d seconds ago belongs to period %s of a range of three minutes', async (secondsAgo, period) => {
    const { output } = await evaluate({ MetricAlarm, datapoints: [{ secondsAgo, value: 5 }] });
    const { periods } = JSON.parse(output);
    expect(periods.map(({ fromSecondsAgo }: { fromSecondsAgo: number }) => fromSecondsAgo)).toEqual([0, 60, 120]);
    const found = periods.findIndex(({ value }: { value: number | null }) => value === 5);
    expect(found === -1 ? undefined : found).toBe(period);
  });

  it('takes the state of a new alarm where the fixture gives none', async () => {
    const ignoring = { ...MetricAlarm, TreatMissingData: 'ignore' };
    expect(JSON.parse((await evaluate({ MetricAlarm: ignoring, datapoints: [] })).output).state).toBe(
      'INSUFFICIENT_DATA',
    );
    const previous = { MetricAlarm: ignoring, previousState: 'ALARM', datapoints: [] };
    expect(JSON.parse((await evaluate(previous)).output).state).toBe('ALARM');
  });

  it.each([
    ['no JSON', '{ "MetricAlarm": ', ['is not JSON']],
    ['an array', [], ['must be an object']],
    ['nothing', {}, ['datapoints: is missing', 'MetricAlarm: must be an object']],
    [
      'everything wrong at once',
      {
        MetricAlarm: { ...MetricAlarm, Period: 61, Colour: 'red' },
        previousState: 'Ok',
        datapoints: [
          { secondsAgo: -1, value: 1 },
          { secondsAgo: 1, value: '1' },
          { secondsAgo: 1, value: 1, at: 1 },
        ],
        now: 0,
      },
      [
        'now: is not a known key',
        'previousState: is not an allowed value',
        'datapoints[0].secondsAgo: is out of range',
        'datapoints[1].value: has the wrong type',
        'datapoints[2].at: is not a known key',
        'MetricAlarm.Colour: is not a known key',
        'MetricAlarm.Period: is not an allowed period',
      ],
    ],
    [
      'features that the twin does not know',
      {
        MetricAlarm: { ...MetricAlarm, EvaluationWindow: { WallClockWindow: {} }, EvaluationCriteria: {} },
        datapoints: [],
      },
      ['wall-clock windows are not modelled by the twin', 'PromQL alarms are not modelled by the twin'],
    ],
    [
      'values that CloudWatch does not take',
      {
        MetricAlarm,
        datapoints: [2 ** 360, -(2 ** 360), 2 ** 361, -1e308, 1e308].map((value) => ({ secondsAgo: 1, value })),
      },
      ['datapoints[2].value: is more than', 'datapoints[3].value: is more than', 'datapoints[4].value: is more than'],
    ],
    [
      'an alarm on several metrics',
      {
        MetricAlarm: {
          AlarmName: 'sum',
          EvaluationPeriods: 1,
          Threshold: 0,
          ComparisonOperator: 'GreaterThanThreshold',
          Metrics: [
            ...['a', 'b'].map((Id) => ({
              Id,
              ReturnData: false,
              MetricStat: { Metric: { Namespace: 'N', MetricName: Id }, Period: 60, Stat: 'Sum' },
            })),
            { Id: 'c', Expression: 'a + b' },
          ],
        },
        datapoints: [],
      },
      ['MetricAlarm.Metrics: the datapoints of a fixture belong to one metric'],
    ],
  ])(
    'refuses %s with exit code 2, every reason on the error stream and nothing on the other',
    async (_, fixture, reasons) => {
      const result = await evaluate(fixture);
      expect(result).toMatchObject({ code: 2, output: '' });
      for (const reason of reasons) expect(result.errors).toContain(reason);
      expect(result.errors.split('\n')).toHaveLength(reasons.length + 1);
      expect(result.errors).not.toMatch(/\n {4}at /);
    },
  );

  it('refuses a file that is not there', async () => {
    const result = await run('evaluate', join(scratch, 'nowhere.json'));
    expect(result).toMatchObject({ code: 2, output: '' });
    expect(result.errors).toMatch(/nowhere\.json: the file cannot be read \(ENOENT\)/);
  });
});

describe('switchyard cloudwatch composite', () => {
  it.each([
    [['--rule', 'ALARM(a) AND NOT ALARM(b)', '--state', 'a=ALARM', '--state', 'b=OK'], 'ALARM'],
    [['--rule', 'ALARM(a) AND NOT ALARM(b)', '--state', 'a=ALARM', 'b=ALARM'], 'OK'],
    [['--rule', 'AT_LEAST(2, ALARM, ("a", "b"))', '--state', 'a=ALARM', '--state', 'b=ALARM'], 'ALARM'],
    [['--rule', 'AT_LEAST(60%, NOT OK, (a, b))', '--state', 'a=INSUFFICIENT_DATA', '--state', 'b=OK'], 'OK'],
    [['--rule', 'OK("x=y z")', '--state', 'x=y z=OK'], 'ALARM'],
    [['--rule', 'ALARM("arn:aws:cloudwatch:us-east-1:1:alarm:a")', '--state', 'a=ALARM'], 'ALARM'],
    [['--rule', 'ALARM(a)', '--state', 'arn:aws:cloudwatch:us-east-1:1:alarm:a=ALARM'], 'ALARM'],
    [['--rule', 'FALSE', '--state', 'unused=OK'], 'OK'],
    [['--rule', 'TRUE'], 'ALARM'],
  ])('%o: %s', async (args, state) => {
    const result = await run('composite', ...args);
    expect(result).toMatchObject({ code: 0, errors: '' });
    expect(JSON.parse(result.output)).toEqual({ state });
  });

  it.each([
    [
      ['--rule', 'ALARM(a) XOR ALARM(b)'],
      ['--rule: at position 10: expected AND, OR or the end of the rule, found "XOR"'],
    ],
    [['--rule', ''], ['--rule: at position 1: expected ']],
    [['--rule', 'ALARM(a) AND OK(b)', '--state', 'b=OK'], ['--rule: refers to an alarm without a state (found "a")']],
    [
      ['--rule', 'ALARM(a) AND OK(b)', '--state', 'a=alarm', '--state', 'b', '--state', '=OK'],
      ['"a=alarm"', '(found "b";', '"=OK"', 'without a state (found "a")', 'without a state (found "b")'],
    ],
    [
      ['--rule', 'ALARM(a)', '--state', 'a=OK', '--state', 'a=ALARM'],
      ['--state: contradicts the state OK given before'],
    ],
    [
      ['--rule', 'ALARM(', '--state', 'x'],
      ['at position 7', '(found "x";'],
    ],
  ])('%o is refused with exit code 2', async (args, reasons) => {
    const result = await run('composite', ...args);
    expect(result).toMatchObject({ code: 2, output: '' });
    for (const reason of reasons) expect(result.errors).toContain(reason);
    expect(result.errors.split('\n')).toHaveLength(reasons.length + 1);
  });

  it('needs a rule', async () => {
    expect(await run('composite')).toMatchObject({ code: 2, output: '' });
  });
});
