/**
 * Positions sorted by key, stable: those of key `k` are `order[first[k]]` to `order[first[k + 1] - 1]`. Keys are numbers
 * from 0 to `keyCount - 1`. O(keys + keyCount).
 *
 * @param input Positions in the order to start from. @default 0, 1, 2 …
 */
export function countingSort(keyCount: number, keys: Int32Array | Uint32Array, input?: Int32Array) {
  const first = new Int32Array(keyCount + 1);
  for (const key of keys) first[key + 1]! += 1;
  for (let key = 0; key < keyCount; key += 1) first[key + 1]! += first[key]!;
  const next = first.slice();
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i += 1) {
    const position = input === undefined ? i : input[i]!;
    const key = keys[position]!;
    order[next[key]!] = position;
    next[key]! += 1;
  }
  return { order, first };
}
