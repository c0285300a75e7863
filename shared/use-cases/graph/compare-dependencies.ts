import { registryPlatform } from '../../domain/graph/entities.ts';
import { type EntityUri, parseEntityRef } from '../../domain/graph/entity-ref.ts';
import type { EntityType } from '../../domain/graph/entity-types.ts';
import type { GraphView } from '../../domain/graph/graph-view-types.ts';
import { walkGraph } from '../../domain/graph/walk-graph.ts';
import { compareVersionInputs, type VersionInputs } from '../../domain/registry/compare-version-inputs.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadVersion } from '../registry/change-version.ts';
import { findEntity } from './find-entity.ts';

type Dependency = { readonly uri: EntityUri; readonly type: EntityType; readonly name: string; readonly depth: number };

export type DependencyDiff = {
  readonly from: EntityUri;
  readonly to: EntityUri;
  /** Only `to` depends on it, only `from` does, both do; the depth is in `to`, of removed ones in `from`. */
  readonly added: readonly Dependency[];
  readonly removed: readonly Dependency[];
  readonly common: readonly Dependency[];
  readonly byType: Readonly<
    Record<string, { readonly added: number; readonly removed: number; readonly common: number }>
  >;
  /** What the registry says of two versions beyond what the graph holds. */
  readonly inputs?: VersionInputs;
};

type Request = {
  readonly from: EntityUri;
  readonly to: EntityUri;
  /** In edges. @default without a limit */
  readonly depth?: number | undefined;
  readonly asOf?: Instant | undefined;
};
type Ports = { readonly events: EventStore; readonly graph: () => Promise<GraphView> };

/** What two entities depend on, side by side, most usefully two versions of a model. Throws `NotFound` (`unknown-entity`). */
export async function compareDependencies({ events, graph: view }: Ports, request: Request): Promise<DependencyDiff> {
  const { asOf, depth = Number.POSITIVE_INFINITY } = request;
  const graph = await view();
  const [from, to] = [findEntity(graph, request.from, asOf).uri, findEntity(graph, request.to, asOf).uri];
  const reached = (root: EntityUri) =>
    walkGraph(graph, { root, direction: 'upstream', depth, asOf })
      .reached()
      .filter(({ uri }) => uri !== from && uri !== to);
  const [before, after] = [reached(from), reached(to)];
  const [had, has] = [new Set(before.map(({ uri }) => uri)), new Set(after.map(({ uri }) => uri))];
  const sides = {
    added: after.filter(({ uri }) => !had.has(uri)),
    removed: before.filter(({ uri }) => !has.has(uri)),
    common: after.filter(({ uri }) => had.has(uri)),
  };
  const inputs = await inputsOf(events, from, to);
  const listed = {
    added: sides.added.map(listing),
    removed: sides.removed.map(listing),
    common: sides.common.map(listing),
  };
  return { from, to, ...listed, byType: byType(listed), ...(inputs !== undefined && { inputs }) };
}

function listing({ uri, type, name, depth }: Dependency): Dependency {
  return { uri, type, name, depth };
}

function byType(sides: Pick<DependencyDiff, 'added' | 'removed' | 'common'>): DependencyDiff['byType'] {
  const counts: Record<string, { added: number; removed: number; common: number }> = {};
  for (const side of ['added', 'removed', 'common'] as const)
    for (const { type } of sides[side]) {
      const count = counts[type] ?? { added: 0, removed: 0, common: 0 };
      count[side] += 1;
      counts[type] = count;
    }
  return counts;
}

async function inputsOf(events: EventStore, from: EntityUri, to: EntityUri): Promise<VersionInputs | undefined> {
  const [before, after] = [registryVersion(from), registryVersion(to)];
  if (before === undefined || after === undefined) return undefined;
  const [first, second] = await Promise.all([loadVersion(events, ...before), loadVersion(events, ...after)]);
  return compareVersionInputs(first.state, second.state);
}

function registryVersion(uri: EntityUri): readonly [modelId: string, version: number] | undefined {
  const { type, platform, id } = parseEntityRef(uri);
  if (type !== 'model-version' || platform !== registryPlatform) return undefined;
  const slash = id.lastIndexOf('/');
  return [id.slice(0, slash), Number(id.slice(slash + 1))];
}
