import type { Message } from './channel.ts';

/** What a chat's webhook takes. */
export interface ChatDocument {
  readonly text: string;
}

/** A message for a chat: subject, text, and where to look. */
export function chatDocument({ subject, text, facts }: Message): ChatDocument {
  const links = ['console', 'runbook', 'incidentChannel'].flatMap((name) =>
    typeof facts[name] === 'string' ? [`${name}: ${facts[name]}`] : [],
  );
  return { text: [`*${escaped(subject)}*`, escaped(text), ...links.map(escaped)].join('\n') };
}

/** The three characters that mean something else to Slack: https://docs.slack.dev/messaging/formatting-message-text/ */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
