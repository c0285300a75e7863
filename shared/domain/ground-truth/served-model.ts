import type { Feature, SegmentDefinition, TaskType, Tier } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import type { OutcomeType, Sampling } from './outcome-types.ts';
import type { BinnedBaseline } from './profile-accumulator.ts';
import type { SageMakerMapping } from './sagemaker-mapping.ts';

/** A version as ground truth needs it: what its predictions must look like and the bins they are counted on. */
export type ServedVersion = { readonly features: readonly Feature[]; readonly baseline: BinnedBaseline };

/** Outcomes of a writer that count for nothing: arrived from `from` until before `to`, milliseconds; absent is open. */
export type DistrustedWriter = { readonly writer: string; readonly from?: number; readonly to?: number };

/** What never changes about a model, with the versions known so far. */
export type ServedModel = {
  readonly modelId: string;
  readonly team: string;
  /** Absent where nobody asks. */
  readonly tier?: Tier;
  readonly registeredAt: Instant;
  readonly taskType: TaskType;
  /** k(model): how many buckets its predictions are hashed to. */
  readonly buckets: number;
  /** Of the primary outcome type. */
  readonly attributionWindowMinutes: number;
  /** At least one; the first is the primary one. */
  readonly outcomeTypes: readonly OutcomeType[];
  /** The stream joins no outcome that is observed later after its prediction. @default the attribution windows */
  readonly speedWindowMinutes?: number;
  readonly sampling?: Sampling;
  /** Parts of the rows that are judged on their own as well. @default none */
  readonly segments?: readonly SegmentDefinition[];
  readonly sagemaker?: SageMakerMapping;
  /** Name of the metric whose values may be told of units. @default none */
  readonly businessMetric?: string;
  /** @default none */
  readonly distrusted?: readonly DistrustedWriter[];
  readonly versions: ReadonlyMap<number, ServedVersion>;
};

/** The longest attribution window of all outcome types: until it has passed, an hour may still change. */
export function longestWindowMinutes({ outcomeTypes }: Pick<ServedModel, 'outcomeTypes'>): number {
  return Math.max(...outcomeTypes.map(({ attributionWindowMinutes }) => attributionWindowMinutes));
}
