import { type RunwayClient, unwrap } from '../../../sdk/client.ts';
import type { Flights } from '../flights.ts';
import { decodeArtifact } from '../models/artifact.ts';
import type { Encoder } from '../models/encoder.ts';
import type { BasicScore, ModelName } from '../models/flight-model.ts';
import { createScorer } from '../models/flight-model.ts';
import type { Artifacts } from './artifacts.ts';

export type LoaderContext = {
  readonly client: RunwayClient;
  readonly artifacts: Artifacts;
  readonly flights: Flights;
  readonly encoder: Encoder;
};

/** Fetches a version's artefact from where Runway says it is, checks its digest, and makes a scorer of it. */
export function createScorerLoader({ client, artifacts, flights, encoder }: LoaderContext) {
  return async (model: ModelName, version: number, basicScore: BasicScore): Promise<(flight: number) => number> => {
    const params = { path: { modelId: model, version } };
    const { artifactUri, artifactDigest } = await unwrap(
      client.GET('/v1/models/{modelId}/versions/{version}', { params }),
    );
    const bytes = await artifacts.get(artifactUri, artifactDigest);
    return createScorer(model, decodeArtifact(model, bytes), flights, encoder, basicScore);
  };
}
