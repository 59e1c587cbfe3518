import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { NotificationChannel } from '../notification/channel.ts';
import { translated } from './translate-error.ts';

/** Messages to the application's topic of this Region. */
export function createSnsChannel(client: SNSClient, topicArn: string): NotificationChannel {
  return {
    name: 'sns',
    send: async ({ subject, body }) => {
      await translated('publish', () =>
        client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: body })),
      );
    },
  };
}
