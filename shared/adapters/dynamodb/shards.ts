/**
 * A list of everything is cut into so many partitions, read side by side: each of 10,000 rows of 700 bytes is then two
 * pages of DynamoDB long. More would cost a small fleet a call each.
 */
const shardCount = 4;

export const shards: readonly number[] = Array.from({ length: shardCount }, (_, shard) => shard);

/** Always the same for the same id (FNV-1a, 32 bits). */
export function shardOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  return hash % shardCount;
}

export function shardedList(list: string, shard: number): string {
  return `${list}#${shard}`;
}
