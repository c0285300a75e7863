import { expect, it } from 'vitest';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryIdempotencyStore } from '../../../shared/adapters/memory/memory-idempotency-store.ts';
import { systemActor } from '../../../shared/domain/actor.ts';
import { signWebhook, webhookKey } from '../../../shared/domain/notifications/standard-webhooks.ts';
import { admitWebhook } from '../../../shared/use-cases/retraining/admit-webhook.ts';
import { loadRetrain } from '../../../shared/use-cases/retraining/change-retrain.ts';
import { requestRetrain } from '../../../shared/use-cases/retraining/request-retrain.ts';
import { triggerFromOutside } from '../../../shared/use-cases/retraining/trigger-from-outside.ts';
import { deployedModel } from './flight-models.ts';

const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const key = webhookKey(secret)!;
const now = '2001-01-22T12:00:00.000Z';
const body = '{"reason":"new price list"}';
const signed = (at = Date.parse(now)) => ({ ...signWebhook(key, 'price-1', at, body) });

async function world() {
  const events = createMemoryEventStore();
  const state = { modelId: 'late-live', definition: { team: 'flights' } };
  const commit = { streamId: 'model#late-live', expectedVersion: 0, state, lists: [], occurredAt: now };
  await events.append([
    {
      ...commit,
      events: [{ type: 'ModelRegistered', schemaVersion: 1 }],
      actor: systemActor('test'),
      reason: 'a model',
    },
  ]);
  const secretOf = (team: string, modelId: string) => ({
    read: async () => {
      if (`${team}/${modelId}` === 'flights/late-live') return secret;
      throw Object.assign(new Error('no such secret'), { name: 'ResourceNotFoundException' });
    },
  });
  return { events, idempotency: createMemoryIdempotencyStore(), secretOf };
}

it('a webhook signed with the model’s key is believed, under its id', async () => {
  expect(await admitWebhook(await world(), { modelId: 'late-live', headers: signed(), body }, now)).toBe('price-1');
});

it('one of two signatures is enough while a key is rotated', async () => {
  const headers = signed();
  const both = {
    ...headers,
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`,
  };
  expect(await admitWebhook(await world(), { modelId: 'late-live', headers: both, body }, now)).toBe('price-1');
});

it.each([
  ['another body', { body: `${body} ` }],
  ['another model', { modelId: 'late-basic' }],
  ['another id', { headers: { ...signed(), 'webhook-id': 'price-2' } }],
  ['another moment', { headers: { ...signed(), 'webhook-timestamp': String(Date.parse(now) / 1_000 + 1) } }],
  ['no signature', { headers: {} }],
  ['the moment of an old recording', { headers: signed(Date.parse(now) - 301_000) }],
  ['a moment to come', { headers: signed(Date.parse(now) + 301_000) }],
])('%s is not', async (_name, changed) => {
  const webhook = { modelId: 'late-live', headers: signed(), body, ...changed };
  await expect(admitWebhook(await world(), webhook, now)).rejects.toMatchObject({
    name: 'NotAuthorized',
    code: 'webhook-not-authorized',
  });
});

it('a model that does not exist is refused in the words of a wrong signature', async () => {
  const ports = await world();
  const refusal = (modelId: string, of: string) =>
    admitWebhook(ports, { modelId, headers: signed(), body: of }, now).catch((error: Error) => error.message);
  expect(await refusal('unknown', body)).toBe(await refusal('late-live', 'forged'));
});

it('events from outside are added to the open retrain, each id once and beside what a person asked', async () => {
  const { events, idempotency } = await world();
  const model = deployedModel();
  const { modelId } = model;
  const commit = { streamId: `model#${modelId}`, expectedVersion: 0, state: model, lists: [], occurredAt: now };
  await events.append([
    {
      ...commit,
      events: [{ type: 'ModelRegistered', schemaVersion: 1 }],
      actor: systemActor('test'),
      reason: 'a model',
    },
  ]);
  const trigger = (eventId: string, reason = 'new price list') =>
    triggerFromOutside({ events, idempotency }, { modelId, source: 'pricing', eventId, reason }, now);
  const ada = { id: 'ada', kind: 'person', roles: [], teams: [] } as const;
  const { retrainId } = await requestRetrain(events, { modelId, reason: 'a person asks', actor: ada, now });
  expect([await trigger('e1'), await trigger('e1'), await trigger('e2')]).toEqual([retrainId, retrainId, retrainId]);
  const { state } = await loadRetrain(events, retrainId);
  expect(state.triggers.map(({ cause }) => cause)).toEqual(['manual', 'external']);
  expect(state.triggers[1]).toMatchObject({ reason: 'new price list', inputs: { source: 'pricing', eventId: 'e1' } });
  await expect(trigger('e1', 'another reason')).rejects.toMatchObject({ name: 'IdempotencyKeyReused' });
});

it('a refused event may come again', async () => {
  const { events, idempotency } = await world();
  const ask = () =>
    triggerFromOutside(
      { events, idempotency },
      { modelId: 'no-model', source: 'pricing', eventId: 'e1', reason: 'x' },
      now,
    );
  await expect(ask()).rejects.toMatchObject({ name: 'NotFound' });
  await expect(ask()).rejects.toMatchObject({ name: 'NotFound' });
});
