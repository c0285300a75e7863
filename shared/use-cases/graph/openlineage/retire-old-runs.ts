import type { Adjacency } from '../../../domain/graph/adjacency.ts';
import { openLineageProvider } from '../../../domain/graph/openlineage/node-key.ts';
import { oldRuns } from '../../../domain/graph/openlineage/old-runs.ts';
import type { Instant } from '../../../domain/time.ts';
import type { GraphStore } from '../../../ports/graph-store.ts';
import { makeStatements } from '../make-statements.ts';

/** Under a minute of writing; who has more runs a day keeps them longer. */
const runsAtOnce = 20_000;

/**
 * Retires what OpenLineage said of runs that are over for long. What jobs read and make is claimed by jobs and datasets,
 * and stays. Gives how many contributions changed.
 */
export async function retireOldRuns(
  graph: Pick<GraphStore, 'getMany' | 'putMany'>,
  view: Adjacency,
  now: Instant,
): Promise<number> {
  const retired = oldRuns(view, now, runsAtOnce);
  return (await makeStatements(graph, { provider: openLineageProvider, retired, now })).changed;
}
