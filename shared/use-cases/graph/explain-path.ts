import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import { type FoundPath, findPath } from '../../domain/graph/find-path.ts';
import type { GraphView } from '../../domain/graph/graph-view-types.ts';
import type { Instant } from '../../domain/time.ts';
import { findEntity } from './find-entity.ts';

export type Explanation = {
  readonly from: EntityUri;
  readonly to: EntityUri;
  /** Absent when neither depends on the other. */
  readonly direction?: FoundPath['direction'];
  readonly steps: FoundPath['steps'];
};

type Request = { readonly from: EntityUri; readonly to: EntityUri; readonly asOf?: Instant | undefined };

/**
 * Why one entity depends on another, or the other on it: a shortest path, with who claims each step. No steps when
 * neither does. Throws `NotFound` (code `unknown-entity`).
 */
export async function explainPath(
  ports: { readonly graph: () => Promise<GraphView> },
  { asOf, ...ends }: Request,
): Promise<Explanation> {
  const graph = await ports.graph();
  const [from, to] = [findEntity(graph, ends.from, asOf).uri, findEntity(graph, ends.to, asOf).uri];
  const path = findPath(graph, from, to, asOf);
  return { from, to, ...(path ?? { steps: [] }) };
}
