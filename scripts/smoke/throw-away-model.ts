import { createHash } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type RunwayClient, unwrap } from '../../sdk/client.ts';
import type { SmokeOptions } from './options.ts';

const day = 86_400_000;
const iso = (millis: number) => new Date(millis).toISOString();

type Artifacts = NonNullable<SmokeOptions['artifacts']>;
type Stored = { readonly uri: string; readonly digest: string };

/** A model with one feature whose score is the feature, and the files of its only version. */
export function createThrowAwayModel(
  runway: RunwayClient,
  artifacts: Artifacts,
  about: { readonly team: string; readonly now: number },
) {
  const { team, now } = about;
  const modelId = `smoke-${now.toString(36)}-${process.pid.toString(36)}`;
  const path = { modelId };
  const keys: string[] = [];
  // The deployment's own clock at the registration: a prediction from before it is refused.
  let servedAt = iso(now);

  async function put(name: string, text: string): Promise<Stored> {
    const key = `smoke/${modelId}/${name}`;
    await artifacts.client.send(new PutObjectCommand({ Bucket: artifacts.bucket, Key: key, Body: text }));
    keys.push(key);
    const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    return { uri: `s3://${artifacts.bucket}/${key}`, digest };
  }

  const predictions = () =>
    rows(20).map(({ features, score }, i) => ({
      predictionId: `${modelId}-${i}`,
      modelId,
      modelVersion: 1,
      predictedAt: servedAt,
      features,
      score,
    }));

  return {
    modelId,
    async register() {
      const registered = await unwrap(
        runway.POST('/v1/models', {
          body: {
            name: modelId,
            description: 'Made by npm run smoke, retired by it.',
            domain: 'smoke',
            team,
            tier: 4,
            taskType: 'binary',
            features: [{ name: 'x', type: 'numeric' }],
          },
        }),
      );
      servedAt = registered.registeredAt;
      return registered;
    },
    /** Writes the policy that it has. */
    async confirmPolicy() {
      const { policy } = await unwrap(runway.GET('/v1/models/{modelId}', { params: { path } }));
      return unwrap(runway.PUT('/v1/models/{modelId}/policy', { params: { path }, body: policy }));
    },
    async registerVersion() {
      const artifact = await put('model.json', JSON.stringify({ modelId }));
      const reference = await put(
        'reference.ndjson',
        rows(200)
          .map((row) => JSON.stringify(row))
          .join('\n'),
      );
      const trainingDataEnd = iso(now - day);
      return unwrap(
        runway.POST('/v1/models/{modelId}/versions', {
          params: { path },
          body: {
            artifactUri: artifact.uri,
            artifactDigest: artifact.digest,
            environmentLockDigest: artifact.digest,
            trainingRun: `${modelId}-run`,
            datasetVersions: [{ dataset: 'smoke', version: '1' }],
            trainingDataEnd,
            codeLink: 'https://example.com/smoke',
            referenceWindow: { uri: reference.uri, from: iso(now - 8 * day), to: trainingDataEnd },
          },
        }),
      );
    },
    deploy: () =>
      unwrap(
        runway.POST('/v1/models/{modelId}/versions/{version}/deployment', {
          params: { path: { ...path, version: 1 } },
          body: { reason: 'smoke' },
        }),
      ),
    predict: () => unwrap(runway.POST('/v1/predictions', { body: { predictions: predictions() } })),
    observe: () =>
      unwrap(
        runway.POST('/v1/outcomes', {
          body: {
            outcomes: predictions().map(({ predictionId, predictedAt, score }) => ({
              predictionId,
              modelId,
              predictedAt,
              observedAt: servedAt,
              label: score > 0.5 ? 1 : 0,
            })),
          },
        }),
      ),
    evaluate: () => unwrap(runway.POST('/v1/models/{modelId}/evaluations', { params: { path }, body: {} })),
    health: () => unwrap(runway.GET('/v1/models/{modelId}/health', { params: { path } })),
    async retire() {
      for (const to of ['deprecated', 'retired'] as const)
        await unwrap(
          runway.POST('/v1/models/{modelId}/lifecycle', { params: { path }, body: { to, reason: 'smoke has ended' } }),
        );
    },
    async deleteFiles() {
      for (const Key of keys.splice(0))
        await artifacts.client.send(new DeleteObjectCommand({ Bucket: artifacts.bucket, Key }));
    },
  };
}

/** Scores spread evenly, labels that follow them. */
function rows(count: number) {
  return Array.from({ length: count }, (_, i) => {
    const score = (i + 0.5) / count;
    return { features: { x: score }, score, label: score > 0.5 ? 1 : 0 };
  });
}
