import type { LabelSupplyStatus } from '../ground-truth/label-supply.ts';
import type { Tier } from '../registry/schemas.ts';

/** A serving model as one scan found it. */
export type ScannedModel = {
  readonly tier: Tier;
  /** `handed-over`: another invocation evaluates it, and counts it. */
  readonly outcome: 'evaluated' | 'not-due' | 'failed' | 'handed-over';
  readonly isAtRisk: boolean;
  /** Of its newest evaluation; null while no attribution window has closed. */
  readonly coverageRatio: number | null;
  /** Whether the labels that ought to be there are; absent while it is not known when they come. */
  readonly labelSupply?: LabelSupplyStatus | undefined;
  /** Below it the policy does not trust performance, 0..1. */
  readonly minimumCoverageRatio: number;
  /** Minutes since its evaluation before this scan, or since it serves. */
  readonly waitedMinutes: number;
  readonly intervalMinutes: number;
};

export type FleetFigures = {
  readonly overall: {
    readonly Evaluations: number;
    readonly EvaluationFailures: number;
    readonly LatenessIntervals: number;
    readonly LatenessMinutes: number;
    readonly ModelsLowCoverage: number;
    /** Absent when no model has one. */
    readonly LowestCoverage?: number;
  };
  readonly byTier: ReadonlyMap<Tier, { readonly ModelsServing: number; readonly ModelsAtRisk: number }>;
};

/** What one scan says about the fleet, in the names of `metrics` (shared/names.ts); zeros for a fleet without models. */
export function fleetFigures(models: readonly ScannedModel[]): FleetFigures {
  const count = (isCounted: (model: ScannedModel) => boolean) => models.filter(isCounted).length;
  const most = (measure: (model: ScannedModel) => number) => Math.max(0, ...models.map(measure));
  const coverages = models.map(({ coverageRatio }) => coverageRatio).filter((ratio) => ratio !== null);
  const tiers: readonly Tier[] = [1, 2, 3, 4];
  return {
    overall: {
      Evaluations: count(({ outcome }) => outcome === 'evaluated'),
      EvaluationFailures: count(({ outcome }) => outcome === 'failed'),
      LatenessIntervals: most(({ waitedMinutes, intervalMinutes }) => waitedMinutes / intervalMinutes),
      LatenessMinutes: most(({ waitedMinutes, intervalMinutes }) => waitedMinutes - intervalMinutes),
      ModelsLowCoverage: count(hasLowCoverage),
      ...(coverages.length > 0 && { LowestCoverage: Math.min(...coverages) }),
    },
    byTier: new Map(
      tiers.map((tier) => [
        tier,
        {
          ModelsServing: count((model) => model.tier === tier),
          ModelsAtRisk: count((model) => model.tier === tier && model.isAtRisk),
        },
      ]),
    ),
  };
}

/** A model without traffic, and one whose labels are on their way, lacks nothing. */
function hasLowCoverage({ coverageRatio, labelSupply, minimumCoverageRatio }: ScannedModel): boolean {
  if (labelSupply !== undefined) return labelSupply === 'short';
  return coverageRatio !== null && coverageRatio < minimumCoverageRatio;
}
