import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { inputFor } from '../_fixtures/preset-matrix.ts';
import { synthesized } from '../_helpers/synthesize.ts';

const config = resolveConfig({
  ...inputFor('queue-based-writes', 2),
  writeBuffer: { retentionDays: 3, visibilitySeconds: 90 },
});
const { resources } = synthesized(config);
const [queue] = resources('region-ap-northeast-1', 'AWS::SQS::Queue').values();

describe('the queue of waiting writes', () => {
  it('keeps the order within an entity, for as long as the config says', () => {
    expect(queue?.Properties).toEqual({
      QueueName: 'switchyard-matrix-h-writes.fifo',
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 3 * 86_400,
      VisibilityTimeout: 90,
      Tags: expect.any(Array),
    });
  });

  it('puts no write aside, which the next one of its entity would overtake', () => {
    expect(queue?.Properties).not.toHaveProperty('RedrivePolicy');
  });

  it('stays when the stack goes: it may hold what a customer was told is accepted', () => {
    expect(queue?.DeletionPolicy).toBe('Retain');
  });

  it('tells people of a write that has waited for an hour', () => {
    const alarms = [...resources('region-ap-northeast-1', 'AWS::CloudWatch::Alarm').values()];
    const alarm = alarms.find(({ Properties }) => Properties['MetricName'] === 'ApproximateAgeOfOldestMessage');
    expect(alarm?.Properties).toMatchObject({
      Namespace: 'AWS/SQS',
      Statistic: 'Maximum',
      Threshold: 3600,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [expect.anything()],
      OKActions: [expect.anything()],
    });
  });
});
