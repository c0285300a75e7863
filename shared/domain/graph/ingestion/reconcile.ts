import { type Instant, minuteMillis, toMillis } from '../../time.ts';

/**
 * A full comparison with what a provider has. `held`: so much was missing that nothing was retired. It goes on from
 * `cursor`, whoever takes the next step.
 */
export type Reconcile = {
  /** Counts the provider's reconciles. */
  readonly generation: number;
  readonly status: 'listing' | 'retiring' | 'succeeded' | 'held' | 'failed';
  readonly startedBy: string;
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
  readonly endedAt?: Instant;
  /** Retires however much is missing. */
  readonly isForced: boolean;
  readonly cursor?: string;
  /** Pages listed. */
  readonly pages: number;
  /** The provider's counter of readings when it began: what was read since is not judged by this listing. */
  readonly ticket: number;
  /** Attempts in a row that got nowhere. */
  readonly attempts: number;
  readonly counts: ReconcileCounts;
  /** Things in the graph that it said nothing of, since the provider does not list their kind; known at its end. */
  readonly notCompared?: number;
  /** Why it was held or failed, or what the last attempt failed of. */
  readonly reason?: string;
  /** Generation that listed everything last; what it knew of versions need not be read again. */
  readonly previous?: number;
  readonly succeededAt?: Instant;
};

export type ReconcileCounts = {
  readonly listed: number;
  /** Read one by one, because new or changed. */
  readonly hydrated: number;
  /** Could not be read; the next reconcile tries again. */
  readonly failed: number;
  readonly changed: number;
  readonly retired: number;
};

export const noCounts: ReconcileCounts = { listed: 0, hydrated: 0, failed: 0, changed: 0, retired: 0 };

/** A step takes minutes at most: without one for as long, whoever took them is gone. */
const stalledMinutes = 20;
export const maximumStepAttempts = 10;
const implausibleRatio = 0.5;
/** Fewer may well go at once. */
const fewSubjects = 5;

export function isReconciling({ status }: Reconcile): boolean {
  return status === 'listing' || status === 'retiring';
}

export function isStalled({ updatedAt }: Reconcile, now: Instant): boolean {
  return toMillis(now) - toMillis(updatedAt) >= stalledMinutes * minuteMillis;
}

/** Whether the next one is to begin. */
export function isDue(latest: Reconcile | undefined, everyMinutes: number, now: Instant): boolean {
  if (latest === undefined) return true;
  return !isReconciling(latest) && toMillis(now) - toMillis(latest.startedAt) >= everyMinutes * minuteMillis;
}

export function beginReconcile(
  latest: Reconcile | undefined,
  by: Pick<Reconcile, 'startedBy' | 'isForced' | 'ticket'>,
  now: Instant,
): Reconcile {
  const { previous, succeededAt } = latest ?? {};
  return {
    ...by,
    generation: (latest?.generation ?? 0) + 1,
    status: 'listing',
    startedAt: now,
    updatedAt: now,
    pages: 0,
    attempts: 0,
    counts: noCounts,
    ...(previous !== undefined && { previous }),
    ...(succeededAt !== undefined && { succeededAt }),
  };
}

/** Of a provider that was deleted: nothing is known of its things any more, only the count goes on. */
export function forgotten(latest: Reconcile, now: Instant): Reconcile {
  const { previous: _previous, succeededAt: _succeededAt, cursor: _cursor, ...reconcile } = latest;
  return { ...reconcile, status: 'failed', reason: 'the provider was deleted', updatedAt: now, endedAt: now };
}

/** The next page was read; without a cursor it was the last. */
export function pageListed(
  { cursor: _cursor, reason: _reason, ...reconcile }: Reconcile,
  page: { readonly cursor?: string | undefined; readonly counts: Omit<ReconcileCounts, 'retired'> },
  now: Instant,
): Reconcile {
  const counts = addCounts(reconcile.counts, { ...page.counts, retired: 0 });
  const pages = reconcile.pages + 1;
  return page.cursor === undefined
    ? { ...reconcile, status: 'retiring', pages, counts, attempts: 0, updatedAt: now }
    : { ...reconcile, cursor: page.cursor, pages, counts, attempts: 0, updatedAt: now };
}

/** What no longer exists was retired. */
export function reconciled(
  { reason: _reason, ...reconcile }: Reconcile,
  { retired, notCompared }: { readonly retired: number; readonly notCompared: number },
  now: Instant,
): Reconcile {
  const counts = addCounts(reconcile.counts, { ...noCounts, retired });
  const ended = { updatedAt: now, endedAt: now, succeededAt: now, attempts: 0 };
  return { ...reconcile, ...ended, counts, notCompared, status: 'succeeded', previous: reconcile.generation };
}

export function held(
  reconcile: Reconcile,
  { reason, notCompared }: { readonly reason: string; readonly notCompared: number },
  now: Instant,
): Reconcile {
  return { ...reconcile, status: 'held', reason, notCompared, updatedAt: now, endedAt: now };
}

/** A step got nowhere; after too many in a row the reconcile has failed, and what was not listed stays. */
export function stepFailed(reconcile: Reconcile, reason: string, now: Instant): Reconcile {
  const attempts = reconcile.attempts + 1;
  return attempts >= maximumStepAttempts
    ? { ...reconcile, attempts, reason, status: 'failed', updatedAt: now, endedAt: now }
    : { ...reconcile, attempts, reason, updatedAt: now };
}

/** Whether so much is missing that the listing is to be doubted rather than the graph. */
export function isImplausible({ missing, present }: { readonly missing: number; readonly present: number }): boolean {
  if (missing === 0) return false;
  return missing === present || (missing > fewSubjects && missing > present * implausibleRatio);
}

function addCounts(a: ReconcileCounts, b: ReconcileCounts): ReconcileCounts {
  return {
    listed: a.listed + b.listed,
    hydrated: a.hydrated + b.hydrated,
    failed: a.failed + b.failed,
    changed: a.changed + b.changed,
    retired: a.retired + b.retired,
  };
}

/** Three intervals without one that succeeded, counted from the last that did or from when the provider was configured. */
export function isLate(since: Instant, everyMinutes: number, now: Instant): boolean {
  return toMillis(now) - toMillis(since) > 3 * everyMinutes * minuteMillis;
}
