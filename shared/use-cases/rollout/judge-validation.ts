import { gunzipSync } from 'node:zlib';
import { isRunwayError } from '../../domain/errors.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import {
  exhaustedHoldout,
  type HoldoutResult,
  unusableHoldout,
  validateHoldout,
  withoutHoldout,
} from '../../domain/rollout/validate-holdout.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { loadVersion } from '../registry/change-version.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadRollout } from './change-rollout.ts';
import type { RolloutTask } from './check-loadability.ts';
import { holdoutAttempts } from './holdout-attempts.ts';
import { linesOf } from './lines-of.ts';
import { look, lookAtPeople, type Move } from './look-at-rollout.ts';

export type ValidationDependencies = { readonly events: EventStore; readonly artifacts: ArtifactStore };

/** A hold-out that unpacks to more than this is refused rather than read. */
const maximumHoldoutBytes = 256 * 1024 * 1024;

/** Judges the candidate on the hold-out; anything but a pass refuses it. */
export function judgeValidation(
  { events, artifacts }: ValidationDependencies,
  { rolloutId, now }: RolloutTask,
): Promise<Move> {
  return withRetryOnConflict(async () => {
    const head = await loadRollout(events, rolloutId);
    const { validation } = head.state;
    if (validation !== undefined) return lookAtPeople(events, head, now);
    const result = await judge({ events, artifacts }, head.state);
    return look(events, head, [{ type: 'RecordValidation', ...result }], { now, reason: result.reason });
  });
}

async function judge(
  { events, artifacts }: ValidationDependencies,
  { modelId, candidate, holdout, validationPolicy }: RolloutState,
): Promise<HoldoutResult & { readonly holdoutAttempts?: number }> {
  if (holdout === undefined) return withoutHoldout();
  const { taskType } = (await loadModel(events, modelId)).state.definition;
  const { trainingDataEnd } = (await loadVersion(events, modelId, candidate)).state;
  const attempts = await holdoutAttempts(events, { modelId, candidate, holdout });
  const maximum = validationPolicy.maximumHoldoutAttempts ?? attempts;
  if (attempts > maximum) return exhaustedHoldout(attempts, maximum);
  const plain = await readHoldout(artifacts, holdout);
  if (!plain.ok) return unusableHoldout(plain.reason);
  const terms = { taskType, policy: validationPolicy, trainingDataEnd, attempts };
  return { ...validateHoldout(linesOf(plain.value), terms), holdoutAttempts: attempts };
}

async function readHoldout(
  artifacts: ArtifactStore,
  { uri, digest }: NonNullable<RolloutState['holdout']>,
): Promise<{ ok: true; value: Uint8Array } | { ok: false; reason: string }> {
  try {
    const found = await artifacts.digest(uri);
    if (found !== digest) return { ok: false, reason: `the hold-out has digest ${found}, delivered was ${digest}` };
    const bytes = await artifacts.read(uri);
    const plain = uri.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: maximumHoldoutBytes }) : bytes;
    return { ok: true, value: plain };
  } catch (error) {
    if (isRunwayError(error) && error.name !== 'ArtifactUnusable') throw error;
    return {
      ok: false,
      reason: `the hold-out cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
