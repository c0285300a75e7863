import type { NotificationMessage } from '../notification.ts';
import { clipped, footnote, headline } from './message-words.ts';

/** Of an incoming webhook: blocks, and `text` for what shows none. Source: Slack, Block Kit reference, with its limits. */
export function slackPayload(message: NotificationMessage): unknown {
  const title = headline(message);
  return {
    text: escaped(clipped(title, 3_000)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clipped(title, 150) } },
      { type: 'section', text: { type: 'mrkdwn', text: clipped(escaped(message.incident.detail || title), 3_000) } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: escaped(footnote(message)) }] },
    ],
  };
}

/** The three characters that Slack takes for the beginning of mentions, links and entities. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
