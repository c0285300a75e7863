import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookFault, webhookKey } from '../../shared/domain/notifications/standard-webhooks.ts';
import { boot, type Running } from '../e2e/boot.ts';
import { createWorld, start, type World } from '../mutation/world.ts';
import { makeCertificate } from '../support/certificate.ts';
import { startReceiver } from '../support/https-receiver.ts';

// A team's webhook is a server on this machine, in the domain `test`. Functions believe its certificate and may reach it.
const host = 'hooks.runway.test';
const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const folder = mkdtempSync(path.join(tmpdir(), 'runway-receiver-'));
let status = 200;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let running: Running;
let world: World;

type Body = Record<string, unknown>;
const received = () =>
  receiver.received.map(({ headers, body }) => ({ id: headers['webhook-id'], ...JSON.parse(body) }));

beforeAll(async () => {
  const certificate = makeCertificate([host]);
  receiver = await startReceiver(certificate, () => ({ status }));
  const authority = path.join(folder, 'authority.pem');
  writeFileSync(authority, certificate.cert);
  const variables = {
    NOTIFICATION_TEST_ORIGINS: `${host}:${receiver.port}=127.0.0.1`,
    NODE_EXTRA_CA_CERTS: authority,
  };
  running = await boot(start, { templateTransform: (template) => withVariables(template, variables) });
  const client = new SecretsManagerClient(customerOf('SECRETS_MANAGER'));
  await client.send(new CreateSecretCommand({ Name: 'runway/dev/notifications/flights/hook', SecretString: secret }));
  client.destroy();
  world = await createWorld(running.cloud, 'notified');
  const url = `https://${host}:${receiver.port}/runway`;
  await world.succeed('PUT', '/v1/teams/flights/notification-targets', {
    targets: [{ kind: 'webhook', name: 'ops', url, secret: 'hook' }],
  });
}, 120_000);
afterAll(async () => {
  world?.close();
  await running?.end();
  await receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('tells a receiver once of a breach, signed so that it can tell', async () => {
  await world.drift();
  expect(received()).toMatchObject([
    { id: 'notified-i1-n1', type: 'incident.opened', data: { incident: { cause: 'drift', severity: 'inform' } } },
  ]);
  const [{ headers, body, servername }] = receiver.received as [(typeof receiver.received)[number]];
  expect(webhookFault(webhookKey(secret)!, headers, body, Date.now())).toBeUndefined();
  expect(servername).toBe(host);
});

it('tells nobody again when the same event comes again', async () => {
  const { items } = await world.succeed('GET', `${world.model}/history`);
  const told = (items as Body[]).find(({ events }) => (events as Body[]).some(({ type }) => type === 'HealthChanged'));
  const [event] = (told?.events ?? []) as Body[];
  const detail = { streamId: 'model#notified', version: told?.version, event };
  for (let copy = 0; copy < 3; copy += 1) await sendTo('IncidentEvents', { 'detail-type': 'HealthChanged', detail });
  await world.advance(1);
  expect(received()).toHaveLength(1);
  expect((await world.succeed('GET', '/v1/teams/flights/notifications')).items).toHaveLength(1);
});

it('tries again while the receiver is down, until it is back', async () => {
  status = 503;
  const { runId } = await world.requestRetrain();
  await world.succeed('POST', `/v1/runs/${runId}/completion`, { status: 'failed', error: 'out of memory' });
  await world.advance(3);
  expect(await attempts('notified-i2-n1')).toEqual(['failed', 'failed', 'failed']);
  status = 200;
  await world.advance(10);
  expect(await attempts('notified-i2-n1')).toEqual(['failed', 'failed', 'failed', 'delivered']);
  const ids = received().map(({ id }) => id);
  expect(ids).toEqual(['notified-i1-n1', ...Array(4).fill('notified-i2-n1')]);
});

it('sends again what is replayed, under the same id', async () => {
  await world.succeed('POST', '/v1/teams/flights/notifications/notified-i1-n1/replay', {});
  await world.settle();
  expect(received().at(-1)).toMatchObject({ id: 'notified-i1-n1', type: 'incident.opened' });
  expect(await attempts('notified-i1-n1')).toEqual(['delivered', 'delivered']);
});

it('shows no secret in answers, logs or events', async () => {
  const { items } = await world.succeed('GET', '/v1/teams/flights/notifications');
  const targets = await world.succeed('GET', '/v1/teams/flights/notification-targets');
  expect(JSON.stringify([items, targets, running.log])).not.toContain(secret);
});

async function attempts(notificationId: string): Promise<readonly unknown[]> {
  const { items } = await world.succeed('GET', '/v1/teams/flights/notifications');
  const found = (items as Body[]).find((each) => each.notificationId === notificationId);
  const [delivery] = (found?.deliveries ?? []) as { readonly attempts: readonly Body[] }[];
  return (delivery?.attempts ?? []).map(({ outcome }) => outcome);
}

async function sendTo(queueId: string, body: unknown): Promise<void> {
  const { queues } = (await (await fetch(`${running.cloud.apiUrl}/_local/status`)).json()) as { readonly queues: Body };
  const name = Object.keys(queues).find((id) => id.includes(queueId) && !/(DeadLetters|Undelivered)/.test(id));
  const client = new SQSClient(customerOf('SQS'));
  const QueueUrl = `http://localhost/000000000000/${queueNameOf(name ?? '')}`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
  client.destroy();
}

const queueNameOf = (logicalId: string) => `Runway-dev-Notifications-${logicalId}`;

function customerOf(service: string) {
  return {
    region: 'us-east-1',
    credentials: { accessKeyId: 'customer', secretAccessKey: 'local' },
    maxAttempts: 1,
    endpoint: running.cloud.sdkEnvironment()[`AWS_ENDPOINT_URL_${service}`] ?? '',
  };
}

type Template = {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
};

/** Of the function that delivers. */
function withVariables<T extends Template>(template: T, variables: Readonly<Record<string, string>>): T {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    const properties = Object(resource.Properties);
    if (properties.Description !== 'functions/notifications/deliver-notifications.ts') return [id, resource];
    const Environment = { Variables: { ...properties.Environment.Variables, ...variables } };
    return [id, { ...resource, Properties: { ...properties, Environment } }];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}
