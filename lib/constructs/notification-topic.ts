import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';

/** Properties of the topic. */
export interface NotificationTopicProps {
  readonly config: Pick<ResolvedConfig, 'application' | 'notify'>;
}

/**
 * Where a Region's machines, observer and alarms tell people. Encrypted under a key of its own, since alarms cannot
 * publish to a topic under the key that AWS manages for SNS: its policy cannot be changed to let them.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class NotificationTopic extends Construct {
  /** The topic itself. */
  readonly topic: Topic;
  /** ARN of its key: who publishes must be able to use it. */
  readonly keyArn: string;

  constructor(scope: Construct, id: string, { config }: NotificationTopicProps) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: `Notifications of ${config.application}`,
      enableKeyRotation: true,
      // Messages are not kept, so nothing is lost with the key.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.keyArn = key.keyArn;
    this.topic = new Topic(this, 'Topic', {
      topicName: names.notificationTopic(config),
      displayName: `Switchyard ${config.application}`,
      masterKey: key,
      enforceSSL: true,
    });
    this.letAlarmsPublish(key);
    for (const email of config.notify.emails) this.topic.addSubscription(new EmailSubscription(email));
  }

  private letAlarmsPublish(key: Key): void {
    const alarms = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    };
    key.addToResourcePolicy(
      new PolicyStatement({ ...alarms, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }),
    );
    this.topic.addToResourcePolicy(
      new PolicyStatement({ ...alarms, actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
    );
  }
}
