import { describe, expect, it } from 'vitest';
import storefront from '../../switchyard.config.ts';
import { fixtureConfig } from '../_helpers/configs.ts';
import { synthesized } from '../_helpers/synthesize.ts';

const { template, stacks, resources } = synthesized(storefront);
const protectedReplica = (region: string) => ({
  Region: region,
  DeletionProtectionEnabled: true,
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
});

describe('the coordination stack', () => {
  it('is in the Region of the first replica and cannot be deleted by accident', () => {
    expect(stacks.get('coordination')?.region).toBe('ap-northeast-1');
    expect(stacks.get('coordination')?.terminationProtection).toBe(true);
  });

  it('holds a table that is strongly consistent over two replicas and a witness', () => {
    template('coordination').hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TableName: 'switchyard-storefront-coordination',
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: [{ Region: 'ap-northeast-3' }],
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'application', KeyType: 'HASH' },
        { AttributeName: 'item', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'application', AttributeType: 'S' },
        { AttributeName: 'item', AttributeType: 'S' },
      ],
    });
  });

  it('protects every replica from deletion, makes each restorable, and keeps the table without the stack', () => {
    const [table] = resources('coordination', 'AWS::DynamoDB::GlobalTable').values();
    expect(table?.Properties['Replicas']).toMatchObject([
      protectedReplica('ap-northeast-2'),
      protectedReplica('ap-northeast-1'),
    ]);
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('takes three replicas where the config names no witness', () => {
    const orders = synthesized(fixtureConfig('active-passive-three-regions'));
    const [table] = orders.resources('coordination', 'AWS::DynamoDB::GlobalTable').values();
    expect(orders.stacks.get('coordination')?.region).toBe('us-east-2');
    expect(table?.Properties['GlobalTableWitnesses']).toBeUndefined();
    expect(table?.Properties['Replicas']).toMatchObject(['us-west-2', 'us-east-1', 'us-east-2'].map(protectedReplica));
  });

  it('has every live weight created by a function that may create and not overwrite', () => {
    template('coordination').hasResourceProperties('Custom::LiveWeights', {
      Names: [
        '/switchyard/storefront/weights/live.api.storefront.example/ap-southeast-1',
        '/switchyard/storefront/weights/live.api.storefront.example/ap-northeast-1',
      ],
    });
    template('coordination').hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'switchyard-storefront-ensure-weights',
      Handler: 'index.handler',
      Timeout: 120,
    });
  });
});
