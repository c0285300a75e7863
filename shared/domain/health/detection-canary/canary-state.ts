import type { Instant } from '../../time.ts';

/** How the canary tenant is doing; one record, changed once by each tick. */
export type CanaryState = {
  /** Grows with every tick. */
  readonly revision: number;
  /** Predictions were sent up to here. */
  readonly sentUntil: Instant;
  /** Drift that is being injected. */
  readonly episode?: { readonly from: Instant };
  /** The last episode, until alerts about it can no longer come. */
  readonly former?: { readonly from: Instant; readonly to: Instant };
  readonly episodes: number;
  readonly nextEpisodeAt: Instant;
  /** Begin of the last alert that was counted, by model. */
  readonly countedAlerts: Readonly<Record<string, Instant>>;
  /** Whether each of the last alerts was about injected drift, oldest first. */
  readonly alerts: readonly boolean[];
};

/** What a model's owners are told of its health. */
export type ToldHealth = { readonly status: 'unknown' | 'healthy' | 'at-risk'; readonly since: Instant };

export type CanaryModels = {
  /** Drift is injected into its inputs. */
  readonly drifting: { readonly modelId: string; readonly health: ToldHealth };
  /** Nothing ever happens to its inputs. */
  readonly steady: { readonly modelId: string; readonly health: ToldHealth };
};

/** Figures of one tick. */
export type CanaryFigures = {
  /** From the injection to the alert, or the whole time that nobody noticed. */
  readonly detectionMinutes?: number;
  /** 1 when an episode ended without an alert. */
  readonly missed?: number;
  /** Alerts about injected drift among the last alerts, 0..1; absent before the first alert. */
  readonly alertPrecision?: number;
};
