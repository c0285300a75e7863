import type { Instant } from '../time.ts';

/**
 * Head of the stream `training-run#<modelId>#<trainingRun>`: the version number that a training run was given, before
 * its baseline is stored and the version appears. A run that comes again gets the same number.
 */
export type TrainingRunState = {
  readonly modelId: string;
  readonly trainingRun: string;
  readonly version: number;
  readonly artifactDigest: string;
  readonly reservedAt: Instant;
};

export type TrainingRunEvent = { readonly type: 'VersionNumberReserved'; readonly schemaVersion: 1 } & Omit<
  TrainingRunState,
  'reservedAt'
>;

export function trainingRunStream(modelId: string, trainingRun: string): string {
  return `training-run#${modelId}#${trainingRun}`;
}
