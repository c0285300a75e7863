import type { Consumer, VersionEmbeddings } from '../registry/schemas.ts';

/**
 * Why the candidate's vectors cannot stand in for the champion's at the services that declared in which space they use
 * them; empty when they can. Retraining moves coordinates: without a common space, distances between old and new vectors
 * mean nothing. The vectors aligned to the version before (`alignedUri`) serve consumers of its space.
 */
export function embeddingProblems(
  consumers: readonly Consumer[],
  champion: VersionEmbeddings | undefined,
  candidate: VersionEmbeddings | undefined,
): readonly string[] {
  return consumers.flatMap(({ service, embeddings: needed }) => {
    if (needed === undefined) return [];
    const { spaceId, dimension } = needed;
    if (candidate === undefined) return [`${service} consumes embeddings, of which the candidate has none`];
    if (dimension !== undefined && candidate.dimension !== dimension)
      return [
        `${service} takes vectors of ${dimension} dimensions, the candidate declares ${candidate.dimension ?? 'none'}`,
      ];
    const isAligned = candidate.alignedUri !== undefined && champion?.spaceId === spaceId;
    const spaces = [candidate.spaceId, ...(candidate.compatibleSpaceIds ?? [])];
    if (isAligned || spaces.includes(spaceId)) return [];
    return [`${service} works in the space ${spaceId}, the candidate's is ${candidate.spaceId ?? 'not declared'}`];
  });
}
