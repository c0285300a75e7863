import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Adjacency } from '../../shared/domain/graph/adjacency.ts';
import { canonicalDataset, canonicalJob } from '../../shared/domain/graph/openlineage/canonical-name.ts';
import { columnUri, datasetKey, jobKey, uriOfKey } from '../../shared/domain/graph/openlineage/node-key.ts';
import { type Direction, walk } from '../../shared/domain/graph/walk.ts';

const data = new URL('../../../shared/data/lineage/', import.meta.url);
const contracts = new URL('../../../shared/contracts/data/openlineage/', import.meta.url);

/** The public events lie beside the project, never in it. */
export const hasOpenLineage = existsSync(data) && existsSync(contracts);

if (!hasOpenLineage) console.log(`skipped: no OpenLineage data at ${data.pathname}`);

type Seed = {
  readonly downstreamSet: readonly string[];
  readonly upstreamSet: readonly string[];
  readonly downstreamByDepth: readonly number[];
  readonly upstreamByDepth: readonly number[];
};
type Graph = { readonly nodes: number; readonly edges: number; readonly seeds: Readonly<Record<string, Seed>> };

export type OpenLineageOracle = { readonly graph: Graph; readonly columnGraph: Graph };

export function openLineageOracle(): OpenLineageOracle {
  return JSON.parse(readFileSync(new URL('openlineage-oracle.json', data), 'utf8'));
}

const linesOf = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

export const openLineageEvents = (): readonly unknown[] => packedLines('openlineage-events.ndjson.gz');
export const partialEvents = (): readonly unknown[] => packedLines('openlineage-partial.ndjson.gz');
const packedLines = (file: string) => linesOf(gunzipSync(readFileSync(new URL(file, data))).toString('utf8'));

/** Bodies of what the Python client 1.53.0 sent. */
export function recordedBodies(): readonly unknown[] {
  const lines = linesOf(readFileSync(new URL('recorded-python-client-1.53.0.jsonl', contracts), 'utf8'));
  return lines.map((line) => Object(line).request_body);
}

/** JSON files of a folder of the contract, by name. */
export function contractFiles(folder: string): ReadonlyMap<string, unknown> {
  const directory = new URL(`${folder}/`, contracts);
  const names = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, JSON.parse(readFileSync(new URL(name, directory), 'utf8'))]));
}

/** `dataset:<namespace>|<name>`, `job:…` or `dataset:…#<column>` as the entity that it is here. */
export function uriOfNode(node: string): string {
  const [, kind, namespace = '', rest = ''] = /^(dataset|job):([^|]*)\|(.*)$/s.exec(node) ?? [];
  if (kind === 'job') return uriOfKey(jobKey(canonicalJob({ namespace, name: rest })));
  const [name = '', column] = rest.split('#');
  const key = datasetKey(canonicalDataset({ namespace, name }));
  return column === undefined ? uriOfKey(key) : columnUri(key, column);
}

const maximumDepth = 10_000;

/** What is reached through datasets, pipelines and columns, by depth; runs, owners and tests are not in the oracle. */
export function reachedFrom(adjacency: Adjacency, node: string, direction: Direction) {
  const types = node.includes('#') ? ['column'] : ['dataset', 'pipeline'];
  const { reached } = walk(adjacency, { root: uriOfNode(node), direction, depth: maximumDepth });
  const meant = reached.filter(({ type }) => types.includes(type));
  const byDepth: number[] = [];
  for (const { depth } of meant) byDepth[depth - 1] = (byDepth[depth - 1] ?? 0) + 1;
  return { uris: meant.map(({ uri }) => uri).toSorted(), byDepth };
}

/** What differs from the oracle, seed by seed; of agreement nothing. */
export function differences(adjacency: Adjacency, { graph, columnGraph }: OpenLineageOracle): readonly string[] {
  return [graph, columnGraph].flatMap(({ seeds }) =>
    Object.entries(seeds).flatMap(([node, seed]) =>
      (['downstream', 'upstream'] as const).flatMap((direction) => {
        const { uris, byDepth } = reachedFrom(adjacency, node, direction);
        const expected = seed[`${direction}Set`].map(uriOfNode).toSorted();
        const isSame = uris.join('\n') === expected.join('\n') && byDepth.join() === seed[`${direction}ByDepth`].join();
        return isSame ? [] : [`${node} ${direction}: ${byDepth.join()} ≠ ${seed[`${direction}ByDepth`].join()}`];
      }),
    ),
  );
}
