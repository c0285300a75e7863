import type { Instant } from '../time.ts';
import { type EntityRef, type EntityUri, formatEntityRef, parseEntityRef } from './entity-ref.ts';
import type { EntityType } from './entity-types.ts';

/** What is known of an entity by one stream; `attributes` only from the stream the entity is about. */
export type Entity = {
  readonly uri: EntityUri;
  readonly type: EntityType;
  readonly name: string;
  readonly description?: string;
  /** `key::value` */
  readonly tags?: readonly string[];
  readonly attributes?: Attributes;
  /** When a provider gave its full current state; absent of what was only mentioned. */
  readonly hydratedAt?: Instant;
  /** When inference last looked at it. */
  readonly enrichedAt?: Instant;
  /** When the provider no longer had it. */
  readonly removedAt?: Instant;
};

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Everything the registry itself declares lives on this platform. */
export const registryPlatform = 'registry';

const registryUri = (type: EntityType, id: string): EntityUri =>
  formatEntityRef({ type, platform: registryPlatform, id });

export const modelUri = (modelId: string): EntityUri => registryUri('model', modelId);
export const versionUri = (modelId: string, version: number): EntityUri =>
  registryUri('model-version', `${modelId}/${version}`);
/** Within one business domain a feature of one name is one feature, whichever models read it. */
export const featureUri = (domain: string, name: string): EntityUri => registryUri('feature', `${domain}/${name}`);
/** The versions of a dataset are one entity: who reads it is affected by its next version too. */
export const datasetUri = (dataset: string): EntityUri => registryUri('dataset', dataset);
export const pipelineUri = (pipeline: string): EntityUri => registryUri('pipeline', pipeline);
export const serviceUri = (service: string): EntityUri => registryUri('service', service);
export const teamUri = (team: string): EntityUri => registryUri('team', team);
/** An arm of a model's routing. */
export const deploymentUri = (modelId: string, stage: 'champion' | 'candidate'): EntityUri =>
  registryUri('deployment', `${modelId}/${stage}`);
/** A rollout tries a candidate on part of the traffic, beside the champion. */
export const experimentUri = (rolloutId: string): EntityUri => registryUri('experiment', rolloutId);
/** 1 is the champion's, 2 the candidate's. */
export const experimentCellUri = (rolloutId: string, number: 1 | 2): EntityUri =>
  registryUri('experiment-cell', `${rolloutId}/${number}`);
/** What a rollout judged its candidate by. */
export const evaluationUri = (rolloutId: string, part: string): EntityUri =>
  registryUri('evaluation', `${rolloutId}/${part}`);
export const runUri = (runId: string): EntityUri => registryUri('pipeline-run', runId);
export const personUri = (person: string): EntityUri => registryUri('person', person);

/** What the URI alone says, the same for everyone who mentions the entity. */
export function entityOf(uri: EntityUri): Entity {
  const ref = parseEntityRef(uri);
  return { uri, type: ref.type, name: nameOf(ref) };
}

function nameOf({ type, id }: EntityRef): string {
  const last = id.slice(id.lastIndexOf('/') + 1);
  if (type === 'model-version') return `${id.slice(0, id.lastIndexOf('/'))} v${last}`;
  return type === 'feature' ? last : id;
}
