import { illegalTransition, notFound } from '../../domain/errors.ts';
import type { ModelVersion, VersionStatus } from '../../domain/registry/model.ts';
import { versionLists } from '../../domain/registry/model-lists.ts';
import { evolveVersion, type VersionEvent } from '../../domain/registry/version-events.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from './change-model.ts';

/** Throws `NotFound` (code `unknown-version`). */
export async function loadVersion(store: EventStore, modelId: string, version: number): Promise<Head<ModelVersion>> {
  const head = await store.head<ModelVersion>(versionStream(modelId, version));
  if (head === undefined) throw notFound('version', `${modelId} ${version}`);
  return head;
}

/** What a new status would append; nothing when the version has it. */
export function planVersionStatus(
  head: Head<ModelVersion>,
  status: VersionStatus,
  context: ChangeContext,
): readonly NewCommit<VersionEvent, ModelVersion>[] {
  const { modelId, version, status: present } = head.state;
  if (present === status) return [];
  return [versionCommit(head, { type: 'VersionStatusChanged', schemaVersion: 1, modelId, version, status }, context)];
}

/** The first commit of a version's stream. */
export function planVersion(version: ModelVersion, context: ChangeContext): NewCommit<VersionEvent, ModelVersion> {
  return versionCommit(
    undefined,
    { type: 'VersionRegistered', schemaVersion: 1, modelId: version.modelId, version },
    context,
  );
}

/** How a version's baseline ended, when it still waits for one. */
export function planBaselineEnd(
  head: Head<ModelVersion>,
  failure: string | undefined,
  context: ChangeContext,
): readonly NewCommit<VersionEvent, ModelVersion>[] {
  const { modelId, version, baselineStatus } = head.state;
  if (baselineStatus?.status !== 'pending') return [];
  const about = { schemaVersion: 1, modelId, version } as const;
  const event: VersionEvent =
    failure === undefined ? { type: 'BaselineBuilt', ...about } : { type: 'BaselineFailed', ...about, reason: failure };
  return [versionCommit(head, event, context)];
}

/** Throws `IllegalTransition` without a baseline: what a version predicts is counted on its bins, or not at all. */
export function expectBaseline(command: string, { version, baselineStatus }: ModelVersion): void {
  const { status } = baselineStatus ?? { status: 'ready' };
  if (status !== 'ready')
    throw illegalTransition(command, `${status} baseline of version ${version}`, 'a ready baseline');
}

function versionCommit(
  head: Head<ModelVersion> | undefined,
  event: VersionEvent,
  { actor, now, reason, correlationId }: ChangeContext,
): NewCommit<VersionEvent, ModelVersion> {
  const state = evolveVersion(head?.state, event, now);
  const stream = { streamId: versionStream(state.modelId, state.version), expectedVersion: head?.version ?? 0 };
  return {
    ...stream,
    events: [event],
    state,
    lists: versionLists(state),
    actor,
    reason,
    occurredAt: now,
    correlationId,
  };
}
