/** Indexes in ascending order of the minutes; a stable counting sort, linear because minutes are dense. */
export function orderBy(minutes: Int32Array): Int32Array {
  let [first, last] = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  for (const minute of minutes) {
    if (minute < first) first = minute;
    if (minute > last) last = minute;
  }
  const starts = new Int32Array(Math.max(0, last - first) + 2);
  for (const minute of minutes) starts[minute - first + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const order = new Int32Array(minutes.length);
  for (let i = 0; i < minutes.length; i++) order[starts[minutes[i]! - first]!++] = i;
  return order;
}
