import type { Lifecycle } from '../../registry/model.ts';
import type { Tier } from '../../registry/schemas.ts';
import type { Instant } from '../../time.ts';
import type { Capacity } from '../queue/capacity.ts';
import type { OffPeakWindow } from '../queue/off-peak.ts';
import type { CascadeGraph } from './cascade-graph.ts';

/** What the planner knows of a model. */
export type CascadeModel = {
  readonly modelId: string;
  readonly team: string;
  readonly tier: Tier;
  readonly lifecycle: Lifecycle;
  /** Whether a version serves; without one there is nothing to retrain. */
  readonly isDeployed: boolean;
  /** 0..1; null counts as fresh. */
  readonly stalenessScore: number | null;
  /** In the currency in which runs report theirs; null when nobody knows. */
  readonly expectedCost: number | null;
  readonly trainingMinutes: number;
  /** From the end of the training to the promotion. */
  readonly rolloutMinutes: number;
  readonly cooldownEndsAt?: Instant | undefined;
  /** A retrain that waits or runs: the cascade becomes one of its causes. */
  readonly openRetrain?: string | undefined;
  readonly openRollout?: string | undefined;
  /** The model that it is retrained for whenever that one changes, without a cooldown. */
  readonly companionOf?: string | undefined;
  /** Another cascade, in which it waits. */
  readonly awaitedBy?: string | undefined;
  readonly cascade: {
    readonly isOn: boolean;
    /** Why nothing upstream retrains it, in a person's words. */
    readonly veto?: string | undefined;
    readonly offPeak?: OffPeakWindow | undefined;
  };
};

/** Models and whatever else stands between them (features, datasets, versions), which takes no time. */
export type CascadeNode = { readonly uri: string; readonly model?: CascadeModel | undefined };

export type CascadeRules = {
  /** After a promotion, before what depends on it is looked at. */
  readonly cooldownMinutes: number;
  /** A cascade of more retrains than `dependants` waits for `window`, or for the model's own, in batches. */
  readonly blastRadius: { readonly dependants: number; readonly batchSize: number; readonly window: OffPeakWindow };
  readonly overall: number;
  readonly perTeam: Capacity;
};

export type CascadeRequest = {
  readonly graph: CascadeGraph;
  /** By number; numbered in order of their URIs, so that the same dependencies always give the same plan. */
  readonly nodes: readonly CascadeNode[];
  /** Nodes that change now: the promoted models and what only they consist of. */
  readonly promoted: readonly number[];
  readonly rules: CascadeRules;
  readonly now: Instant;
};

export type ExclusionReason =
  | 'retired'
  | 'deprecated'
  | 'not-deployed'
  | 'vetoed'
  | 'policy-off'
  | 'rollout-open'
  | 'in-cascade'
  | 'cooldown';

export type Exclusion = { readonly modelId: string; readonly reason: ExclusionReason; readonly detail: string };

export type PlannedRetrain = {
  readonly modelId: string;
  readonly team: string;
  readonly tier: Tier;
  /** From 1: the number of retrains one after the other until this one has ended. */
  readonly wave: number;
  /** From 1, in plans that run in batches. */
  readonly batch?: number;
  readonly cost: number | null;
  /** The model that it accompanies: it waits for no cooldown. */
  readonly companionOf?: string;
  /** The retrain that is open already and that this one becomes part of. */
  readonly joins?: string;
  /** Estimates; absent when a limit of 0 lets it never start, or something that it waits for. */
  readonly startsAt?: Instant;
  readonly trainedAt?: Instant;
  readonly promotedAt?: Instant;
};

/** `known` is the sum of the known ones, `unknown` the number of retrains whose cost nobody knows. */
export type PlannedCost = { readonly known: number; readonly unknown: number };

export type PlannedWave = {
  readonly wave: number;
  readonly retrains: number;
  readonly cost: PlannedCost;
  readonly startsAt?: Instant;
  readonly promotedAt?: Instant;
};

export type PlannedCycle = {
  readonly members: readonly string[];
  readonly cuts: readonly { readonly dependant: string; readonly dependency: string; readonly reason: string }[];
};

export type CascadePlan = {
  readonly plannedAt: Instant;
  /** By wave, then by priority. */
  readonly retrains: readonly PlannedRetrain[];
  readonly waves: readonly PlannedWave[];
  readonly excluded: readonly Exclusion[];
  readonly cycles: readonly PlannedCycle[];
  readonly blastRadius: { readonly retrains: number; readonly limit: number; readonly isExceeded: boolean };
  readonly cost: PlannedCost;
  readonly costByTeam: Readonly<Record<string, PlannedCost>>;
  /** When the last one is promoted; absent when that will never be, or when nothing is to be done. */
  readonly endsAt?: Instant;
};
