import { describe, expect, test } from 'vitest';
import { createAdjacency } from '../../shared/domain/graph/adjacency.ts';
import { isFacetName, readFacet } from '../../shared/domain/graph/openlineage/read-facet.ts';
import {
  contractFiles,
  differences,
  hasOpenLineage,
  openLineageEvents,
  openLineageOracle,
  partialEvents,
  recordedBodies,
} from '../support/openlineage-oracle.ts';
import { endpoint } from '../unit/graph/openlineage/endpoint.ts';
import { applyAll, emptyGraph, factsOf } from '../unit/graph/openlineage/graph-of.ts';

/** What the endpoint answered each, and what it kept. */
async function send(events: readonly unknown[]) {
  const { post, kept } = endpoint();
  const statuses: (number | undefined)[] = [];
  for (const event of events) statuses.push((await post(event)).statusCode);
  return { statuses, kept };
}

async function adjacencyOf(events: readonly unknown[]) {
  const ports = emptyGraph();
  for (let at = 0; at < events.length; at += 10) await applyAll(ports, [events.slice(at, at + 10)]);
  const adjacency = createAdjacency();
  for (const { streamId, contribution } of (await ports.graph.all()).contributions)
    adjacency.replace(streamId, contribution);
  return adjacency;
}

describe.skipIf(!hasOpenLineage)('352 events of dbt and Marquez', () => {
  test('are all accepted, and every reachability of the oracle follows from them, backwards too', async () => {
    const { statuses, kept } = await send(openLineageEvents());
    expect(new Set(statuses)).toEqual(new Set([201]));
    const oracle = openLineageOracle();
    for (const order of [kept, kept.toReversed()]) {
      const adjacency = await adjacencyOf(order);
      expect(differences(adjacency, oracle)).toEqual([]);
      const nodes = [...adjacency.uris()].filter((uri) => /^aip:\/\/(dataset|pipeline)\//.test(uri));
      expect(nodes).toHaveLength(oracle.graph.nodes);
    }
  });

  test('that lack what is required are refused and change nothing', async () => {
    const { statuses, kept } = await send(partialEvents());
    expect(statuses.filter((status) => status !== 422)).toEqual([]);
    expect(kept).toEqual([]);
  });
});

describe.skipIf(!hasOpenLineage)('what clients send', () => {
  test('is accepted as the Python client sends it, and its model knows its job, version and owner', async () => {
    const { statuses, kept } = await send(recordedBodies());
    expect(new Set(statuses)).toEqual(new Set([201]));
    const { entities, edges } = await factsOf(kept);
    expect(entities.get('aip://model/openlineage/s3%3A//models/ranker/v42')?.attributes).toMatchObject({
      version: '42',
    });
    expect(edges).toEqual(
      expect.arrayContaining([
        'aip://model/openlineage/s3%3A//models/ranker/v42 producedBy aip://pipeline/openlineage/ml/ranker.train',
        'aip://pipeline/openlineage/ml/ranker.train ownedBy aip://team/registry/ranking',
        'aip://pipeline/openlineage/ml/ranker.train consumes aip://dataset/openlineage/s3%3A//warehouse/impressions/ds%3D2026-08-20',
      ]),
    );
  });

  test.each(
    [...(hasOpenLineage ? contractFiles('marquez') : [])].filter(([name]) =>
      /^(open_lineage-(event|listener)|apples)/.test(name),
    ),
  )('is accepted as Marquez accepts it: %s', async (_name, event) => {
    const { statuses, kept } = await send([event]);
    expect(statuses).toEqual([201]);
    await factsOf(kept);
  });

  test('is known by its checks where dbt has tested it, each by itself, and by its figures', async () => {
    const [dbt, full] = [
      contractFiles('examples').get('dbt-structured_logs-postgres-build_command-results-build_ol_events.json'),
      contractFiles('marquez').get('open_lineage-event_full.json'),
    ];
    // dbt's own test has patterns in place of what differs from run to run.
    const events = (Array.isArray(dbt) ? dbt : []).map((event, index) => ({
      ...event,
      eventTime: new Date(Date.UTC(2025, 0, 1, 0, 0, index)).toISOString(),
      run: { runId: `run-${index}` },
    }));
    const { entities, edges } = await factsOf(events);
    const customers = 'dataset/openlineage/postgres%3A//postgres%3A5432/postgres.public.customers';
    expect(edges.filter((edge) => edge.endsWith(` evaluates aip://${customers}`))).toHaveLength(3);
    expect(entities.get(`aip://${customers}`)?.attributes).toMatchObject({ assertionsPassed: 2, assertionsFailed: 1 });
    const measured = [...(await factsOf([full])).entities.values()].find(
      ({ attributes = {} }) => 'rowCount' in attributes,
    );
    expect(measured?.attributes).toMatchObject({ rowCount: expect.any(Number), measuredBy: expect.any(String) });
  });

  test('is understood where the specification has an example of a facet that means something here', () => {
    if (!hasOpenLineage) return;
    const folders = [
      'OwnershipJobFacet',
      'TagsDatasetFacet',
      'SymlinksDatasetFacet',
      'LifecycleStateChangeDatasetFacet',
      'ColumnLineageDatasetFacet',
      'DatasetTypeDatasetFacet',
      'DatasetVersionDatasetFacet',
      'DocumentationDatasetFacet',
      'JobTypeJobFacet',
      'ParentRunFacet',
      'SourceCodeLocationJobFacet',
      'SchemaDatasetFacet',
      'DataQualityMetricsDatasetFacet',
      'DataQualityMetricsInputDatasetFacet',
      'DataQualityAssertionsDatasetFacet',
      'OutputStatisticsOutputDatasetFacet',
      'SQLJobFacet',
    ];
    const read = folders.flatMap((folder) => {
      try {
        return [...contractFiles(`spec/tests/${folder}`)].flatMap(([file, facets]) =>
          Object.entries(Object(facets)).map(([name, facet]) => [
            `${folder}/${file}`,
            isFacetName(name) && readFacet(name, facet) !== undefined,
          ]),
        );
      } catch {
        // Not every facet has an example.
        return [];
      }
    });
    expect(read.length).toBeGreaterThan(13);
    expect(read.filter(([, isRead]) => !isRead)).toEqual([]);
  });
});
