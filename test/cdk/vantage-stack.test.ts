import { describe, expect, it } from 'vitest';
import storefront from '../../switchyard.config.ts';
import { fixtureConfig } from '../_helpers/configs.ts';
import { type Resource, synthesized } from '../_helpers/synthesize.ts';

const { template, resources } = synthesized(storefront);
const STACK = 'vantage-ap-northeast-2';

describe('the stack of a vantage Region', () => {
  it('holds an observer on a schedule, and no step, machine, topic or alarm', () => {
    const functions = [...resources(STACK, 'AWS::Lambda::Function').values()].map((r) => r.Properties['FunctionName']);
    expect(functions).toEqual(['switchyard-storefront-observe-regions']);
    template(STACK).resourceCountIs('AWS::Scheduler::Schedule', 1);
    template(STACK).resourceCountIs('AWS::StepFunctions::StateMachine', 0);
    template(STACK).resourceCountIs('AWS::SNS::Topic', 0);
    template(STACK).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('lets its observer neither start machines nor send messages: it only reports', () => {
    const policies = JSON.stringify([...resources(STACK, 'AWS::IAM::Role').values()].map(policiesOf));
    expect(policies).not.toMatch(/states:|sns:|kms:/);
  });

  it('keeps switches where it guards somebody, and has no bucket where it does not', () => {
    // One holds the switches, the other the log of who touched them.
    template(STACK).resourceCountIs('AWS::S3::Bucket', 2);
    const records = fixtureConfig('active-active-geolocation');
    expect(Object.values(records.evacuation.guardians).flat()).not.toContain('eu-west-2');
    synthesized(records).template('vantage-eu-west-2').resourceCountIs('AWS::S3::Bucket', 0);
  });
});

function policiesOf({ Properties }: Resource): unknown {
  return Properties['Policies'];
}
