import type { Schemas } from '../../../sdk/client.ts';
import type { operations, paths } from '../../../sdk/openapi-types.ts';

type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type FleetPage = Answer<'/v1/fleet'>;
export type FleetRow = Schemas['FleetRow'];
export type Timeline = Answer<'/v1/models/{modelId}/timeline'>;
export type Drift = Answer<'/v1/models/{modelId}/drift'>;
export type Distribution = Drift['features'][number];
export type PerformanceSeries = Answer<'/v1/models/{modelId}/performance-series'>;
export type Model = Schemas['Model'];
export type Policy = Schemas['Policy'];
export type Evaluation = Schemas['Evaluation'];
export type Signal = Schemas['Signal'];
export type ModelHealth = Schemas['ModelHealth'];
export type ModelVersion = Schemas['ModelVersion'];
export type Retrain = Schemas['Retrain'];
export type Writer = Schemas['Writer'];
export type PlacedRetrain = Schemas['PlacedRetrain'];
export type Quality = Schemas['MetadataQuality'];
export type Suggestion = Schemas['Suggestion'];
export type SimilarAnswer = Schemas['SimilarEntities'];
export type QueueAction = 'hold' | 'release' | 'bump' | 'cancellation';
export type Cascade = Schemas['Cascade'];
export type CascadeMember = Schemas['CascadeMember'];
export type Incident = Schemas['Incident'];
export type Notification = Schemas['Notification'];
export type Approval = Schemas['Approval'];
export type Rollout = Schemas['Rollout'];
export type Commit = Schemas['Commit'];
export type EmbeddingStability = Schemas['EmbeddingStability'];
export type BacktestRun = Schemas['BacktestRun'];
type RunBacktest = operations['runBacktest'];
export type BacktestRequest = RunBacktest['requestBody']['content']['application/json'];
export type Backtest = RunBacktest['responses'][200]['content']['application/json'];
