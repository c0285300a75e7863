import type { ModelState } from '../registry/model.ts';
import { modelStream, retrainIdOf, retrainStream, rolloutIdOf, rolloutStream, versionStream } from '../stream-ids.ts';

/** Every stream about the model that is projected; a number that was reserved and never used has an empty one. */
export function streamsOfModel({ modelId, versionCount, retrainCount, rolloutCount }: ModelState): readonly string[] {
  const numbered = (count: number, streamOf: (number: number) => string) =>
    Array.from({ length: count }, (_, index) => streamOf(index + 1));
  return [
    modelStream(modelId),
    ...numbered(versionCount, (number) => versionStream(modelId, number)),
    ...numbered(retrainCount, (number) => retrainStream(retrainIdOf(modelId, number))),
    ...numbered(rolloutCount, (number) => rolloutStream(rolloutIdOf(modelId, number))),
  ];
}
