import Papa from 'papaparse';
import type { EdgeType } from '../../shared/domain/graph/edge-types.ts';
import { formatEntityRef } from '../../shared/domain/graph/entity-ref.ts';
import type { EntityType } from '../../shared/domain/graph/entity-types.ts';

export type Line = Readonly<Record<string, unknown>>;

const uriOf = (type: EntityType, platform: string, id: string) => formatEntityRef({ type, platform, id });
const edgeLine = (from: string, type: EdgeType, to: string): Line => ({ edge: { from, type, to } });

type DbtNode = {
  readonly resource_type: string;
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly depends_on?: { readonly nodes?: readonly string[] };
};
type DbtManifest = { readonly nodes: Record<string, DbtNode>; readonly sources: Record<string, DbtNode> };

/** A node of a dbt manifest: tests judge, everything else is a table. */
export function dbtUri(id: string): string {
  return uriOf(id.startsWith('test.') ? 'evaluation' : 'dataset', 'dbt', id);
}

export function* dbtLines(manifest: unknown): Generator<Line> {
  const { nodes, sources } = manifest as DbtManifest;
  for (const [id, { name, description = '', tags = [], depends_on: dependsOn }] of Object.entries({
    ...sources,
    ...nodes,
  })) {
    const uri = dbtUri(id);
    yield { entity: { uri, name, description, tags } };
    const type = id.startsWith('test.') ? 'evaluates' : 'derivedFrom';
    for (const parent of dependsOn?.nodes ?? []) yield edgeLine(uri, type, dbtUri(parent));
  }
}

const dataHubTypes: Readonly<Record<string, EntityType>> = {
  dataset: 'dataset',
  schemaField: 'column',
  chart: 'surface',
  dashboard: 'surface',
  dataJob: 'pipeline',
  mlModel: 'model',
  mlFeature: 'feature',
};

/** Of `urn:li:<kind>:…`; kinds of another kind are artefacts. */
export function dataHubUri(urn: string): string {
  return uriOf(dataHubTypes[urn.split(':')[2] ?? ''] ?? 'artifact', 'datahub', urn);
}

/** Of a table with the columns upstream and downstream. */
export function* dataHubLines(csv: string): Generator<Line> {
  for (const { upstream = '', downstream = '' } of rowsOf(csv))
    yield edgeLine(dataHubUri(downstream), 'derivedFrom', dataHubUri(upstream));
}

type MlflowVersion = { readonly name: string; readonly version: string; readonly run_id: string };
type MlflowModel = { readonly name: string; readonly versions: readonly MlflowVersion[] };
type MlflowRun = { readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string } };

export const mlflowRunUri = (runId: string) => uriOf('pipeline-run', 'mlflow', runId);
export const mlflowVersionUri = (name: string, version: string) =>
  uriOf('model-version', 'mlflow', `${name}/${version}`);

/** The registry and the runs that made its versions, as MLflow's REST interface gives them. */
export function* mlflowLines(registry: unknown, runs: readonly unknown[]): Generator<Line> {
  for (const { info } of runs as readonly MlflowRun[])
    yield { entity: { uri: mlflowRunUri(info.run_id), name: info.run_name, attributes: { status: info.status } } };
  for (const { name, versions } of (registry as { readonly registered_models: readonly MlflowModel[] })
    .registered_models) {
    const model = uriOf('model', 'mlflow', name);
    yield { entity: { uri: model, name } };
    for (const { version, run_id: runId } of versions) {
      const uri = mlflowVersionUri(name, version);
      yield { entity: { uri, name: `${name} v${version}`, attributes: { version } } };
      yield edgeLine(uri, 'versionOf', model);
      yield edgeLine(uri, 'producedBy', mlflowRunUri(runId));
    }
  }
}

type Asset = {
  readonly name: string;
  readonly type: 'dataset' | 'model' | 'application';
  readonly organization?: string;
  readonly dependencies: readonly string[];
};

/** The assets of Ecosystem Graphs (Bommasani et al. 2023): lines, and the URI of each name, declared or not. */
export function ecosystemLines(assets: readonly unknown[]) {
  const declared = assets as readonly Asset[];
  const types = new Map(declared.map(({ name, type }) => [name, type === 'application' ? 'service' : type] as const));
  const uri = (name: string) => uriOf(types.get(name) ?? 'artifact', 'ecosystem', name);
  function* lines(): Generator<Line> {
    for (const { name, organization, dependencies } of declared) {
      const tags = organization === undefined ? [] : [`organization::${organization.replaceAll(/[<>]/g, ' ')}`];
      yield { entity: { uri: uri(name), name: name.replaceAll(/[<>]/g, ' '), tags } };
      for (const dependency of dependencies) yield edgeLine(uri(name), 'consumes', uri(dependency));
    }
  }
  return { uri, lines };
}

export const debianUri = (name: string) => uriOf('artifact', 'debian', name);

/** Packages by line number from 0, and edges between them as upstream,downstream. */
export function* debianLines(names: readonly string[], csv: string): Generator<Line> {
  for (const name of names) yield { entity: { uri: debianUri(name), name } };
  for (const { upstream, downstream } of rowsOf(csv))
    yield edgeLine(debianUri(names[Number(downstream)] ?? ''), 'derivedFrom', debianUri(names[Number(upstream)] ?? ''));
}

function rowsOf(csv: string): readonly Readonly<Record<string, string>>[] {
  return Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;
}
