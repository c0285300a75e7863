import type { NotificationMessage } from '../notification.ts';
import { clipped, footnote, headline } from './message-words.ts';

/** For a workflow of Microsoft Teams that posts what its webhook receives. Source: Adaptive Cards 1.4. */
export function teamsPayload(message: NotificationMessage): unknown {
  const { incident, change } = message;
  const block = (text: string, more: Readonly<Record<string, unknown>> = {}) => ({
    type: 'TextBlock',
    text,
    wrap: true,
    ...more,
  });
  const color = change === 'recovered' ? 'good' : incident.severity === 'page' ? 'attention' : 'warning';
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            block(plain(clipped(headline(message), 300)), { weight: 'bolder', size: 'medium', color }),
            block(plain(clipped(incident.detail, 3_000))),
            block(plain(footnote(message)), { isSubtle: true, size: 'small' }),
          ],
        },
      },
    ],
  };
}

/** Cards take a little Markdown: no text of a model's becomes a link. */
function plain(text: string): string {
  return text.replace(/[[\]()*_`\\]/g, (character) => `\\${character}`);
}
