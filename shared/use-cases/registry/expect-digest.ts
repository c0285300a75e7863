import { RunwayError } from '../../domain/errors.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';

/** Throws `ArtifactUnusable` when there is no such object (code `artifact-missing`) or it is another one (code `digest-mismatch`). */
export async function expectDigest(artifacts: ArtifactStore, uri: string, digest: string): Promise<void> {
  const found = await artifacts.digest(uri);
  if (found === digest) return;
  const field = { field: '/artifactDigest', code: 'digest-mismatch', reason: `the object has ${found}` };
  throw new RunwayError('ArtifactUnusable', 'digest-mismatch', `${uri} has digest ${found}, expected ${digest}`, [
    field,
  ]);
}
