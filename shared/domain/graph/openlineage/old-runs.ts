import { dayMillis, type Instant, toInstant, toMillis } from '../../time.ts';
import type { Adjacency } from '../adjacency.ts';
import { type EdgeClaim, holdsAt } from '../contribution.ts';
import type { EntityUri } from '../entity-ref.ts';
import { isRunUri, openLineageProvider } from './node-key.ts';

type Graph = Pick<Adjacency, 'uris' | 'descriptions' | 'claimsFrom' | 'claimsTo'>;

/** As long as what its events have added up to is kept. */
const daysAfterEnd = 90;
/** A run of which no end was heard may still be at work, or died with the client. */
const daysWithoutEnd = 365;

/**
 * Runs of which nothing new was heard for 90 days after they had ended, or for a year before, and their tests: at most
 * `limit` runs. What something points at that still holds stays: the run that made a version of a model, or that started
 * a run which stays.
 */
export function oldRuns(graph: Graph, now: Instant, limit: number): readonly EntityUri[] {
  const old: EntityUri[] = [];
  let runs = 0;
  for (const uri of graph.uris()) {
    if (runs === limit) break;
    if (!isRunUri(uri) || !isSilent(graph, uri, now)) continue;
    const pointing = [...graph.claimsTo(uri)].filter(isOpen);
    if (!pointing.every(isOfOwnTest)) continue;
    old.push(uri, ...pointing.map(({ from }) => from));
    runs += 1;
  }
  return [...new Set(old)];
}

function isSilent(graph: Graph, uri: EntityUri, now: Instant): boolean {
  const described = graph.descriptions(uri).find(({ provider }) => provider === openLineageProvider)?.entity;
  const claims = [...graph.claimsFrom(uri)].filter((claim) => isOpen(claim) && claim.claimant === openLineageProvider);
  const isThere = described === undefined ? claims.length > 0 : described.removedAt === undefined;
  if (!isThere) return false;
  const heardAt = [described?.hydratedAt ?? '', ...claims.map(({ validFrom }) => validFrom)].toSorted().at(-1) ?? '';
  const hasEnded = described !== undefined && described.attributes?.status !== 'running';
  return heardAt < toInstant(toMillis(now) - (hasEnded ? daysAfterEnd : daysWithoutEnd) * dayMillis);
}

function isOpen(claim: EdgeClaim): boolean {
  return holdsAt(claim, undefined);
}

function isOfOwnTest({ from, type, claimant }: EdgeClaim): boolean {
  return claimant === openLineageProvider && type === 'producedBy' && from.startsWith('aip://evaluation/');
}
