import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { signWebhook, webhookKey } from '../../shared/domain/notifications/standard-webhooks.ts';
import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
import type { World } from './world.ts';

type Body = Record<string, unknown>;

const secret = `whsec_${Buffer.alloc(32, 4).toString('base64')}`;
const equal = (actual: unknown, expected: unknown, what: string) =>
  fact(actual === expected, () => `${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);

const at = ({ cloud }: World, service: string) => ({
  region: 'us-east-1',
  credentials: { accessKeyId: 'customer', secretAccessKey: 'local' },
  maxAttempts: 1,
  endpoint: cloud.sdkEnvironment()[`AWS_ENDPOINT_URL_${service}`] ?? '',
});

/** Nobody answers under that name, which is what the behaviours look for. */
function configurationOf(provider: string): Body {
  const statement = '{"name": name}';
  const list = { path: '/datasets', id: 'id' };
  const entities = [{ type: 'dataset', events: ['created'], hydrate: { path: '/datasets/{id}', statement }, list }];
  return { kind: 'http', baseUrl: `https://${provider}.invalid`, authentication: 'secret', entities };
}

async function configure({ cloud, succeed, modelId }: World, changes: Body = {}): Promise<string> {
  const provider = `source-${modelId}`;
  const token = await cloud.token({ sub: 'root', groups: ['admin'] });
  const response = await fetch(`${cloud.apiUrl}/v1/providers/${provider}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ ...configurationOf(provider), ...changes }),
  });
  equal(response.status, 200, 'the status of configuring a provider');
  fact((await shown(succeed, provider)) !== undefined, () => 'the provider is not listed');
  return provider;
}

async function remove({ cloud }: World, provider: string): Promise<Response> {
  const token = await cloud.token({ sub: 'root', groups: ['admin'] });
  const init = { method: 'DELETE', headers: { authorization: `Bearer ${token}` } };
  return fetch(`${cloud.apiUrl}/v1/providers/${provider}?claims=retire`, init);
}

async function shown(succeed: World['succeed'], provider: string): Promise<Body | undefined> {
  const { items } = await succeed('GET', '/v1/providers');
  return (items as Body[]).find((item) => item.provider === provider);
}

async function reconcileNow({ cloud }: World, provider: string): Promise<Body> {
  const token = await cloud.token({ sub: 'root', groups: ['admin'] });
  const response = await fetch(`${cloud.apiUrl}/v1/providers/${provider}/reconcile`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{}',
  });
  equal(response.status, 202, 'the status of asking for a reconcile');
  return (await response.json()) as Body;
}

/** Left on, it would be asked every hour of every other behaviour, and nobody answers. */
function switchedOff(behavior: Behavior): Behavior {
  const run = async (world: World) => {
    await behavior.run(world);
    if ((await shown(world.succeed, `source-${world.modelId}`)) !== undefined)
      await configure(world, { enabled: false });
  };
  return { ...behavior, run };
}

const behaviors: Readonly<Record<string, Behavior>> = {
  'GET /v1/providers': {
    name: 'people see which providers there are and how they stand',
    async run(world) {
      const provider = await configure(world);
      equal((await shown(world.succeed, provider))?.circuit, 'closed', 'the circuit');
    },
  },
  'PUT /v1/providers/{provider}': {
    name: 'an admin configures a provider by a document',
    async run(world) {
      const provider = await configure(world);
      equal((await shown(world.succeed, provider))?.changedBy, 'root', 'who changed it');
    },
  },
  'DELETE /v1/providers/{provider}': {
    name: 'an admin deletes a provider that is switched off, and what it said is retired',
    async run(world) {
      const provider = await configure(world);
      await reconcileNow(world, provider);
      equal((await remove(world, provider)).status, 409, 'the status while it is switched on');
      await configure(world, { enabled: false });
      equal((await remove(world, provider)).status, 202, 'the status');
      equal(await shown(world.succeed, provider), undefined, 'the provider');
      await world.advance(90);
      const { deleted } = await world.succeed('GET', '/v1/providers');
      const deletion = (deleted as Body[]).find((item) => item.provider === provider);
      equal(`${deletion?.deletedBy} ${deletion?.status}`, 'root done', 'the deletion');
    },
  },
  'POST /v1/providers/{provider}/reconcile': {
    name: 'an admin has the graph compared with a provider',
    async run(world) {
      const begun = await reconcileNow(world, await configure(world));
      equal(begun.startedBy, 'root', 'who began it');
    },
  },
  'mapping graph/reconcile-providers': {
    name: 'a reconcile says what it failed of',
    async run(world) {
      const provider = await configure(world);
      await reconcileNow(world, provider);
      await world.settle();
      const reconcile = (await shown(world.succeed, provider))?.reconcile as Body | undefined;
      fact(String(reconcile?.reason).includes('does not answer'), () => `the reason is ${String(reconcile?.reason)}`);
    },
  },
  'schedule graph/reconcile-providers': {
    name: 'a provider is reconciled without being asked',
    async run(world) {
      const provider = await configure(world);
      await world.advance(61);
      const reconcile = (await shown(world.succeed, provider))?.reconcile as Body | undefined;
      equal(reconcile?.startedBy, 'schedule', 'who began it');
    },
  },
  'mapping graph/hydrate-entities': {
    name: 'a thin event on the bus makes its thing be read, and a provider that never answers is left alone',
    async run(world) {
      const provider = await configure(world);
      const client = new EventBridgeClient(at(world, 'EVENTBRIDGE'));
      const entry = {
        EventBusName: world.cloud.outputs.EventBusName,
        Source: 'warehouse',
        DetailType: 'ThinEvent',
      };
      const Entries = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({
        ...entry,
        Detail: JSON.stringify({ provider, type: 'created', id }),
      }));
      await client.send(new PutEventsCommand({ Entries }));
      client.destroy();
      await world.settle();
      equal((await shown(world.succeed, provider))?.circuit, 'open', 'the circuit');
    },
  },
  'POST /v1/providers/{provider}/events': {
    name: 'a signed webhook tells of things, and a forged one is refused',
    async run(world) {
      const { cloud, now } = world;
      const provider = await configure(world);
      const client = new SecretsManagerClient(at(world, 'SECRETS_MANAGER'));
      await client.send(
        new CreateSecretCommand({ Name: `runway/dev/providers/${provider}/webhook`, SecretString: secret }),
      );
      client.destroy();
      const send = async (body: string, signed = body) => {
        const headers = signWebhook(webhookKey(secret)!, `told-${provider}`, now(), signed);
        const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
        return (await fetch(`${cloud.apiUrl}/v1/providers/${provider}/events`, init)).status;
      };
      const body = '{"type":"created","id":"a"}';
      const statuses = [await send(body), await send('{"type":"created","id":"b"}', body)];
      equal(statuses.join(), '202,403', 'the answers');
    },
  },
};

export const providers: Readonly<Record<string, Behavior>> = Object.fromEntries(
  Object.entries(behaviors).map(([key, behavior]) => [key, switchedOff(behavior)]),
);
