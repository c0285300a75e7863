import { setImmediate } from 'node:timers/promises';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';

export type Writes = NonNullable<TransactWriteCommandInput['TransactItems']>;
/** All of them or none. Throws what DynamoDB throws. */
export type Transact = (writes: Writes) => Promise<void>;

type Asked = { readonly writes: Writes; readonly resolve: () => void; readonly reject: (error: unknown) => void };

// DynamoDB's own are 100 and 4 MB; of an item only its packed content is counted.
const maximumWrites = 100;
const maximumBytes = 2_000_000;

/** Each in a request of its own. */
export function singleTransactions(client: DynamoDBDocumentClient): Transact {
  return async (TransactItems) => void (await client.send(new TransactWriteCommand({ TransactItems })));
}

/**
 * What is asked for in the same turn of the event loop goes in as few requests as fit. One that fails is taken apart, so
 * that each who asked has the outcome of their own: a scan writes a record of many models, and conflicts are rare.
 */
export function gatheredTransactions(client: DynamoDBDocumentClient): Transact {
  const transact = singleTransactions(client);
  let gathered: Asked[] | undefined;

  async function alone({ writes, resolve, reject }: Asked): Promise<void> {
    await transact(writes).then(resolve, reject);
  }

  async function together(some: readonly Asked[]): Promise<void> {
    if (some.length > 1) {
      try {
        await transact(some.flatMap(({ writes }) => [...writes]));
        for (const { resolve } of some) resolve();
        return;
      } catch (error) {
        if (!isOfSome(error)) {
          for (const { reject } of some) reject(error);
          return;
        }
      }
    }
    // Whose fault it was is found out by asking for each.
    await Promise.all(some.map(alone));
  }

  async function afterThisTurn(asked: Asked[]): Promise<void> {
    await setImmediate();
    gathered = undefined;
    await Promise.all(packed(asked).map(together));
  }

  return (writes) =>
    new Promise((resolve, reject) => {
      if (gathered === undefined) {
        gathered = [];
        void afterThisTurn(gathered);
      }
      gathered.push({ writes, resolve, reject });
    });
}

/** Others may succeed where these fail; with what concerns the table or the network they do not. */
function isOfSome(error: unknown): boolean {
  return error instanceof Error && ['TransactionCanceledException', 'ValidationException'].includes(error.name);
}

/** In their order, each request as full as it may be. */
function packed(asked: readonly Asked[]): readonly (readonly Asked[])[] {
  const requests: Asked[][] = [];
  let [count, bytes] = [Number.POSITIVE_INFINITY, 0];
  for (const each of asked) {
    const size = bytesOf(each.writes);
    if (count + each.writes.length > maximumWrites || bytes + size > maximumBytes) {
      requests.push([]);
      [count, bytes] = [0, 0];
    }
    requests.at(-1)!.push(each);
    count += each.writes.length;
    bytes += size;
  }
  return requests;
}

function bytesOf(writes: Writes): number {
  const values = writes.flatMap(({ Put }) => Object.values(Put?.Item ?? {}));
  return values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.byteLength : 0), 0);
}
