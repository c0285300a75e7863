import { dayMillis, type Instant, toMillis } from '../../time.ts';
import { type Edge, type EdgeClaim, holdsAt, isExpired } from '../contribution.ts';

type Word = 'holds' | 'does-not-hold';

/** Somebody who says whether an edge holds. */
export type Party = {
  readonly claimant: EdgeClaim['claimant'];
  readonly provenance: EdgeClaim['provenance'];
  readonly says: Word;
  /** For whom: a person's own; of a provider, whose entity the edge begins at; of an inference, nobody's. */
  readonly teams: readonly string[];
  readonly reason?: string;
  readonly since: Instant;
  /** When somebody else's override took the place of this one. */
  readonly until?: Instant;
};

/**
 * An edge of which not everybody says the same. `opposite-overrides`: people of different teams; `claimed-though-suppressed`:
 * a person, and who claims the edge; `unconfirmed-addition`: a person alone, for long.
 */
export type EdgeConflict = {
  readonly kind: 'opposite-overrides' | 'claimed-though-suppressed' | 'unconfirmed-addition';
  /** What counts, and why. */
  readonly wins: Word;
  readonly why: string;
  /** When the latest of what contradicts each other was said first. */
  readonly since: Instant;
  /** Whether who wins and somebody who does not speak for teams, none of them the same. */
  readonly isBetweenTeams: boolean;
  /** Who wins first, then the others by since when. */
  readonly parties: readonly Party[];
};

/** Sources that are read once a month have been read since. */
const unconfirmedDays = 30;

const reasons: Readonly<Record<EdgeConflict['kind'], string>> = {
  'opposite-overrides': 'of two overrides the one that was set last stands',
  'claimed-though-suppressed': 'an override stands over what anybody claims',
  'unconfirmed-addition': 'an override stands until it ends or is withdrawn',
};

/**
 * What contradicts each other in what is said of one edge, ended claims included; undefined when nothing does, or no
 * override stands. An override that another took the place of still counts until it would have ended, unless its author or
 * somebody of its teams has said otherwise since. `owners` are the teams that own the entity at which the edge begins.
 */
export function edgeConflict(
  said: readonly EdgeClaim[],
  owners: readonly string[],
  now: Instant,
): EdgeConflict | undefined {
  const overrides = said.filter(isOverride).toSorted(byTime);
  const standing = overrides.at(-1);
  if (standing === undefined || standing.validTo !== undefined || isExpired(standing, now)) return undefined;
  const claims = said.filter((claim) => !isOverride(claim) && holdsAt(claim, undefined));
  const replaced = opposed(overrides, standing, now);
  const against = standing.suppresses === undefined ? [] : claims;
  const kind = kindOf({ standing, replaced, against, isAlone: claims.length === 0 }, now);
  if (kind === undefined) return undefined;
  const others = [...replaced, ...against].map((claim) => partyOf(claim, owners)).toSorted(bySince);
  const winner = partyOf(standing, owners);
  const [first] = others;
  return {
    kind,
    wins: winner.says,
    why: reasons[kind],
    since: first !== undefined && first.since > winner.since ? first.since : winner.since,
    isBetweenTeams: others.some(
      ({ teams }) => teams.length > 0 && winner.teams.length > 0 && areApart(teams, winner.teams),
    ),
    parties: [winner, ...others],
  };
}

type Sides = {
  readonly standing: EdgeClaim;
  readonly replaced: readonly EdgeClaim[];
  readonly against: readonly EdgeClaim[];
  readonly isAlone: boolean;
};

function kindOf({ standing, replaced, against, isAlone }: Sides, now: Instant): EdgeConflict['kind'] | undefined {
  if (replaced.length > 0) return 'opposite-overrides';
  if (against.length > 0) return 'claimed-though-suppressed';
  const age = toMillis(now) - toMillis(standing.validFrom);
  const isLong = age >= unconfirmedDays * dayMillis;
  return standing.suppresses === undefined && isAlone && isLong ? 'unconfirmed-addition' : undefined;
}

/** The last words of others, of those that one took the place of another up to the one that stands. */
function opposed(overrides: readonly EdgeClaim[], standing: EdgeClaim, now: Instant): readonly EdgeClaim[] {
  const later: EdgeClaim[] = [standing];
  const found: EdgeClaim[] = [];
  for (const override of overrides.slice(0, -1).toReversed()) {
    if (override.validTo !== later.at(-1)?.validFrom) break;
    const isLastWord = later.every((each) => isOfOthers(override, each));
    const wouldStand = override.expiresAt === undefined || override.expiresAt > now;
    if (isLastWord && wouldStand && override.suppresses !== standing.suppresses) found.push(override);
    later.push(override);
  }
  return found;
}

export const isOverride = ({ provenance }: EdgeClaim) => provenance === 'override';

function isOfOthers(one: EdgeClaim, other: EdgeClaim): boolean {
  return one.claimant !== other.claimant && areApart(one.claimantTeams ?? [], other.claimantTeams ?? []);
}

function areApart(some: readonly string[], others: readonly string[]): boolean {
  return !some.some((team) => others.includes(team));
}

function partyOf(claim: EdgeClaim, owners: readonly string[]): Party {
  const { claimant, provenance, suppresses, evidence, validFrom, validTo } = claim;
  const teams = { override: claim.claimantTeams ?? [], inferred: [], declared: owners, discovered: owners };
  return {
    claimant,
    provenance,
    says: suppresses === undefined ? 'holds' : 'does-not-hold',
    teams: teams[provenance],
    ...(evidence !== undefined && { reason: evidence }),
    since: validFrom,
    ...(validTo !== undefined && { until: validTo }),
  };
}

const bySince = (a: Party, b: Party) => order(a.since, b.since) || order(a.claimant, b.claimant);

// By the end, for of two that were set at once by different clocks the one that was replaced may seem to begin later.
function byTime(a: Pick<EdgeClaim, 'validFrom' | 'validTo'>, b: typeof a): number {
  return order(a.validTo ?? '~', b.validTo ?? '~') || order(a.validFrom, b.validFrom);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

export type ContestedEdge = Edge & { readonly conflict: EdgeConflict };
