import { GetItemCommand, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitFromImage } from '../../shared/adapters/dynamodb/commit-image.ts';
import {
  createDynamoEventStore,
  createGatheringEventStore,
} from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import type { EventStore } from '../../shared/ports/event-store.ts';
import { type Dynoxide, eventsTable, startDynoxide } from './dynoxide.ts';
import { eventStoreContract } from './event-store.contract.ts';

describe('event store on DynamoDB', () => {
  let engine: Dynoxide;
  let store: EventStore;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(eventsTable('Events'));
    store = createDynamoEventStore({ client: engine.client, tableName: 'Events' });
  });
  afterAll(() => engine.stop());

  eventStoreContract(() => store);

  it('writes commits that the relay reads from the table’s stream as they are', async () => {
    const events = [{ type: 'Happened', schemaVersion: 1, note: 'ü' }];
    const stream = { streamId: 'relayed', expectedVersion: 0, state: {}, lists: [] };
    await store.append([{ ...stream, events, actor, reason: 'because', occurredAt }]);
    const Key = { pk: { S: 'relayed' }, sk: { S: 'commit#000000001' } };
    const { Item } = await engine.client.send(new GetItemCommand({ TableName: 'Events', Key }));
    expect(commitFromImage(Item)).toEqual((await store.commits('relayed', { afterVersion: 0, limit: 1 }))[0]);
  });

  it('reads past the megabyte at which a page of DynamoDB ends', async () => {
    const padding = 'x'.repeat(300_000);
    for (let version = 0; version < 5; version += 1) {
      const state = { version, padding };
      const content = {
        streamId: `large#${version}`,
        expectedVersion: 0,
        lists: [{ list: 'large', sort: String(version) }],
        state,
      };
      await store.append([
        { ...content, events: [{ type: 'Happened', schemaVersion: 1 }], actor, reason: '', occurredAt },
      ]);
    }
    expect((await store.list('large', { limit: 10 })).items).toHaveLength(5);
  });
});

describe('event store on DynamoDB that gathers heads', () => {
  let engine: Dynoxide;
  let store: EventStore;
  let calls = 0;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(eventsTable('Events'));
    engine.client.middlewareStack.add(
      (next) => (args) => {
        calls += 1;
        return next(args);
      },
      { step: 'initialize' },
    );
    store = createGatheringEventStore({ client: engine.client, tableName: 'Events' });
  });
  afterAll(() => engine.stop());

  eventStoreContract(() => store);

  it('reads what is asked for in the same turn in one request, the same head twice too', async () => {
    const events = [{ type: 'Happened', schemaVersion: 1 }];
    const ofStream = (streamId: string) => ({ streamId, expectedVersion: 0, state: { streamId }, lists: [] });
    for (const streamId of ['together#1', 'together#2'])
      await store.append([{ ...ofStream(streamId), events, actor, reason: '', occurredAt }]);
    calls = 0;
    const asked = ['together#1', 'together#2', 'together#1', 'together#none'];
    const heads = await Promise.all(asked.map((streamId) => store.head(streamId)));
    expect(heads.map((head) => head?.streamId)).toEqual(['together#1', 'together#2', 'together#1', undefined]);
    expect(calls).toBe(1);
  });
});

const actor = { id: 'ada', kind: 'person', roles: [], teams: [] } as const;
const occurredAt = '2001-01-22T06:00:00.000Z';

describe('what DynamoDB may answer to an append', () => {
  const appendWith = async (error: unknown) => {
    const client = { send: () => Promise.reject(error) };
    // Only `send` is ever called.
    const store = createDynamoEventStore({ client: client as unknown as Dynoxide['client'], tableName: 'Events' });
    const events = [{ type: 'Happened', schemaVersion: 1 }];
    const commit = (streamId: string) => ({
      streamId,
      expectedVersion: 0,
      events,
      state: {},
      lists: [],
      actor,
      reason: '',
      occurredAt,
    });
    await store.append([commit('a'), commit('b')]);
  };
  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
  const named = (name: string, more = {}) => Object.assign(new Error('from the service'), { name, ...more });

  it.each([
    [
      'a failed condition',
      cancelled('None', 'None', 'None', 'ConditionalCheckFailed'),
      'VersionConflict',
      'b is no longer at version 0',
    ],
    [
      'a transaction on the same head',
      cancelled('None', 'TransactionConflict', 'None', 'None'),
      'VersionConflict',
      'a is no longer at version 0',
    ],
    [
      'throttling of the transaction',
      cancelled('ThrottlingError', 'None', 'None', 'None'),
      'DependencyUnavailable',
      'DynamoDB does not answer',
    ],
    ['throttling', named('ThrottlingException'), 'DependencyUnavailable', 'DynamoDB does not answer'],
    [
      'its own failure',
      named('InternalServerError', { $metadata: { httpStatusCode: 500 } }),
      'DependencyUnavailable',
      'DynamoDB does not answer',
    ],
    ['no connection', named('Error', { code: 'ECONNREFUSED' }), 'DependencyUnavailable', 'DynamoDB does not answer'],
  ])('%s becomes an error that callers know', async (_case, error, name, message) => {
    await expect(appendWith(error)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it('lets a mistake of ours through as it is', async () => {
    await expect(
      appendWith(named('ValidationException', { $metadata: { httpStatusCode: 400 } })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(appendWith(cancelled('ValidationError', 'None', 'None', 'None'))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
  });
});
