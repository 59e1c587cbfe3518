import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { CONFIGS, PRESET_CONFIGS } from '../_helpers/configs.ts';
import { acknowledgedBelow, examine, staleAmong } from '../_helpers/nag.ts';
import { synthesize } from '../_helpers/synthesize.ts';

/** A reason tells more than that there is one. */
const SHORTEST_REASON = 30;

describe.each([...CONFIGS, ...PRESET_CONFIGS])('cdk-nag, over every stack of %s', (_, config) => {
  const [stack] = synthesize(config).stacks.values();
  if (stack === undefined) throw new Error('the app has no stack');
  const { open, raw } = examine(stack.node.root);
  const acknowledged = acknowledgedBelow(stack.node.root);

  it('finds nothing that is not answered', () => {
    expect(open).toEqual([]);
  });

  it('has an answer to nothing that it does not find', () => {
    expect(staleAmong(acknowledged, raw)).toEqual([]);
  });

  it('is answered on wildcards and on the queue without dead letters alone, each with the reason', () => {
    const others = acknowledged.filter(({ rule }) => !/^AwsSolutions-IAM5\[Resource::.*\*.*\]$/.test(rule));
    const queues = config.preset === 'queue-based-writes' ? config.regions.length : 0;
    expect(others).toHaveLength(queues);
    expect(
      others.filter(({ rule, path }) => !/^AwsSolutions-SQS3 .*\/WriteBuffer\/Queue/.test(`${rule} ${path}`)),
    ).toEqual([]);
    expect(acknowledged.filter(({ reason }) => reason.length < SHORTEST_REASON)).toEqual([]);
  });
});

describe('the run of cdk-nag', () => {
  const careless = () => {
    const stack = new Stack(new App(), 'careless');
    return { stack, bucket: new Bucket(stack, 'Bucket') };
  };

  it('would find a bucket that takes plain connections', () => {
    expect(examine(careless().stack).open).toContainEqual({
      rule: 'AwsSolutions-S10',
      path: 'careless/Bucket/Resource',
    });
  });

  it('would notice an answer that outlived its finding', () => {
    const { stack, bucket } = careless();
    Validations.of(bucket).acknowledge(
      { id: 'AwsSolutions-S10', reason: 'holds' },
      { id: 'AwsSolutions-SNS3', reason: 'is no topic' },
    );
    const { raw, open } = examine(stack);
    expect(open.map(({ rule }) => rule)).not.toContain('AwsSolutions-S10');
    expect(staleAmong(acknowledgedBelow(stack), raw)).toEqual([
      { rule: 'AwsSolutions-SNS3', path: 'careless/Bucket', reason: 'is no topic' },
    ]);
  });
});
