import { describe, expect, it } from 'vitest';
import { compileAlarms, wakingAlarms } from '../../core/alarms/compile.ts';
import { applicationRegions, traitsOf } from '../../core/config/accessors.ts';
import { switchAlarmsIn } from '../../core/routing/compile/switch-alarms.ts';
import { CONFIGS, PRESET_CONFIGS } from '../_helpers/configs.ts';
import { type Resource, synthesized } from '../_helpers/synthesize.ts';

const TYPES = { metric: 'AWS::CloudWatch::Alarm', composite: 'AWS::CloudWatch::CompositeAlarm' } as const;
const ORCHESTRATED = [...CONFIGS, ...PRESET_CONFIGS].filter(([, config]) => traitsOf(config).orchestrated);

/** A resource without who is told, and without the tags of the stack. */
function definitionIn({ Properties }: Resource): Readonly<Record<string, unknown>> {
  const { AlarmActions: _, OKActions: __, Tags: ___, ...definition } = Properties;
  return definition;
}

function ordered(definitions: readonly object[]): readonly object[] {
  return definitions.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

function nameOf(definition: object): string {
  return String((definition as { readonly AlarmName?: unknown }).AlarmName);
}

describe.each(ORCHESTRATED)('the alarms in the templates of %s', (_, config) => {
  const { resources } = synthesized(config);
  const stacks = applicationRegions(config).map((region) => ({
    region,
    compiled: compileAlarms(config, region),
    switches: switchAlarmsIn(config, region).map(({ definition }) => ({ ...definition, ActionsEnabled: false })),
    of: (type: string) => resources(`region-${region}`, type),
  }));

  it('are those that are compiled, to the last field, and no others', () => {
    for (const { compiled, switches, of } of stacks) {
      for (const kind of ['metric', 'composite'] as const) {
        const own = compiled.filter((alarm) => alarm.kind === kind).map(({ definition }) => definition);
        const wanted = kind === 'metric' ? [...own, ...switches] : own;
        expect(ordered([...of(TYPES[kind]).values()].map(definitionIn))).toEqual(ordered(wanted));
      }
    }
  });

  it('tell the topic of their Region, of the alarm and of its end, where they tell anybody', () => {
    for (const { compiled, of } of stacks) {
      const [topic = ''] = of('AWS::SNS::Topic').keys();
      const told = new Map(compiled.map(({ definition, tellsPeople }) => [definition.AlarmName, tellsPeople]));
      for (const { Properties } of [...of(TYPES.metric).values(), ...of(TYPES.composite).values()]) {
        const actions = told.get(nameOf(Properties)) === true ? [{ Ref: topic }] : undefined;
        expect([Properties['AlarmActions'], Properties['OKActions']]).toEqual([actions, actions]);
      }
    }
  });

  it('come after every alarm that their rule names', () => {
    for (const { of } of stacks) {
      const idOf = new Map([...of(TYPES.metric)].map(([id, { Properties }]) => [nameOf(Properties), id]));
      for (const { Properties, DependsOn } of of(TYPES.composite).values()) {
        const named = [...String(Properties['AlarmRule']).matchAll(/"([^"]+)"/g)].map(([, name = '']) =>
          idOf.get(name),
        );
        expect(named).not.toEqual([]);
        expect(DependsOn).toEqual(expect.arrayContaining([...new Set(named)]));
      }
    }
  });

  it('have the observer of their Region invoked by those that it is to look at, and by nothing else', () => {
    for (const { region, of } of stacks) {
      const [[ruleId, rule] = ['', undefined], ...more] = [...of('AWS::Events::Rule')].filter(([, { Properties }]) =>
        JSON.stringify(Properties['EventPattern']).includes('aws.cloudwatch'),
      );
      expect(more).toEqual([]);
      const [observer = ''] = [...of('AWS::Lambda::Function')]
        .filter(([, { Properties }]) => String(Properties['FunctionName']).endsWith('-observe-regions'))
        .map(([id]) => id);
      expect(rule?.Properties).toMatchObject({
        EventPattern: {
          source: ['aws.cloudwatch'],
          'detail-type': ['CloudWatch Alarm State Change'],
          detail: { alarmName: wakingAlarms(config, region), state: { value: ['ALARM'] } },
        },
        Targets: [
          {
            Arn: { 'Fn::GetAtt': [observer, 'Arn'] },
            RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
          },
        ],
      });
      const allowed = [...of('AWS::Lambda::Permission').values()].filter(
        ({ Properties }) =>
          Properties['Principal'] === 'events.amazonaws.com' &&
          JSON.stringify(Properties['FunctionName']).includes(observer),
      );
      expect(allowed.map(({ Properties }) => Properties['SourceArn'])).toEqual([{ 'Fn::GetAtt': [ruleId, 'Arn'] }]);
    }
  });
});
