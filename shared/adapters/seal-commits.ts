import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.ts';
import { currentCorrelationId } from '../observability/correlation.ts';
import type { Commit, NewCommit } from '../ports/event-store.ts';

/** `previousHash` of the first commit of a stream. */
export const genesisHash = '0'.repeat(64);

const maximumStreams = 10;

/** Adds version and hash. SHA-256 (hex) over the canonical JSON of everything else, the predecessor's hash included. */
export function sealCommit(commit: NewCommit, previousHash: string): Commit {
  const { streamId, events, actor, reason, occurredAt, correlationId = currentCorrelationId() } = commit;
  const about = { streamId, version: commit.expectedVersion + 1, events, actor, reason, occurredAt };
  const content = { ...about, ...(correlationId !== undefined && { correlationId }), previousHash };
  return { ...content, hash: hashOf(content) };
}

/** Whether the commits follow one another without a gap and none was altered. */
export function isUnbrokenChain(
  commits: readonly Commit[],
  previous: { readonly version: number; readonly hash: string } = { version: 0, hash: genesisHash },
): boolean {
  let { version, hash } = previous;
  for (const { hash: claimed, ...content } of commits) {
    if (content.version !== version + 1 || content.previousHash !== hash || hashOf(content) !== claimed) return false;
    version = content.version;
    hash = claimed;
  }
  return true;
}

/** A programming error in the caller, not a conflict: throws a plain `Error`. */
export function checkCommits(commits: readonly NewCommit[]): void {
  const streams = new Set(commits.map((commit) => commit.streamId));
  if (streams.size !== commits.length)
    throw new Error('a stream occurs twice in one append, expected one commit per stream');
  if (commits.length === 0 || commits.length > maximumStreams)
    throw new Error(`${commits.length} commits in one append, expected 1 to ${maximumStreams}`);
  const empty = commits.find((commit) => commit.events.length === 0);
  if (empty) throw new Error(`the commit of ${empty.streamId} has no events`);
}

function hashOf(content: Omit<Commit, 'hash'>): string {
  const { streamId, version, events, actor, reason, occurredAt, correlationId, previousHash } = content;
  // Without a correlation id the text is the same as before there was one, and so are old streams' hashes.
  return createHash('sha256')
    .update(canonicalJson({ streamId, version, events, actor, reason, occurredAt, correlationId, previousHash }))
    .digest('hex');
}
