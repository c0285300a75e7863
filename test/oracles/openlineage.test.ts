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
    expect(read.length).toBeGreaterThan(8);
    expect(read.filter(([, isRead]) => !isRead)).toEqual([]);
  });
});
