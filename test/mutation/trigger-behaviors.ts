import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { signWebhook, webhookKey } from '../../shared/domain/notifications/standard-webhooks.ts';
import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
import type { World } from './world.ts';

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

const at = ({ cloud }: World, service: string) => ({
  region: 'us-east-1',
  credentials: { accessKeyId: 'customer', secretAccessKey: 'local' },
  maxAttempts: 1,
  endpoint: cloud.sdkEnvironment()[`AWS_ENDPOINT_URL_${service}`] ?? '',
});

async function causes({ succeed, model }: World): Promise<readonly unknown[]> {
  const { items } = await succeed('GET', `${model}/retrains`);
  return (items as { readonly triggers: readonly { readonly cause: string }[] }[]).flatMap(({ triggers }) =>
    triggers.map(({ cause }) => cause),
  );
}

async function expectOne(world: World): Promise<void> {
  const found = await causes(world);
  fact(found.join() === 'external', () => `retrains have the causes ${found.join()}, expected external alone`);
}

export const triggers: Readonly<Record<string, Behavior>> = {
  'mapping retraining/take-external-events': {
    name: 'an event on the bus asks for a retrain, or says what changes upstream',
    async run(world) {
      await world.deploy();
      const client = new EventBridgeClient(at(world, 'EVENTBRIDGE'));
      const Detail = JSON.stringify({ modelId: world.modelId, reason: 'new price list' });
      const entry = { EventBusName: world.cloud.outputs.EventBusName, Source: 'pricing', DetailType: 'RetrainTrigger' };
      await client.send(new PutEventsCommand({ Entries: [{ ...entry, Detail }] }));
      await world.settle();
      // Its team, as what every model depends on.
      const change = { uri: 'aip://team/registry/flights', change: 'deprecation', reason: 'merged with delays' };
      await client.send(
        new PutEventsCommand({
          Entries: [{ ...entry, DetailType: 'DependencyChange', Detail: JSON.stringify(change) }],
        }),
      );
      client.destroy();
      await world.settle();
      await expectOne(world);
      const { dependencyChanges = [] } = (await world.succeed('GET', world.model)) as {
        readonly dependencyChanges?: readonly { readonly reason: string }[];
      };
      const reasons = dependencyChanges.map(({ reason }) => reason).join();
      fact(reasons === change.reason, () => `the model was told of ${reasons}, expected ${change.reason}`);
    },
  },
  'POST /v1/triggers/{modelId}': {
    name: 'a signed webhook asks for a retrain, once however often it comes',
    async run(world) {
      const { cloud, modelId, now } = world;
      await world.deploy();
      const client = new SecretsManagerClient(at(world, 'SECRETS_MANAGER'));
      const Name = `runway/dev/triggers/flights/${modelId}`;
      await client.send(new CreateSecretCommand({ Name, SecretString: secret }));
      client.destroy();
      const send = async (body: string, signed = body) => {
        const headers = signWebhook(webhookKey(secret)!, `price-${modelId}`, now(), signed);
        const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
        return (await fetch(`${cloud.apiUrl}/v1/triggers/${modelId}`, init)).status;
      };
      const body = '{"reason":"new price list"}';
      const statuses = [await send(body), await send(body), await send('{"reason":"forged"}', body)];
      fact(statuses.join() === '200,200,403', () => `it answered ${statuses.join()}`);
      await expectOne(world);
    },
  },
};
