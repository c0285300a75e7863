import type { ModelEvent } from '../registry/model-events.ts';
import type { VersionEvent } from '../registry/version-events.ts';
import type { Instant } from '../time.ts';
import { type Contribution, declareEdges, describe, type Edge } from './contribution.ts';
import { redescribe } from './described.ts';
import {
  datasetUri,
  deploymentUri,
  type Entity,
  entityOf,
  featureUri,
  modelUri,
  personUri,
  pipelineUri,
  serviceUri,
  teamUri,
  versionUri,
} from './entities.ts';
import type { EntityUri } from './entity-ref.ts';
import type { ProjectedEvent } from './projected-event.ts';

type RegistryEvent = ModelEvent | VersionEvent;
type Of<T extends RegistryEvent['type']> = Extract<RegistryEvent, { type: T }>;

/** What the stream of a model or a version says after an event of it; the same object after any other. */
export function projectRegistryEvent(state: Contribution, event: ProjectedEvent, at: Instant): Contribution {
  switch (event.type) {
    case 'ModelRegistered':
      return modelRegistered(state, event, at);
    case 'ConsumersDeclared':
      return consumersDeclared(state, event, at);
    case 'ChampionDeployed':
    case 'VersionPromoted':
      return served(state, event.modelId, event.version, at);
    case 'ChampionWithdrawn':
      return served(state, event.modelId, event.restored, at);
    case 'ModelDeprecated':
      return withLifecycle(state, modelUri(event.modelId), 'deprecated');
    case 'ModelRetired':
      // Its owners remain, and what is part of it; it serves nobody and needs nothing any more.
      return withLifecycle(
        declareEdges(state, ({ type }) => type !== 'ownedBy' && type !== 'partOf', [], at),
        modelUri(event.modelId),
        'retired',
      );
    case 'VersionRegistered':
      return versionRegistered(state, event, at);
    default:
      return state;
  }
}

function modelRegistered(state: Contribution, { modelId, definition }: Of<'ModelRegistered'>, at: Instant) {
  const from = modelUri(modelId);
  const { team, owners = [], features, domain, upstreamModels, companionOf, description, tier, taskType } = definition;
  const edges: Edge[] = [
    { from, type: 'ownedBy', to: teamUri(team) },
    ...owners.map((owner): Edge => ({ from, type: 'ownedBy', to: personUri(owner) })),
    ...features.map(({ name }): Edge => ({ from, type: 'consumes', to: featureUri(domain, name) })),
    ...upstreamModels.map((upstream): Edge => ({ from, type: 'consumes', to: modelUri(upstream) })),
    ...(companionOf === undefined ? [] : [{ from, type: 'explains' as const, to: modelUri(companionOf) }]),
  ];
  const entity = {
    ...entityOf(from),
    ...(description !== '' && { description }),
    attributes: { domain, tier, taskType, lifecycle: 'active' },
  };
  return declareEdges(describe(state, entity), () => false, edges, at);
}

function consumersDeclared(state: Contribution, { modelId, consumers }: Of<'ConsumersDeclared'>, at: Instant) {
  const model = modelUri(modelId);
  const edges = consumers.flatMap(({ service, team }): readonly Edge[] => [
    { from: serviceUri(service), type: 'consumes', to: model },
    ...(team === undefined ? [] : [{ from: serviceUri(service), type: 'ownedBy' as const, to: teamUri(team) }]),
  ]);
  // A model's own edges begin at it or its deployments; what begins elsewhere is said of its consumers.
  const own = new Set([model, ...deploymentsOf(modelId)]);
  return declareEdges(state, ({ from }) => !own.has(from), edges, at);
}

/** By the routing it has from then on: all on one version. A rollout's stream says what serves for its candidate. */
function served(state: Contribution, modelId: string, version: number, at: Instant): Contribution {
  const [model, to] = [modelUri(modelId), versionUri(modelId, version)];
  const deployments = deploymentsOf(modelId);
  const described = deployments.reduce(
    (said, uri, i) => redescribe(said, { uri, attributes: { stage: stages[i]! } }),
    state,
  );
  const edges: Edge[] = [
    { from: model, type: 'servedBy', to },
    { from: deploymentUri(modelId, 'champion'), type: 'servedBy', to },
    ...deployments.map((from): Edge => ({ from, type: 'partOf', to: model })),
  ];
  return declareEdges(described, ({ type }) => type === 'servedBy', edges, at);
}

const stages = ['champion', 'candidate'] as const;

function deploymentsOf(modelId: string): readonly EntityUri[] {
  return stages.map((stage) => deploymentUri(modelId, stage));
}

function versionRegistered(state: Contribution, { version }: Of<'VersionRegistered'>, at: Instant): Contribution {
  const from = versionUri(version.modelId, version.version);
  const {
    datasetVersions,
    pipeline,
    upstreamVersions = [],
    features,
    trainingRun,
    codeLink,
    trainingDataEnd,
  } = version;
  const edges: Edge[] = [
    { from, type: 'versionOf', to: modelUri(version.modelId) },
    ...datasetVersions.map(({ dataset }): Edge => ({ from, type: 'trainedOn', to: datasetUri(dataset) })),
    ...(pipeline === undefined ? [] : [{ from, type: 'producedBy' as const, to: pipelineUri(pipeline) }]),
    ...upstreamVersions.map(
      (upstream): Edge => ({
        from,
        type: 'consumes',
        to: versionUri(upstream.modelId, upstream.version),
      }),
    ),
  ];
  const attributes = { trainingRun, codeLink, trainingDataEnd, featureCount: features.length };
  return declareEdges(describe(state, { ...entityOf(from), attributes }), () => false, edges, at);
}

function withLifecycle(state: Contribution, uri: string, lifecycle: 'deprecated' | 'retired'): Contribution {
  const known: Entity = state.entities.find((entity) => entity.uri === uri) ?? entityOf(uri);
  return describe(state, { ...known, attributes: { ...known.attributes, lifecycle } });
}
