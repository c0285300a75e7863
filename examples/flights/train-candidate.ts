import { type paths, type RunwayClient, type Schemas, unwrap } from '../../sdk/client.ts';
import type { Flights } from './flights.ts';
import { hashRatio, isLate, minuteOf } from './flights.ts';
import type { Encoder } from './models/encoder.ts';
import type { BasicScore, ModelName } from './models/flight-model.ts';
import { artifactKey, publishVersion } from './publish-version.ts';
import type { Artifacts } from './runway/artifacts.ts';
import { championOf } from './runway/routing-table.ts';
import { createScorerLoader } from './runway/scorer-loader.ts';
import type { Routing, TrainingRequest } from './runway/views.ts';
import { holdoutFile, trainVersion, windowFor } from './training.ts';

export type TrainerContext = {
  readonly client: RunwayClient;
  readonly artifacts: Artifacts;
  readonly readRouting: (modelId: string) => Promise<Routing>;
  readonly flights: Flights;
  readonly encoder: Encoder;
  /** `inverted-labels`: one label in three is the wrong way round, as after a broken join. */
  readonly fault: 'none' | 'inverted-labels';
};

type Version = Schemas['ModelVersion'];
type Completion = paths['/v1/runs/{runId}/completion']['post']['requestBody']['content']['application/json'];

/**
 * Answers one training request: trains on what was known when it was made, scores champion and candidate on the days
 * since, registers the version and completes the run. A request that comes again finds what the first one left.
 */
export async function answerTrainingRequest(context: TrainerContext, request: TrainingRequest): Promise<void> {
  const { client, artifacts } = context;
  const { runId } = request;
  const { status } = await unwrap(client.GET('/v1/runs/{runId}', { params: { path: { runId } } }));
  if (status !== 'running') return;
  const holdoutKey = artifactKey(request.modelId, request.runId, 'holdout.ndjson.gz');
  const known = await findVersion(client, request);
  const version = known ?? (await trainCandidate(context, request, holdoutKey));
  const holdout = await artifacts.find(holdoutKey);
  if (holdout === undefined) throw new Error(`${holdoutKey} is missing beside version ${version.version}`);
  await complete(client, runId, { status: 'succeeded', modelVersion: version.version, holdout });
}

export async function reportFailure(client: RunwayClient, request: TrainingRequest, error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  await complete(client, request.runId, { status: 'failed', error: text.slice(0, 2_000) });
}

async function complete(client: RunwayClient, runId: string, completion: Completion): Promise<void> {
  await unwrap(client.POST('/v1/runs/{runId}/completion', { params: { path: { runId } }, body: completion }));
}

/** A version is registered after its hold-out is stored, so whoever finds the one finds the other. */
async function findVersion(client: RunwayClient, { modelId, runId }: TrainingRequest): Promise<Version | undefined> {
  const query = { limit: 100 };
  const page = await unwrap(client.GET('/v1/models/{modelId}/versions', { params: { path: { modelId }, query } }));
  return page.items.find((version) => version.trainingRun === runId);
}

async function trainCandidate(context: TrainerContext, request: TrainingRequest, holdoutKey: string): Promise<Version> {
  const { client, artifacts, flights, encoder } = context;
  const model = request.modelId;
  const requestedAt = minuteOf(request.requestedAt);
  const { score: basicScore, ...upstream } = await servingBasic(context, model);
  const window = windowFor(model, flights, requestedAt);
  const labelOf = (flight: number) => isLate(flights, flight) !== (context.fault !== 'none' && isInverted(flight));
  const trained = trainVersion({ model, flights, encoder, window, basicScore, labelOf });
  const champion = await createScorerLoader(context)(model, request.championVersion, basicScore);
  const since = { from: window.to, to: requestedAt };
  await artifacts.put(holdoutKey, holdoutFile(flights, since, champion, trained.score));
  return publishVersion({ client, artifacts }, model, request.runId, { ...trained, ...upstream });
}

/** `late-live` learns from the scores of the `late-basic` that serves now. */
async function servingBasic(
  context: TrainerContext,
  model: ModelName,
): Promise<{ readonly score: BasicScore; readonly basicVersion?: number }> {
  if (model === 'late-basic') return { score: () => Number.NaN };
  const basicVersion = championOf('late-basic', await context.readRouting('late-basic'));
  const score = await createScorerLoader(context)('late-basic', basicVersion, () => Number.NaN);
  return { score, basicVersion };
}

function isInverted(flight: number): boolean {
  return hashRatio(flight, 4) < 1 / 3;
}
