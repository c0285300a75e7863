import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Cloud } from '../../local/cloud.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import type { EntityType } from '../../shared/domain/graph/entity-types.ts';
import type { Statement } from '../../shared/domain/graph/provider-contribution.ts';
import { makeStatements } from '../../shared/use-cases/graph/make-statements.ts';

const uriOf = (type: EntityType, id: string) => `aip://${type}/catalogue/${id}`;

export const entities = {
  model: uriOf('model', 'arrival-delay'),
  version: uriOf('model-version', 'arrival-delay/7'),
  feature: uriOf('feature', 'airport-congestion'),
  dataset: uriOf('dataset', 'flights-3m.parquet'),
  weather: uriOf('dataset', 'weather'),
  pipeline: uriOf('pipeline', 'hourly-flights'),
  team: uriOf('team', 'data-platform'),
  experiment: uriOf('experiment', 'autumn'),
  removed: uriOf('dataset', 'flights-2m'),
  hub: uriOf('dataset', 'hub'),
} as const;

const runs = Array.from({ length: 9 }, (_, run) => uriOf('pipeline-run', `hourly-flights/${run + 1}`));

const story: readonly Statement[] = [
  {
    subject: entities.model,
    description: {
      name: 'arrival-delay',
      description: 'How many minutes late a flight will land, when it leaves the gate.',
      tags: ['domain::flights', 'stage::production'],
      attributes: { tier: 1, taskType: 'regression', codeLink: 'https://example.org/models/arrival-delay' },
    },
    edges: [
      { type: 'consumes', to: entities.feature, provenance: 'declared' },
      { type: 'servedBy', to: entities.version },
      { type: 'ownedBy', to: entities.team },
      { type: 'testedBy', to: uriOf('experiment-cell', 'autumn/2') },
    ],
  },
  {
    subject: entities.version,
    description: { name: 'arrival-delay v7', attributes: { version: 7 } },
    edges: [
      { type: 'versionOf', to: entities.model },
      { type: 'trainedOn', to: entities.dataset, provenance: 'inferred', confidence: 0.8, evidence: 'inputs of run 9' },
      { type: 'producedBy', to: runs[8] ?? '' },
    ],
  },
  {
    subject: entities.feature,
    description: {
      name: 'airport-congestion',
      description: 'Departures and landings of the last hour against the best hour of the year.',
      tags: ['domain::flights'],
      attributes: { dataType: 'double', deprecated: false },
    },
    edges: [
      { type: 'derivedFrom', to: entities.dataset },
      { type: 'ownedBy', to: entities.team },
    ],
  },
  {
    subject: entities.dataset,
    description: {
      name: 'flights-3m.parquet',
      description: 'Every flight of the first half of 2001.',
      tags: ['domain::flights'],
      attributes: { format: 'parquet', columnCount: 3, location: 's3://lake/flights-3m.parquet' },
    },
    edges: [
      { type: 'producedBy', to: entities.pipeline },
      { type: 'derivedFrom', to: entities.weather },
    ],
  },
  {
    subject: entities.pipeline,
    description: {
      name: 'hourly-flights',
      description: 'Collects what landed in the last hour.',
      attributes: { integration: 'metaflow' },
    },
    edges: [
      { type: 'consumes', to: uriOf('dataset', 'raw-flights') },
      { type: 'ownedBy', to: entities.team },
    ],
  },
  {
    subject: entities.team,
    description: { name: 'data-platform', attributes: { email: 'data@example.org' } },
    edges: [],
  },
  { subject: entities.removed, description: { name: 'flights-2m', attributes: {} }, edges: [] },
  {
    subject: entities.experiment,
    description: { name: 'autumn', attributes: { status: 'running' } },
    edges: [],
  },
  ...[1, 2].map((cell) => ({
    subject: uriOf('experiment-cell', `autumn/${cell}`),
    description: { name: `autumn cell ${cell}`, attributes: { number: cell } },
    edges: [{ type: 'partOf' as const, to: entities.experiment }],
  })),
  ...['origin', 'delay', 'date'].map((column) => ({
    subject: uriOf('column', `flights-3m.parquet/${column}`),
    description: { name: column, attributes: { dataType: 'string' } },
    edges: [{ type: 'partOf' as const, to: entities.dataset }],
  })),
  ...runs.map((subject, run) => ({
    subject,
    description: { name: `hourly-flights ${run + 1}`, attributes: { status: 'succeeded' } },
    edges: [{ type: 'runOf' as const, to: entities.pipeline }],
  })),
  {
    subject: uriOf('service', 'gate-board'),
    description: { name: 'gate-board', attributes: {} },
    edges: [{ type: 'consumes', to: entities.model }],
  },
];

const types: readonly EntityType[] = ['dataset', 'feature', 'model', 'service'];

/** 500 that depend on the hub, eight on each, three hops deep. */
const fan: readonly Statement[] = Array.from({ length: 500 }, (_, index) => {
  const parent = index < 8 ? undefined : Math.floor(index / 8) - 1;
  const idOf = (node: number) =>
    uriOf(types[node % types.length] ?? 'dataset', `spoke-${String(node).padStart(3, '0')}`);
  return {
    subject: idOf(index),
    description: { name: `spoke-${String(index).padStart(3, '0')}`, attributes: {} },
    edges: [{ type: 'consumes' as const, to: parent === undefined ? entities.hub : idOf(parent) }],
  };
});

/** What a catalogue says of flights over a fortnight; something was removed and something ended in between. */
export async function seedGraph(cloud: Cloud): Promise<void> {
  const {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint = '',
    AWS_REGION: region = '',
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
  } = cloud.sdkEnvironment();
  const client = new DynamoDBClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const tableName = cloud.outputs.GraphTableName ?? '';
  const store = createDynamoGraphStore({
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    tableName,
  });
  const say = (statements: readonly Statement[], now: string, retired: readonly string[] = []) =>
    makeStatements(store, { provider: 'catalogue', statements, retired, now });
  await say(story, '2001-04-20T12:00:00.000Z');
  await say(fan, '2001-04-21T12:00:00.000Z');
  const dataset = story.find(({ subject }) => subject === entities.dataset);
  // The weather is no longer a source, and another pipeline reads it from then on.
  if (dataset)
    await say([{ ...dataset, edges: dataset.edges.slice(0, 1) }], '2001-05-01T12:00:00.000Z', [entities.removed]);
  client.destroy();
}
