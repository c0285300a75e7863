import { type RunwayClient, unwrap } from '../../sdk/client.ts';
import { demoPolicy, type PolicyOptions } from './demo-policy.ts';
import type { Flights } from './flights.ts';
import { createEncoder } from './models/encoder.ts';
import { featureSchemaOf } from './models/features.ts';
import type { ModelName } from './models/flight-model.ts';
import { publishVersion } from './publish-version.ts';
import type { Artifacts } from './runway/artifacts.ts';
import { attributionWindowMinutes, businessMetric, models, servingService, team } from './settings.ts';
import type { TrainedVersion } from './training.ts';
import { trainVersion } from './training.ts';

type Runway = { readonly client: RunwayClient; readonly artifacts: Artifacts };

const descriptions: Readonly<Record<ModelName, string>> = {
  'late-basic': 'At pushback: will the flight land more than 15 minutes late? From what the timetable says.',
  'late-live': 'The same question, also from how late flights landed at both airports in the last three hours.',
};

export type InitialVersions = Readonly<Record<ModelName, TrainedVersion>>;

/** The first version of both models, trained on everything that had landed by `until` (a minute). */
export function trainInitialVersions(flights: Flights, until: number): InitialVersions {
  const encoder = createEncoder(flights);
  const window = { from: flights.departure[0] ?? until, to: until };
  const basic = trainVersion({ model: 'late-basic', flights, encoder, window, basicScore: () => Number.NaN });
  const live = trainVersion({ model: 'late-live', flights, encoder, window, basicScore: basic.score });
  return { 'late-basic': basic, 'late-live': live };
}

/** Registers both models with their policy and first version, and deploys them. */
export async function registerModels(runway: Runway, versions: InitialVersions, policy: PolicyOptions): Promise<void> {
  for (const model of models) await registerModel(runway, model, versions[model], policy);
}

async function registerModel(
  runway: Runway,
  model: ModelName,
  trained: TrainedVersion,
  policy: PolicyOptions,
): Promise<void> {
  const { client } = runway;
  await unwrap(
    client.POST('/v1/models', {
      params: { header: { 'Idempotency-Key': `register-${model}` } },
      body: definitionOf(model),
    }),
  );
  const path = { modelId: model };
  await unwrap(client.PUT('/v1/models/{modelId}/policy', { params: { path }, body: demoPolicy(model, policy) }));
  const consumers = [{ service: servingService, team }];
  await unwrap(client.PUT('/v1/models/{modelId}/consumers', { params: { path }, body: { consumers } }));
  const basicVersion = model === 'late-live' ? { basicVersion: 1 } : {};
  const publication = { ...trained, ...basicVersion };
  const { version } = await publishVersion(runway, model, `${model}-initial`, publication);
  await unwrap(
    client.POST('/v1/models/{modelId}/versions/{version}/deployment', {
      params: { path: { ...path, version }, header: { 'Idempotency-Key': `deploy-${model}` } },
      body: {},
    }),
  );
}

function definitionOf(model: ModelName) {
  return {
    name: model,
    description: descriptions[model],
    domain: 'flights',
    team,
    tier: 3 as const,
    taskType: 'binary' as const,
    features: featureSchemaOf(model),
    businessMetric,
    attributionWindowMinutes,
    upstreamModels: model === 'late-live' ? ['late-basic'] : [],
  };
}
