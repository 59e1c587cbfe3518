import type { Command } from 'commander';
import { compositeState } from '../../twin/cloudwatch/evaluate-composite.ts';
import { evaluateFixture, parseAlarmFixture } from '../../twin/cloudwatch/evaluate-fixture.ts';
import { EXIT, type Io } from '../io.ts';
import { readJsonFile } from '../read-json-file.ts';
import type { Run } from '../register.ts';
import { renderJson } from '../render/json.ts';

/** `switchyard cloudwatch evaluate` and `switchyard cloudwatch composite`: what an alarm would do, without AWS. */
export function registerCloudWatch(program: Command, io: Io, run: Run): void {
  const cloudwatch = program.command('cloudwatch').description('What would this alarm do? Answered without AWS.');

  cloudwatch
    .command('evaluate')
    .description('evaluate a metric alarm on the datapoints of a fixture (docs/cloudwatch-evaluate.md)')
    .argument('<fixture.json>', 'the alarm as PutMetricAlarm takes it, its previous state, and datapoints')
    .action((path: string) =>
      run(async () => {
        const subject = `the fixture ${path}`;
        const fixture = parseAlarmFixture(readJsonFile(subject, path), subject);
        io.out(renderJson(evaluateFixture(fixture)));
        return EXIT.done;
      }),
    );

  cloudwatch
    .command('composite')
    .description('evaluate the rule of a composite alarm on the states of its alarms')
    .requiredOption('--rule <AlarmRule>', 'the rule, as PutCompositeAlarm takes it')
    .option('--state <name=state...>', 'the state of an alarm of the rule: name=OK, name=ALARM, name=INSUFFICIENT_DATA')
    .action(({ rule, state }: { readonly rule: string; readonly state?: readonly string[] }) =>
      run(async () => {
        io.out(renderJson({ state: compositeState(rule, state ?? []) }));
        return EXIT.done;
      }),
    );
}
