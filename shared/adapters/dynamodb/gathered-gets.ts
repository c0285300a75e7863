import { setImmediate } from 'node:timers/promises';
import { batchGet, itemId } from './batch-get.ts';
import type { ItemKey } from './ground-truth-keys.ts';

type Items = ReturnType<typeof batchGet>;
type Gathered = { readonly keys: ItemKey[]; readonly items: Items };

/** As `batchGet`, in one request for all who ask in the same turn of the event loop: a scan asks for many models. */
export function gatheredGets(table: Parameters<typeof batchGet>[0]): (keys: readonly ItemKey[]) => Items {
  let next: Gathered | undefined;

  async function afterThisTurn(keys: readonly ItemKey[]): Items {
    await setImmediate();
    next = undefined;
    // The same key twice is an error to DynamoDB.
    return batchGet(table, [...new Map(keys.map((key) => [itemId(key), key])).values()]);
  }

  function gather(): Gathered {
    const keys: ItemKey[] = [];
    return { keys, items: afterThisTurn(keys) };
  }

  return (keys) => {
    next ??= gather();
    next.keys.push(...keys);
    return next.items;
  };
}
