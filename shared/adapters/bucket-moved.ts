import { RunwayError } from '../domain/errors.ts';
import type { BucketId } from '../ports/join-buffer.ts';

export function bucketMoved({ modelId, bucket }: BucketId): RunwayError {
  return new RunwayError('VersionConflict', 'version-conflict', `bucket ${bucket} of ${modelId} was committed to`);
}
