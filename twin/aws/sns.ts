import type { PublishCommandInput } from '@aws-sdk/client-sns';
import type { Channel } from '../../core/notification/channel.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';

/** A message that people got. */
export interface Notification {
  readonly atMs: number;
  readonly region: string;
  readonly channel: Channel;
  readonly subject: string;
  readonly body: string;
}

/** Topics that keep what was published. */
export function createSns(
  now: () => number,
  onPublish: (notification: Notification, topicArn: string) => void,
): ServiceHandlers {
  let published = 0;
  return {
    Publish: ({ TopicArn, Subject, Message }: PublishCommandInput, { region }: AwsCall) => {
      onPublish({ atMs: now(), region, channel: 'sns', subject: Subject ?? '', body: Message ?? '' }, TopicArn ?? '');
      return { MessageId: `message-${++published}` };
    },
  };
}
