import { afterAll, beforeAll, describe } from 'vitest';
import { createDynamoEventCounter } from '../../shared/adapters/dynamodb/dynamo-event-counter.ts';
import type { EventCounter } from '../../shared/ports/event-counter.ts';
import { type Dynoxide, keyedTable, startDynoxide } from './dynoxide.ts';
import { eventCounterContract } from './event-counter.contract.ts';

describe('event counter on DynamoDB', () => {
  let engine: Dynoxide;
  let counter: EventCounter;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(keyedTable('Idempotency'));
    counter = createDynamoEventCounter({ client: engine.client, tableName: 'Idempotency' });
  });
  afterAll(() => engine.stop());

  eventCounterContract(() => counter);
});
