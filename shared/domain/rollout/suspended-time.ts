import { hourMillis, type Instant, toMillis } from '../time.ts';
import type { RolloutState } from './rollout.ts';

/**
 * Hours since `from` in which the rollout waited for people: paused, or for an approval. They do not count towards a
 * step's limit, which is there for evidence that does not come.
 */
export function suspendedHours(
  { approvals = [], pauses = [] }: Pick<RolloutState, 'approvals' | 'pauses'>,
  from: Instant,
  now: Instant,
): number {
  const spans = [
    ...approvals.map(({ requestedAt, decidedAt = now }) => ({ from: requestedAt, to: decidedAt })),
    ...pauses.map(({ pausedAt, resumedAt = now }) => ({ from: pausedAt, to: resumedAt })),
  ].toSorted((a, b) => (a.from < b.from ? -1 : 1));
  let [millis, counted] = [0, toMillis(from)];
  for (const span of spans) {
    const [start, end] = [Math.max(counted, toMillis(span.from)), Math.min(toMillis(now), toMillis(span.to))];
    if (end <= start) continue;
    millis += end - start;
    counted = end;
  }
  return millis / hourMillis;
}
