import type { Actor } from '../../domain/actor.ts';
import { type FieldProblem, isRunwayError, RunwayError } from '../../domain/errors.ts';
import type { Baseline } from '../../domain/health/baseline.ts';
import type { ModelState, ModelVersion } from '../../domain/registry/model.ts';
import type { VersionDefinition } from '../../domain/registry/schemas.ts';
import { type TrainingRunEvent, type TrainingRunState, trainingRunStream } from '../../domain/registry/training-run.ts';
import { versionFeatures } from '../../domain/registry/validate-version.ts';
import { versionStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { BaselineQueue } from '../../ports/baseline-queue.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import type { EventStore, NewCommit } from '../../ports/event-store.ts';
import type { ReferenceFiles } from '../../ports/reference-files.ts';
import { anchorOf } from '../health/anchor-of.ts';
import { readBaseline } from '../health/read-baseline.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { atField } from './at-field.ts';
import { type ChangeContext, loadModel, planModelChange } from './change-model.ts';
import { planVersion } from './change-version.ts';
import { expectDigest } from './expect-digest.ts';

export type RegisterVersionPorts = {
  readonly events: EventStore;
  readonly artifacts: ArtifactStore;
  readonly files: ReferenceFiles;
  readonly baselines: BaselineStore;
  readonly queue: BaselineQueue;
};
export type RegisterVersionRequest = {
  readonly modelId: string;
  readonly definition: VersionDefinition;
  readonly actor: Actor;
  readonly now: Instant;
};

/** Bytes of a reference window that is read while the caller waits; a larger one is read by a job. */
const maximumBytesAtOnce = 8_000_000;

/**
 * Registers what a training run made. The run's number is reserved first, with the model's counter in one append; then
 * the baseline is stored under it; then the version appears. So no two runs write one baseline, and after a crash the
 * same call goes on where it stopped. A version with a large reference window appears with its baseline pending, and a
 * job is asked for it. The same run with the same artefact gets the version it has.
 *
 * Throws `NotFound`; `InvalidRequest`; `ArtifactUnusable` when the artefact has another digest or the reference window
 * cannot be used; `AlreadyExists` (code `training-run-exists`) when the run registered another artefact;
 * `IllegalTransition` for a deprecated or retired model.
 */
export async function registerVersion(
  ports: RegisterVersionPorts,
  request: RegisterVersionRequest,
): Promise<Registered> {
  const { events, artifacts, baselines } = ports;
  const { modelId, definition, now } = request;
  const model = await loadModel(events, modelId);
  const known = await registeredVersion(events, await reservation(events, request));
  if (known !== undefined) return askedForBaseline(ports, { version: known, isNew: false });

  await expectUpstreamVersions(events, definition);
  const features = versionFeatures(model.state.definition, definition, now);
  const { taskType, segments } = model.state.definition;
  await atField('/artifactUri', expectDigest(artifacts, definition.artifactUri, definition.artifactDigest));
  const window = { modelId, taskType, features, segments, ...definition.referenceWindow };
  // The number is reserved only once the window is known to be usable.
  const unnumbered = await atField(
    '/referenceWindow/uri',
    baselineAtOnce(ports, model.state, { ...window, version: 0 }),
  );

  const { version: number } = await reserve(events, request);
  if (unnumbered !== undefined) await baselines.put({ ...unnumbered, version: number });
  const version: ModelVersion = {
    ...definition,
    modelId,
    version: number,
    features: [...features],
    status: 'registered',
    registeredAt: now,
    baselineStatus: { status: unnumbered === undefined ? 'pending' : 'ready' },
  };
  return askedForBaseline(ports, await appendVersion(events, version, contextOf(request)));
}

type Registered = { readonly version: ModelVersion; readonly isNew: boolean };

/** Undefined when the file is too large to be read while the caller waits. */
async function baselineAtOnce(
  { files, baselines }: RegisterVersionPorts,
  model: ModelState,
  window: Parameters<typeof readBaseline>[1] & { readonly uri: string },
): Promise<Baseline | undefined> {
  const file = await files.open(window.uri);
  if (file.size > maximumBytesAtOnce) return undefined;
  return readBaseline(file, { ...window, anchor: await anchorOf(baselines, model) });
}

/** After the version is there, and again when the call comes again: a crash in between must not leave it waiting. */
async function askedForBaseline({ queue }: RegisterVersionPorts, registered: Registered): Promise<Registered> {
  const { modelId, version, baselineStatus } = registered.version;
  if (baselineStatus?.status === 'pending') await queue.send({ modelId, version });
  return registered;
}

async function expectUpstreamVersions(events: EventStore, { upstreamVersions = [] }: VersionDefinition): Promise<void> {
  const heads = await Promise.all(
    upstreamVersions.map(({ modelId, version }) => events.head(versionStream(modelId, version))),
  );
  const problems: FieldProblem[] = upstreamVersions.flatMap(({ modelId, version }, index) =>
    heads[index] === undefined
      ? [
          {
            field: `/upstreamVersions/${index}`,
            code: 'unknown-version',
            reason: `no version ${version} of ${modelId}`,
          },
        ]
      : [],
  );
  if (problems.length > 0)
    throw new RunwayError('InvalidRequest', 'unknown-upstream', 'a version it consumes is not registered', problems);
}

/** Throws `AlreadyExists` when the run has registered another artefact. */
async function reservation(
  events: EventStore,
  { modelId, definition }: RegisterVersionRequest,
): Promise<TrainingRunState | undefined> {
  const { trainingRun, artifactDigest } = definition;
  const head = await events.head<TrainingRunState>(trainingRunStream(modelId, trainingRun));
  if (head === undefined || head.state.artifactDigest === artifactDigest) return head?.state;
  const { version, artifactDigest: other } = head.state;
  throw new RunwayError(
    'AlreadyExists',
    'training-run-exists',
    `training run ${trainingRun} registered version ${version} with artefact ${other}`,
  );
}

async function registeredVersion(
  events: EventStore,
  reserved: TrainingRunState | undefined,
): Promise<ModelVersion | undefined> {
  if (reserved === undefined) return undefined;
  return (await events.head<ModelVersion>(versionStream(reserved.modelId, reserved.version)))?.state;
}

function reserve(events: EventStore, request: RegisterVersionRequest): Promise<TrainingRunState> {
  const { modelId, definition, now } = request;
  const { trainingRun, artifactDigest } = definition;
  return withRetryOnConflict(async () => {
    const reserved = await reservation(events, request);
    if (reserved !== undefined) return reserved;
    const { state, commit } = planModelChange(
      await loadModel(events, modelId),
      [{ type: 'AddVersion' }],
      contextOf(request),
    );
    const run = { modelId, trainingRun, version: state.versionCount, artifactDigest };
    const event: TrainingRunEvent = { type: 'VersionNumberReserved', schemaVersion: 1, ...run };
    const { actor, reason } = contextOf(request);
    const first: NewCommit = {
      streamId: trainingRunStream(modelId, trainingRun),
      expectedVersion: 0,
      events: [event],
      state: { ...run, reservedAt: now },
      lists: [],
      actor,
      reason,
      occurredAt: now,
    };
    await events.append(commit === undefined ? [first] : [commit, first]);
    return { ...run, reservedAt: now };
  });
}

async function appendVersion(events: EventStore, version: ModelVersion, context: ChangeContext) {
  try {
    await events.append([planVersion(version, context)]);
    return { version, isNew: true };
  } catch (error) {
    // The same call, sent twice at once: the other one was first.
    const known = await events.head<ModelVersion>(versionStream(version.modelId, version.version));
    if (known === undefined || !isRunwayError(error) || error.name !== 'VersionConflict') throw error;
    return { version: known.state, isNew: false };
  }
}

function contextOf({ actor, now, definition }: RegisterVersionRequest): ChangeContext {
  return { actor, now, reason: `training run ${definition.trainingRun}` };
}
