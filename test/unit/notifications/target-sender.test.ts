import { SNSClient } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { dependencyUnavailable } from '../../../shared/adapters/dependency-error.ts';
import type { PinnedPost } from '../../../shared/adapters/notifications/pinned-https.ts';
import { TargetRefused } from '../../../shared/adapters/notifications/resolve-target.ts';
import { createTargetSender } from '../../../shared/adapters/notifications/target-sender.ts';
import type { NotificationMessage } from '../../../shared/domain/notifications/notification.ts';
import { notificationTargetSchema } from '../../../shared/domain/notifications/notification-targets.ts';
import { webhookFault, webhookKey } from '../../../shared/domain/notifications/standard-webhooks.ts';

const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const secretPath = 'T000/B000/very-secret';
const secrets: Readonly<Record<string, string>> = {
  'flights/hook': key,
  'flights/slack': `https://hooks.slack.test/services/${secretPath}`,
  'flights/no-url': 'very-secret no url',
  'flights/pager': 'routing-key',
};
const message: NotificationMessage = {
  notificationId: 'late-live-i1-n1',
  change: 'opened',
  occurredAt: '2001-01-22T06:00:00.000Z',
  incident: {
    incidentId: 'late-live-i1',
    team: 'flights',
    subject: 'late-live',
    modelId: 'late-live',
    cause: 'performance',
    severity: 'page',
    status: 'open',
    title: 'late-live: performance breached',
    detail: 'log-loss skill <0.02> & falling [see](https://evil.test)',
    openedAt: '2001-01-22T06:00:00.000Z',
    updatedAt: '2001-01-22T06:00:00.000Z',
    occurrences: 1,
  },
};
const now = Date.parse('2001-01-22T06:00:10.000Z');

function world(answer: (post: PinnedPost) => number | Error = () => 204) {
  const posts: PinnedPost[] = [];
  const published: Record<string, string>[] = [];
  const sns = new SNSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { readonly body: string }) => {
        published.push(Object.fromEntries(new URLSearchParams(request.body)));
        throw Object.assign(new Error('no such host sns.test/very-secret'), { code: 'ENOTFOUND' });
      },
    },
  });
  const sender = createTargetSender({
    post: async (post) => {
      posts.push(post);
      const answered = answer(post);
      if (answered instanceof Error) throw answered;
      return answered;
    },
    sns,
    secretOf: (team, name) => ({
      read: async () => {
        const text = secrets[`${team}/${name}`];
        if (text === undefined) throw dependencyUnavailable('Secrets Manager', undefined);
        return text;
      },
    }),
    topicArnOf: (team, name) => `arn:aws:sns:us-east-1:000000000000:runway_dev_${team}_${name}`,
    wallClock: () => now,
  });
  const send = (target: Record<string, unknown>) =>
    sender.send(notificationTargetSchema.parse({ name: 'it', ...target }), message);
  return { posts, published, send };
}

it('signs a webhook as Standard Webhooks says, and its receiver can tell', async () => {
  const { posts, send } = world();
  expect(await send({ kind: 'webhook', url: 'https://ops.example.com/in', secret: 'hook' })).toEqual({
    delivered: true,
    status: 204,
  });
  const [{ headers, body, url } = posts[0]!] = posts;
  expect(String(url)).toBe('https://ops.example.com/in');
  expect(headers['webhook-id']).toBe('late-live-i1-n1');
  expect(webhookFault(webhookKey(key)!, headers, body, now)).toBeUndefined();
  expect(webhookFault(webhookKey(key)!, headers, `${body} `, now)).toBe('the signature does not match');
  expect(JSON.parse(body)).toMatchObject({ type: 'incident.opened', data: { incident: { cause: 'performance' } } });
});

it('escapes what Slack would take for a link or a mention', async () => {
  const { posts, send } = world();
  await send({ kind: 'slack', secret: 'slack' });
  expect(posts[0]?.url.pathname).toBe(`/services/${secretPath}`);
  expect(posts[0]?.body).toContain('&lt;0.02&gt; &amp; falling');
});

it('opens an alert of PagerDuty per incident', async () => {
  const { posts, send } = world();
  await send({ kind: 'pagerduty', secret: 'pager', region: 'eu' });
  expect(String(posts[0]?.url)).toBe('https://events.eu.pagerduty.com/v2/enqueue');
  expect(JSON.parse(posts[0]?.body ?? '')).toMatchObject({
    routing_key: 'routing-key',
    event_action: 'trigger',
    dedup_key: 'late-live-i1',
    payload: { severity: 'critical', source: 'late-live', class: 'performance' },
  });
});

it('sends Teams an adaptive card in which no text of ours becomes a link', async () => {
  const { posts, send } = world();
  await send({ kind: 'teams', secret: 'slack' });
  const [attachment] = JSON.parse(posts[0]?.body ?? '').attachments;
  expect(attachment.content.version).toBe('1.4');
  expect(attachment.content.body[1].text).toContain('\\[see\\]\\(https://evil.test\\)');
});

it('publishes to the topic of the team, with what subscriptions filter by', async () => {
  const { published, send } = world();
  expect(await send({ kind: 'sns', topic: 'alerts' })).toEqual({
    delivered: false,
    error: 'could not be sent: ENOTFOUND',
  });
  expect(published[0]).toMatchObject({
    Action: 'Publish',
    TopicArn: 'arn:aws:sns:us-east-1:000000000000:runway_dev_flights_alerts',
    Subject: 'PAGE late-live: performance breached',
  });
  expect(Object.values(published[0] ?? {})).toContain('page');
});

it.each<[string, number | Error, Record<string, unknown>]>([
  ['a redirect', 302, { delivered: false, status: 302, error: 'answered with a redirect, which is not followed' }],
  ['a failure', 500, { delivered: false, status: 500, error: 'answered 500' }],
  ['a receiver that is gone', 410, { delivered: false, status: 410, error: 'answered 410', isFinal: true }],
  ['a hidden address', new TargetRefused('not public'), { delivered: false, error: 'not public', isFinal: true }],
  ['no answer', AbortSignal.abort().reason as Error, { delivered: false, error: 'did not answer in time' }],
])('%s is an outcome', async (_name, answer, expected) => {
  const { send } = world(() => answer);
  expect(await send({ kind: 'webhook', url: 'https://ops.example.com/in', secret: 'hook' })).toEqual(expected);
});

it('never tells a secret: not of an unusable one, nor of an address that failed', async () => {
  const failed = Object.assign(new Error(`connect to /services/${secretPath}`), { code: 'ECONNREFUSED' });
  const outcomes = [
    await world(() => failed).send({ kind: 'slack', secret: 'slack' }),
    await world().send({ kind: 'slack', secret: 'no-url' }),
    await world().send({ kind: 'webhook', url: 'https://ops.example.com/in', secret: 'no-url' }),
    await world().send({ kind: 'slack', secret: 'missing' }),
  ];
  for (const outcome of outcomes) expect(outcome.delivered).toBe(false);
  expect(JSON.stringify(outcomes)).not.toContain('very-secret');
});
