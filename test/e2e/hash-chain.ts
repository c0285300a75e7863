import { createHash } from 'node:crypto';

export type Commit = {
  readonly version: number;
  readonly events: readonly { readonly type: string }[];
  readonly hash: string;
  readonly previousHash: string;
};

/** Version of the first commit that does not follow from the one before, computed as an auditor would. */
export function firstBreak(commits: readonly Commit[]): number | undefined {
  let previous = { version: 0, hash: '0'.repeat(64) };
  for (const commit of commits) {
    const { hash, ...content } = commit;
    const isNext = commit.version === previous.version + 1 && commit.previousHash === previous.hash;
    if (!isNext || sha256(sorted(content)) !== hash) return commit.version;
    previous = commit;
  }
  return undefined;
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}
