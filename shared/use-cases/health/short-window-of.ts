import type { HealthRow } from '../../domain/health/health-row.ts';
import { judgedFeatures } from '../../domain/health/judged-features.ts';
import type { ShortWindow } from '../../domain/health/short-window.ts';
import { shortRowsNeeded } from '../../domain/health/short-window-parts.ts';
import { alertBudgetOf, alphaFrom, type TeamBudget } from '../../domain/health/team-budget.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { Instant } from '../../domain/time.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import type { EvaluatedVersion } from './evaluated-versions.ts';
import { readShortWindow } from './read-short-window.ts';

type Occasion = {
  readonly version: number;
  readonly deployedAt: Instant;
  readonly evaluatedAt: Instant;
  readonly runningHour: 'open' | 'closed';
  readonly before?: HealthRow | undefined;
  readonly team: TeamBudget | undefined;
};

/** Undefined when the model's policy does not look for sudden breaks. */
export async function shortWindowOf(
  metrics: GroundTruthMetrics,
  { modelId, definition, policy, health }: ModelState,
  found: Promise<EvaluatedVersion>,
  { before, team, version, ...occasion }: Occasion,
): Promise<ShortWindow | undefined> {
  const { enabled, minimumHours } = policy.shortWindow;
  if (!enabled) return undefined;
  const since = [
    ...(health.status === 'at-risk' ? [health.since] : []),
    ...(before?.version === version && before.verdict === 'at-risk' ? [before.verdictSince] : []),
  ];
  return readShortWindow(metrics, {
    ...occasion,
    of: { modelId, version, buckets: definition.buckets },
    minimumHours,
    brokenSince: since.sort().at(0),
    rowsNeeded: found.then(({ features = definition.features, baseline }) =>
      baseline === undefined
        ? 0
        : shortRowsNeeded(
            policy,
            judgedFeatures(policy, features, baseline).judged,
            baseline,
            alphaFrom(policy, alertBudgetOf(policy, team)),
          ),
    ),
  });
}
