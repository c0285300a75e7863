import type { RetrainState } from './retrain.ts';

/**
 * Sort key of the queue: tier 1 first, then the most stale (no score counts as fresh), then the oldest request; the id
 * makes it total. Compared as text: `1#000312000#2001-02-01T00:00:00.000Z#late-basic-r2`.
 */
export function queueOrder(
  retrain: Pick<RetrainState, 'tier' | 'stalenessScore' | 'requestedAt' | 'retrainId'>,
): string {
  const freshness = 1_000_000 - Math.round((retrain.stalenessScore ?? 0) * 1_000_000);
  return `${retrain.tier}#${String(freshness).padStart(9, '0')}#${retrain.requestedAt}#${retrain.retrainId}`;
}
