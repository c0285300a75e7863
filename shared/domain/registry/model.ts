import type { Instant } from '../time.ts';
import type { DependencyChange } from './dependency-change.ts';
import type { Policy } from './policy.ts';
import type { Consumer, Feature, ModelDefinition, VersionDefinition } from './schemas.ts';

/**
 * `registered → active ⇄ monitoring → at-risk → retraining → validating → active | rollback → active`;
 * `active | at-risk → deprecated → retired`.
 */
export type Lifecycle =
  | 'registered'
  | 'active'
  | 'monitoring'
  | 'at-risk'
  | 'retraining'
  | 'validating'
  | 'rollback'
  | 'deprecated'
  | 'retired';

export type VersionRole = 'champion' | 'challenger' | 'candidate';
export type VersionStatus = 'registered' | 'candidate' | 'champion' | 'withdrawn' | 'refused' | 'rolled-back';

/** `failed`: the reference window cannot be used; the version has no baseline and never serves. */
export type BaselineStatus =
  | { readonly status: 'pending' }
  | { readonly status: 'ready' }
  | { readonly status: 'failed'; readonly reason: string };

export type ModelVersion = VersionDefinition & {
  readonly modelId: string;
  readonly version: number;
  readonly features: readonly Feature[];
  readonly status: VersionStatus;
  readonly registeredAt: Instant;
  readonly deployedAt?: Instant;
  /** Absent in versions from before it was kept, whose baseline was there when they appeared. */
  readonly baselineStatus?: BaselineStatus;
};

/** What the serving side obeys. Weights are percentages and sum to 100. */
export type Routing = {
  readonly modelId: string;
  /** Grows with every change. */
  readonly generation: number;
  readonly changedAt: Instant;
  readonly arms: readonly { readonly version: number; readonly role: VersionRole; readonly weightPercent: number }[];
  /** Versions that score the same requests without serving. `until` absent: as long as the rollout lasts. */
  readonly shadows: readonly { readonly version: number; readonly until?: Instant }[];
  readonly rolloutId?: string;
};

/** `policy`: a rule that the model's owner wrote; `cascade`: what it depends on was promoted; `external`: somebody outside asked. */
export type TriggerCause = 'performance' | 'drift' | 'schedule' | 'manual' | 'policy' | 'cascade' | 'external';

/** Which version serves in place of a champion that is taken back; the fallback is named by the policy. */
export type RestoredVersion = 'former-champion' | 'fallback-version';

/** Head of the stream `model#<modelId>`. */
export type ModelState = {
  readonly modelId: string;
  readonly definition: ModelDefinition;
  readonly policy: Policy;
  /** 1 is the tier's default; grows with every change. */
  readonly policyVersion: number;
  readonly lifecycle: Lifecycle;
  readonly lifecycleSince: Instant;
  readonly registeredAt: Instant;
  /** `unknown` until the first trusted verdict; a breach stays until a trusted evaluation clears it. */
  readonly health: {
    readonly status: 'unknown' | 'healthy' | 'at-risk';
    readonly since: Instant;
    readonly evaluationId?: string;
    /** All that breached since the model is at risk; absent in states from before it was kept. */
    readonly causes?: readonly string[];
  };
  /** At risk since `since`, longer than the policy bears; gone when the model is healthy or another version serves. */
  readonly deprecationProposal?: { readonly since: Instant; readonly proposedAt: Instant; readonly reason: string };
  /** What changed upstream, oldest first; the newest twenty. */
  readonly dependencyChanges?: readonly (DependencyChange & { readonly at: Instant })[];
  /** Services that call it, by name; absent until they were declared. */
  readonly consumers?: readonly Consumer[];
  /** Number of versions registered so far; each is a stream of its own, `version#<modelId>#<n>`. */
  readonly versionCount: number;
  readonly champion?: {
    readonly version: number;
    readonly since: Instant;
    readonly trainingDataEnd: Instant;
    readonly previous?: number;
  };
  /** The last champion that was taken back after its promotion. */
  readonly withdrawal?: {
    readonly version: number;
    readonly restored: number;
    readonly withdrawnAt: Instant;
    readonly reason: string;
  };
  /** First champion, whose baseline those of later versions are held against; absent in states from before it was kept. */
  readonly anchorVersion?: number;
  readonly routing?: Routing;
  readonly retrainCount: number;
  readonly openRetrain?: {
    readonly retrainId: string;
    readonly causes: readonly TriggerCause[];
    readonly requestedAt: Instant;
  };
  /** Start of the cooldown. */
  readonly lastRetrainRequestedAt?: Instant;
  readonly rolloutCount: number;
  readonly openRollout?: { readonly rolloutId: string; readonly candidate: number; readonly startedAt: Instant };
};
