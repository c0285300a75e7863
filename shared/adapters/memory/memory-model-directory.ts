import type { ServedModel } from '../../domain/ground-truth/served-model.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';

/** Twin for tests: the models given, with all their versions. */
export function createMemoryModelDirectory(models: readonly ServedModel[]): ModelDirectory {
  const byId = new Map(models.map((model) => [model.modelId, model]));
  return { find: async (modelId) => byId.get(modelId) };
}
