/** Where a condition that holds below and fails above ends, by bisection between two points. */
export function endOf(holds: (at: number) => boolean, low: number, high: number): number {
  let [from, to] = [low, high];
  // 60 halvings reach the last bit of a double.
  for (let step = 0; step < 60 && from < to; step += 1) {
    const middle = from + (to - from) / 2;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return from + (to - from) / 2;
}
