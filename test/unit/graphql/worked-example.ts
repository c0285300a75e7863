import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { entityOf } from '../../../shared/domain/graph/entities.ts';
import { contributionId, type Statement } from '../../../shared/domain/graph/provider-contribution.ts';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';

export const hydratedAt = '2001-01-20T00:00:00.000Z';
export const enrichedAt = '2001-01-20T00:05:00.000Z';
export const now = '2001-01-22T00:00:00.000Z';

export const model = 'aip://model/registry/ranking-v5';
export const version = 'aip://model-version/registry/ranking-v5/7';
export const experiment = 'aip://experiment/abtest/12345';
const older = 'aip://model-version/registry/ranking-v5/6';
const run = 'aip://pipeline-run/metaflow/RankingFlow/981';
const pipeline = 'aip://pipeline/metaflow/RankingFlow';
const cell = (number: number) => `${experiment.replace('experiment', 'experiment-cell')}/${number}`;
const feature = (name: string) => `aip://feature/registry/ranking/${name}`;
const dataset = (name: string) => `aip://dataset/warehouse/${name}`;
const team = (name: string) => `aip://team/registry/${name}`;
const ada = 'aip://person/registry/ada%40example.com';

const describes = (
  subject: string,
  name: string,
  edges: Statement['edges'],
  attributes: NonNullable<Statement['description']>['attributes'] = {},
): Statement => ({ subject, description: { name, attributes }, edges });

const registry = [
  describes(
    model,
    'ranking-v5',
    [
      { type: 'ownedBy', to: team('discovery') },
      { type: 'ownedBy', to: ada },
      { type: 'servedBy', to: version },
    ],
    { tier: 1, description: 'Orders the rows of the home page' },
  ),
  describes(older, 'ranking-v5 v6', [{ type: 'versionOf', to: model }]),
  describes(version, 'ranking-v5 v7', [
    { type: 'versionOf', to: model },
    { type: 'producedBy', to: run },
    { type: 'consumes', to: feature('watched_minutes') },
    { type: 'consumes', to: feature('days_since_launch') },
  ]),
  describes(team('discovery'), 'Discovery', []),
  describes(ada, 'Ada Lovelace', [{ type: 'memberOf', to: team('discovery') }], { email: 'ada@example.com' }),
];

const metaflow = [
  describes(
    run,
    'RankingFlow/981',
    [
      { type: 'runOf', to: pipeline },
      { type: 'consumes', to: dataset('plays') },
      { type: 'partOf', to: cell(2) },
    ],
    { status: 'succeeded' },
  ),
  describes(pipeline, 'RankingFlow', [{ type: 'ownedBy', to: team('ml-platform') }]),
  describes(team('ml-platform'), 'ML platform', []),
];

const features = [
  describes(feature('watched_minutes'), 'watched_minutes', [
    { type: 'derivedFrom', to: dataset('plays') },
    { type: 'ownedBy', to: team('ml-platform') },
  ]),
  describes(feature('days_since_launch'), 'days_since_launch', [{ type: 'consumes', to: dataset('titles') }]),
  describes(dataset('plays'), 'plays', [], { format: 'parquet', columnCount: 12 }),
  describes(dataset('titles'), 'titles', []),
];

const experimentation = [
  describes(experiment, 'Ranking with watch time', [], { status: 'running' }),
  ...[1, 2, 10].map((number) =>
    describes(cell(number), number === 1 ? 'control' : `treatment ${number}`, [{ type: 'partOf', to: experiment }], {
      number,
    }),
  ),
];

/**
 * What the graph holds once a thin event about a version was hydrated: the registry names the run, the run its experiment
 * cell, the experiment its cells, and enrichment has inferred that the version is tested in the cell.
 */
export async function workedExample(): Promise<GraphStore> {
  const store = createMemoryGraphStore();
  const said = { registry, metaflow, features, abtest: experimentation };
  for (const [provider, statements] of Object.entries(said))
    await makeStatements(store, { provider, statements, now: hydratedAt });
  await store.put({
    streamId: contributionId('enrichment', version),
    version: 1,
    appliedVersion: 0,
    contribution: {
      entities: [{ ...entityOf(version), enrichedAt }],
      claims: [
        {
          from: version,
          type: 'testedBy',
          to: cell(2),
          provenance: 'inferred',
          claimant: 'rule-version-tested-by-cell',
          evidence: `${version} producedBy ${run} partOf ${cell(2)}`,
          confidence: 0.9,
          validFrom: enrichedAt,
        },
      ],
    },
    expectedRevision: 0,
    isChanged: true,
    now: enrichedAt,
  });
  return store;
}
