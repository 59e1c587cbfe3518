import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../../core/ports.ts';
import { translated } from './translate-error.ts';

/** Messages to the application's topic of this Region. */
export function createSnsNotifier(client: SNSClient, topicArn: string): Notifier {
  return {
    send: async ({ subject, body }) => {
      await translated('publish', () =>
        client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: body })),
      );
    },
  };
}
