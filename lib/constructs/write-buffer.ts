import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';

/** Properties of the queue. */
export interface WriteBufferProps {
  readonly application: string;
  /** How long a write waits at most, days. */
  readonly retentionDays: number;
  /** How long the application has to apply a write that it took, seconds. */
  readonly visibilitySeconds: number;
}

/** The answer to cdk-nag, which misses a dead-letter queue; listed in docs/security.md. */
const NO_DEAD_LETTERS =
  'a write that cannot be applied must hold up the next writes of its entity, which would overtake it: docs/adr/0003-presets.md';

/**
 * Where the application puts writes that nobody may commit now, and takes them from once somebody may.
 *
 * - FIFO, in order within a message group (one per entity) and without a second copy of what was sent twice within five
 *   minutes.
 * - No dead-letter queue: a write that cannot be applied must not be overtaken by the next one of its entity. It holds
 *   that entity up until a person has looked, which is what the alarm on it is for.
 * - Kept when the stack goes: what waits in it was accepted from a customer.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html (the note on FIFO queues)
 */
export class WriteBuffer extends Construct {
  constructor(scope: Construct, id: string, { retentionDays, visibilitySeconds, ...config }: WriteBufferProps) {
    super(scope, id);
    const queue = new Queue(this, 'Queue', {
      queueName: names.writeBuffer(config),
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(retentionDays),
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: NO_DEAD_LETTERS });
  }
}
