import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { SendOutcome } from '../../domain/notifications/decide-delivery.ts';
import type { NotificationMessage } from '../../domain/notifications/notification.ts';
import type { NotificationTarget } from '../../domain/notifications/notification-targets.ts';
import { pagerDutyPayload, pagerDutyUrls } from '../../domain/notifications/payloads/pagerduty-payload.ts';
import { slackPayload } from '../../domain/notifications/payloads/slack-payload.ts';
import { snsMessage } from '../../domain/notifications/payloads/sns-message.ts';
import { teamsPayload } from '../../domain/notifications/payloads/teams-payload.ts';
import { webhookPayload } from '../../domain/notifications/payloads/webhook-payload.ts';
import { signWebhook, webhookKey } from '../../domain/notifications/standard-webhooks.ts';
import type { NotificationSender } from '../../ports/notification-sender.ts';
import type { Secret } from '../../ports/secret.ts';
import type { PinnedPost, PostPinned } from './pinned-https.ts';
import { TargetRefused } from './resolve-target.ts';

export type TargetSenderOptions = {
  readonly post: PostPinned;
  readonly sns: SNSClient;
  /** Of a team, by the name in its target. */
  readonly secretOf: (team: string, name: string) => Secret;
  readonly topicArnOf: (team: string, name: string) => string;
  /** Receivers compare a signature's moment with their own clocks, so it is the one thing here that a real clock says. */
  readonly wallClock: () => number;
};

/** Not usable as it is; a corrected secret or setting is what helps. */
class UnusableTarget extends Error {}

/** Sends to every kind of target. What it says of a failure holds nothing of secrets, addresses or answers. */
export function createTargetSender(options: TargetSenderOptions): NotificationSender {
  return {
    async send(target, message) {
      try {
        return target.kind === 'sns'
          ? await publish(options, target.topic, message)
          : outcomeOf(await options.post(await postTo(options, target, message)));
      } catch (error) {
        return failure(error);
      }
    },
  };
}

async function publish(
  { sns, topicArnOf }: TargetSenderOptions,
  topic: string,
  message: NotificationMessage,
): Promise<SendOutcome> {
  const { subject, message: Message, attributes } = snsMessage(message);
  const entries = Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]);
  const TopicArn = topicArnOf(message.incident.team, topic);
  const MessageAttributes = Object.fromEntries(entries);
  await sns.send(new PublishCommand({ TopicArn, Subject: subject, Message, MessageAttributes }));
  return { delivered: true };
}

async function postTo(
  { secretOf, wallClock }: TargetSenderOptions,
  target: Exclude<NotificationTarget, { kind: 'sns' }>,
  message: NotificationMessage,
): Promise<PinnedPost> {
  const secret = (await secretOf(message.incident.team, target.secret).read()).trim();
  const json = { 'content-type': 'application/json', 'user-agent': 'Runway' };
  switch (target.kind) {
    case 'webhook': {
      const key = webhookKey(secret);
      if (key === undefined) throw new UnusableTarget('expected the secret to be whsec_ and a key of 24 to 64 bytes');
      const body = JSON.stringify(webhookPayload(message));
      const signature = signWebhook(key, message.notificationId, wallClock(), body);
      return { url: new URL(target.url), headers: { ...json, ...signature }, body };
    }
    case 'slack':
      return { url: secretUrl(secret), headers: json, body: JSON.stringify(slackPayload(message)) };
    case 'teams':
      return { url: secretUrl(secret), headers: json, body: JSON.stringify(teamsPayload(message)) };
    case 'pagerduty': {
      const body = JSON.stringify(pagerDutyPayload(message, secret));
      return { url: new URL(pagerDutyUrls[target.region]), headers: json, body };
    }
  }
}

// The message of a TypeError would show the secret.
function secretUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new UnusableTarget('expected the secret to be an https URL');
  return url;
}

function outcomeOf(status: number): SendOutcome {
  if (status >= 200 && status < 300) return { delivered: true, status };
  const error =
    status >= 300 && status < 400 ? 'answered with a redirect, which is not followed' : `answered ${status}`;
  // Whoever is gone says so: Standard Webhooks asks not to come again.
  return { delivered: false, status, error, ...(status === 410 && { isFinal: true }) };
}

function failure(error: unknown): SendOutcome {
  if (error instanceof TargetRefused) return { delivered: false, error: error.message, isFinal: true };
  if (error instanceof UnusableTarget) return { delivered: false, error: error.message };
  return { delivered: false, error: wordsOf(error) };
}

/** Names and codes only, for messages may repeat what they could not use. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'could not be sent';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'did not answer in time';
  const { code } = error as Error & { readonly code?: unknown };
  return `could not be sent: ${typeof code === 'string' ? code : error.name}`;
}
