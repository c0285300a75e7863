/** More might not fit a record, whatever it shrinks to. */
const maximumEventBytes = 90_000;
// Below this an estimate is far from the limit.
const certainlySmall = 20_000;

/** About how many bytes an event takes in a document of columns, where names are written once. */
export function estimatedBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length + 3;
  // Records are three levels deep; what is deeper may be a cycle.
  if (typeof value !== 'object' || value === null || depth > 4) return 8;
  let sum = 2;
  for (const key in value) if (Object.hasOwn(value, key)) sum += estimatedBytes(Reflect.get(value, key), depth + 1);
  return sum;
}

export function isTooLarge(record: object, estimate: number): boolean {
  if (estimate <= certainlySmall) return false;
  try {
    return Buffer.byteLength(JSON.stringify(record)) > maximumEventBytes;
  } catch {
    return true;
  }
}
