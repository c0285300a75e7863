import type { Baseline } from '../../domain/health/baseline.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';

/**
 * The baseline that those of later versions are held against, the first champion's; of a model from before it was kept,
 * the present champion's. Undefined while nothing was deployed, and for the anchor itself.
 */
export async function anchorOf(
  baselines: Pick<BaselineStore, 'get'>,
  { modelId, anchorVersion, champion }: Pick<ModelState, 'modelId' | 'anchorVersion' | 'champion'>,
  version?: number,
): Promise<Baseline | undefined> {
  const anchor = anchorVersion ?? champion?.version;
  return anchor === undefined || anchor === version ? undefined : baselines.get(modelId, anchor);
}
