import type { ServedModel } from '../domain/ground-truth/served-model.ts';

/** Models as ground truth needs them, remembered between invocations. */
export interface ModelDirectory {
  /**
   * The model with at least those of the versions that exist and have a baseline; undefined when there is no such
   * model. Only what has never changed since is remembered: a model or version not known yet is looked up again.
   */
  find(modelId: string, versions: readonly number[]): Promise<ServedModel | undefined>;
}
