import type { Contribution } from '../../domain/graph/contribution.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import {
  contributionId,
  type ProviderId,
  restate,
  retire,
  type Statement,
} from '../../domain/graph/provider-contribution.ts';
import { packJson } from '../../domain/ground-truth/packed-json.ts';
import type { Instant } from '../../domain/time.ts';
import { type GraphStore, maximumWritesAtOnce, type ProviderWrite } from '../../ports/graph-store.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

export type Statements = {
  readonly provider: ProviderId;
  /** What is said of a subject later comes after what is said of it earlier. */
  readonly statements?: readonly Statement[];
  /** Subjects that the provider no longer has. */
  readonly retired?: readonly EntityUri[];
  /** When the provider was asked. */
  readonly now: Instant;
};

/** Bytes of a log entry, which is one item and repeats what is written; a transaction holds both. */
const maximumEntryBytes = 300_000;
const readAtOnce = 400;

/**
 * Writes what a provider says in place of what it said before of the same subjects; of others nothing changes. What it
 * says again is not written again, so that it costs no change. Each write is all or nothing for some of the subjects: who
 * is interrupted says everything again. Gives how many contributions changed.
 */
export async function makeStatements(
  store: Pick<GraphStore, 'getMany' | 'putMany'>,
  { provider, statements = [], retired = [], now }: Statements,
): Promise<{ readonly changed: number; readonly same: number }> {
  const bySubject = new Map<EntityUri, Said[1]>();
  const say = (subject: EntityUri, next: Said[1]) => {
    const before = bySubject.get(subject);
    bySubject.set(subject, before === undefined ? next : (at) => next(before(at)));
  };
  for (const statement of statements) say(statement.subject, (at) => restate(at, { provider, statement, at: now }));
  for (const subject of retired) say(subject, (at) => at && retire(at, now));
  const said = [...bySubject];
  let changed = 0;
  for (let from = 0; from < said.length; from += readAtOnce)
    changed += await writeSome(store, provider, said.slice(from, from + readAtOnce), now);
  return { changed, same: said.length - changed };
}

type Said = readonly [EntityUri, (at?: Contribution) => Contribution | undefined];

function writeSome(
  store: Pick<GraphStore, 'getMany' | 'putMany'>,
  provider: ProviderId,
  said: readonly Said[],
  now: Instant,
): Promise<number> {
  let written = 0;
  return withRetryOnConflict(async () => {
    const streams = said.map(([subject]) => contributionId(provider, subject));
    const stored = new Map((await store.getMany(streams)).map((each) => [each.streamId, each]));
    const writes = said.flatMap(([subject, next]): readonly ProviderWrite[] => {
      const streamId = contributionId(provider, subject);
      const present = stored.get(streamId);
      const contribution = next(present?.contribution);
      if (contribution === undefined || contribution === present?.contribution) return [];
      return [{ streamId, contribution, expectedRevision: present?.revision ?? 0 }];
    });
    for (const together of parts(writes)) {
      await store.putMany(together, now);
      // What a conflict in a later part makes us read again is then the same, and not counted twice.
      written += together.length;
    }
    return written;
  });
}

function parts(writes: readonly ProviderWrite[]): readonly (readonly ProviderWrite[])[] {
  const all: ProviderWrite[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const write of writes) {
    const size = packJson(write.contribution).length;
    if (bytes + size > maximumEntryBytes || (all.at(-1)?.length ?? 0) >= maximumWritesAtOnce) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(write);
    bytes += size;
  }
  return all;
}
