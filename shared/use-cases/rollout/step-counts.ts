import type { HourlyPaired } from '../../domain/ground-truth/aggregates.ts';
import type { StepData } from '../../domain/rollout/judge-step.ts';
import { hourFloor, nextHour } from '../../domain/rollout/matured-window.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import { hourStart, type Instant } from '../../domain/time.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';

/** Rows that each version served in the running step's whole hours, and those of matured hours that have an outcome. */
export async function rowCounts(
  metrics: GroundTruthMetrics,
  { modelId, champion, candidate, stepStartedAt }: RolloutState,
  { maturedUntil, now }: { readonly maturedUntil: Instant; readonly now: Instant },
): Promise<StepData['counts']> {
  const [from, to] = [nextHour(stepStartedAt ?? now), hourFloor(now)];
  const countsOf = async (version: number) => {
    const hours = from < to ? await metrics.hourlyPerformance({ modelId, version, from, to }) : [];
    const matured = hours.filter(({ hour }) => hourStart(hour) < maturedUntil);
    return {
      served: hours.reduce((sum, { predictions }) => sum + predictions, 0),
      labelled: matured.reduce((sum, { performance }) => sum + (performance?.n ?? 0), 0),
    };
  };
  const [before, after] = await Promise.all([countsOf(champion), countsOf(candidate)]);
  return {
    served: { champion: before.served, candidate: after.served },
    labelled: { champion: before.labelled, candidate: after.labelled },
  };
}

/**
 * Units that the running step assigned and whose value was reported, where units are assigned as a whole: their many rows
 * are not assigned one by one, so that rows tell nothing of the ratio.
 */
export function unitCounts(
  { champion, candidate, stepStartedAt }: RolloutState,
  hours: readonly HourlyPaired[],
): StepData['counts'] {
  const labelled = { champion: 0, candidate: 0 };
  const isNewer = candidate > champion;
  for (const { hour, paired } of hours) {
    if (stepStartedAt === undefined || hourStart(hour) < nextHour(stepStartedAt)) continue;
    labelled.champion += isNewer ? paired.arms.older.n : paired.arms.newer.n;
    labelled.candidate += isNewer ? paired.arms.newer.n : paired.arms.older.n;
  }
  return { served: { champion: 0, candidate: 0 }, labelled };
}
