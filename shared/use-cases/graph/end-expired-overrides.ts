import { overrideProvider, withoutExpired } from '../../domain/graph/enrichment/override.ts';
import { contributionId } from '../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../domain/time.ts';
import type { GraphStore } from '../../ports/graph-store.ts';
import type { OverrideExpiries } from '../../ports/override-expiries.ts';
import { makeStatements } from './make-statements.ts';

type Ports = {
  readonly graph: Pick<GraphStore, 'get' | 'getMany' | 'putMany'>;
  readonly expiries: OverrideExpiries;
};

/**
 * Ends in the store what readers have ended for themselves, as of when it was to end, however late it comes; gives how many
 * subjects it looked at.
 */
export async function endExpiredOverrides({ graph, expiries }: Ports, now: Instant): Promise<number> {
  const due = await expiries.due(now);
  for (const expiry of due) {
    const { subject, expiresAt } = expiry;
    const stored = await graph.get(contributionId(overrideProvider, subject));
    if (stored !== undefined) {
      const statement = withoutExpired({ subject, claims: stored.contribution.claims, now: expiresAt });
      await makeStatements(graph, { provider: overrideProvider, statements: [statement], now: expiresAt });
    }
    await expiries.forget(expiry);
  }
  return due.length;
}
