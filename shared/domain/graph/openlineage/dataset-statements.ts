import type { Attributes } from '../entities.ts';
import type { StatedEdge, Statement } from '../provider-contribution.ts';
import { compare } from './entries.ts';
import { facetOf } from './facet-of.ts';
import type { DatasetState } from './lineage-state.ts';
import {
  assertionUri,
  columnUri,
  isDatasetKey,
  modelUriOfKey,
  modelVersionUri,
  type NodeKey,
  runUri,
  uriOfKey,
} from './node-key.ts';
import { assertionStatements, qualityAttributes } from './quality-statements.ts';
import type { Stated } from './stated.ts';

/**
 * A dataset, or the model that it is by its `datasetType`: then the dataset's URI is another name of the model, because
 * who reads it does not say what it is.
 */
export function datasetStatements(key: NodeKey, dataset: DatasetState): Stated {
  const isModel = facetOf(dataset.facets, 'datasetType') === 'MODEL';
  const subject = isModel ? modelUriOfKey(key) : uriOfKey(key);
  // All that was ever said of it: what no longer is has to be taken back.
  const known = [
    uriOfKey(key),
    ...dataset.columns.map(([column]) => columnUri(key, column)),
    ...(dataset.facets.some(([name]) => name === 'datasetType') ? [modelUriOfKey(key)] : []),
    ...dataset.versions.map(([version]) => modelVersionUri(key, version)),
    ...(dataset.assertions ?? []).map(([assertion]) => assertionUri(key, assertion)),
  ];
  const statements: readonly Statement[] = isDropped(dataset)
    ? []
    : [
        ...(isModel ? [{ subject: uriOfKey(key), edges: [{ type: 'aliasOf', to: subject } as const] }] : []),
        { subject, ...described(key, dataset), edges: edgesOf(key, dataset) },
        ...(isModel ? versionStatements(key, dataset) : []),
        ...columnStatements(key, dataset, subject),
        ...assertionStatements(key, dataset),
      ];
  const stated = new Set(statements.map((statement) => statement.subject));
  return { statements, retired: [...new Set(known)].filter((uri) => !stated.has(uri)) };
}

/** Names that it has now beside its own. */
export function otherNamesOf({ facets }: DatasetState): ReadonlySet<NodeKey> {
  const change = facetOf(facets, 'lifecycleStateChange');
  const previous = change?.state === 'RENAME' && change.previous !== undefined ? [change.previous] : [];
  return new Set([...(facetOf(facets, 'symlinks') ?? []), ...previous]);
}

/** What was written later than it was dropped is there again. */
function isDropped({ facets, writtenAt = '' }: DatasetState): boolean {
  const change = facets.find(([name]) => name === 'lifecycleStateChange')?.[1];
  return facetOf(facets, 'lifecycleStateChange')?.state === 'DROP' && writtenAt <= (change?.at ?? '');
}

function described(key: NodeKey, dataset: DatasetState): Pick<Statement, 'description'> {
  const { facets, name, writtenAt, assertions } = dataset;
  if (name === undefined || (facets.length === 0 && writtenAt === undefined && assertions === undefined)) return {};
  const columnCount = (facetOf(facets, 'schema') ?? []).filter(([column]) => !column.includes('.')).length;
  const texts = {
    location: facetOf(facets, 'dataSource'),
    format: facetOf(facets, 'storage'),
    version: facetOf(facets, 'version'),
  };
  const attributes: Attributes = {
    ...Object.fromEntries(Object.entries(texts).flatMap(([each, value]) => (value ? [[each, value]] : []))),
    ...(facetOf(facets, 'schema') !== undefined && { columnCount }),
    ...qualityAttributes(dataset),
  };
  const tags = (facetOf(facets, 'tags') ?? []).filter(({ field }) => field === undefined).map(({ tag }) => tag);
  return {
    description: {
      // A path's own slash is no part of what people call it.
      name: name === '/' ? key : name,
      description: facetOf(facets, 'documentation'),
      tags,
      attributes,
    },
  };
}

function edgesOf(key: NodeKey, dataset: DatasetState): readonly StatedEdge[] {
  const { facets, producers, aliasOf } = dataset;
  const current = producers.filter(([, { isCurrent }]) => isCurrent);
  const sources = [...current.flatMap(([, { sources }]) => sources), ...(facetOf(facets, 'lineage')?.inputs ?? [])];
  const made = [...current.map(([job]) => job), ...sources].filter((each) => each !== key);
  const otherNames = otherNamesOf(dataset);
  // Where two name each other one of them has to be the other name.
  const canonical = aliasOf.filter(([other, { isCurrent }]) => isCurrent && !(otherNames.has(other) && key < other));
  return [
    ...[...new Set(made)]
      .toSorted(compare)
      .map((from): StatedEdge => ({ type: isDatasetKey(from) ? 'derivedFrom' : 'producedBy', to: uriOfKey(from) })),
    ...(facetOf(facets, 'ownership') ?? []).map((to) => ({ type: 'ownedBy', to }) as const),
    ...canonical
      .filter(([other]) => other !== key)
      .map(([other]) => ({ type: 'aliasOf', to: uriOfKey(other) }) as const),
  ];
}

function versionStatements(key: NodeKey, { name, versions }: DatasetState): readonly Statement[] {
  return versions.map(([version, { value: runId }]) => ({
    subject: modelVersionUri(key, version),
    description: { name: `${name ?? key} ${version}`, attributes: { version } },
    edges: [
      { type: 'versionOf', to: modelUriOfKey(key) },
      ...(runId === null ? [] : [{ type: 'producedBy', to: runUri(runId) } as const]),
    ],
  }));
}

function columnStatements(key: NodeKey, dataset: DatasetState, whole: string): readonly Statement[] {
  const { facets, explicitColumns } = dataset;
  const types = new Map(facetOf(facets, 'schema') ?? []);
  // What is explicit stands in place of what the older facet says.
  const sources = new Map([
    ...(facetOf(facets, 'columnLineage') ?? []),
    ...(facetOf(facets, 'lineage')?.columns ?? []),
    ...(explicitColumns?.value ?? []),
  ]);
  const tags = facetOf(facets, 'tags') ?? [];
  return [...new Set([...types.keys(), ...sources.keys()])].toSorted(compare).map((column) => {
    const subject = columnUri(key, column);
    const from = (sources.get(column) ?? []).map(([dataset, field]) => columnUri(dataset, field));
    const dataType = types.get(column);
    return {
      subject,
      description: {
        name: column,
        tags: tags.filter(({ field }) => field === column).map(({ tag }) => tag),
        attributes: dataType ? { dataType } : {},
      },
      edges: [
        { type: 'partOf', to: whole },
        ...[...new Set(from)].filter((uri) => uri !== subject).map((to) => ({ type: 'derivedFrom', to }) as const),
      ],
    };
  });
}
