import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type RunwayClient, type Schemas, unwrap } from '../../sdk/client.ts';
import { instantOf } from './flights.ts';
import { digestOf } from './models/artifact.ts';
import type { ModelName } from './models/flight-model.ts';
import type { Artifacts } from './runway/artifacts.ts';
import { pipeline } from './settings.ts';
import type { TrainedVersion } from './training.ts';

const root = new URL('../../', import.meta.url);

/** `basicVersion`: the version of `late-basic` whose scores it learnt from. */
export type Publication = TrainedVersion & { readonly basicVersion?: number };

/** Uploads what was trained and registers it. Under the same `trainingRun` it always gives the same version. */
export async function publishVersion(
  runway: { readonly client: RunwayClient; readonly artifacts: Artifacts },
  model: ModelName,
  trainingRun: string,
  trained: Publication,
): Promise<Schemas['ModelVersion']> {
  const artifact = await runway.artifacts.put(artifactKey(model, trainingRun, 'artifact.json'), trained.artifact);
  const reference = await runway.artifacts.put(
    artifactKey(model, trainingRun, 'reference.ndjson.gz'),
    trained.reference,
  );
  const from = instantOf(trained.window.from);
  // The window is half open: its last minute is the last one that was trained on.
  const to = instantOf(trained.window.to - 1);
  const definition = {
    artifactUri: artifact.uri,
    artifactDigest: artifact.digest,
    environmentLockDigest: digestOf(readFileSync(new URL('package-lock.json', root))),
    trainingRun,
    datasetVersions: [{ dataset: 'vega-datasets/flights-3m', version: datasetVersion() }],
    pipeline,
    ...(trained.basicVersion !== undefined && {
      upstreamVersions: [{ modelId: 'late-basic', version: trained.basicVersion }],
    }),
    trainingDataStart: from,
    trainingDataEnd: to,
    codeLink: new URL('training.ts', import.meta.url).href,
    offlineMetrics: { trainingRows: trained.rows, referenceRows: trained.referenceRows },
    referenceWindow: { uri: reference.uri, from, to },
  };
  const params = { path: { modelId: model }, header: { 'Idempotency-Key': `version-${trainingRun}` } };
  return unwrap(runway.client.POST('/v1/models/{modelId}/versions', { params, body: definition }));
}

export function artifactKey(model: ModelName, trainingRun: string, file: string): string {
  return `flights/${model}/${trainingRun}/${file}`;
}

const packageSchema = z.object({ version: z.string() });

function datasetVersion(): string {
  const path = new URL('node_modules/vega-datasets/package.json', root);
  return packageSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}
