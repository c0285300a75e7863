import type { Adjacency } from './adjacency.ts';
import { holdsAt } from './contribution.ts';
import { versionUri } from './entities.ts';
import { type EntityUri, parseEntityRef } from './entity-ref.ts';

/** `depth`: 1 was trained on the version itself, 2 on one that was, and so on. */
export type TrainedVersion = { readonly modelId: string; readonly version: number; readonly depth: number };

/** Versions whose training consumed the version, directly or through others; by depth, then by model and number. */
export function trainedOnVersion(adjacency: Adjacency, modelId: string, version: number): readonly TrainedVersion[] {
  const root = versionUri(modelId, version);
  const depths = new Map<EntityUri, number>([[root, 0]]);
  // A map gives what is added while it is read, too.
  for (const [uri, depth] of depths)
    for (const claim of adjacency.claimsTo(uri)) {
      const isTrained = claim.type === 'consumes' && parseEntityRef(claim.from).type === 'model-version';
      if (isTrained && holdsAt(claim, undefined) && !depths.has(claim.from)) depths.set(claim.from, depth + 1);
    }
  depths.delete(root);
  return [...depths]
    .map(([uri, depth]) => {
      const { id } = parseEntityRef(uri);
      const slash = id.lastIndexOf('/');
      return { modelId: id.slice(0, slash), version: Number(id.slice(slash + 1)), depth };
    })
    .toSorted(
      (a, b) =>
        a.depth - b.depth || (a.modelId < b.modelId ? -1 : Number(a.modelId > b.modelId)) || a.version - b.version,
    );
}
