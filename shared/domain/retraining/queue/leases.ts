import { illegalTransition } from '../../errors.ts';
import { type Instant, toInstant, toMillis } from '../../time.ts';

/** A worker's right to run a retrain until `expiresAt`, unless it says before then that it is alive. */
export type Lease = {
  readonly retrainId: string;
  readonly worker: string;
  /** From 1; a worker that comes back with an older one has lost the retrain. */
  readonly attempt: number;
  readonly expiresAt: Instant;
};

export type Leases = {
  readonly active: readonly Lease[];
  /** Attempts so far of retrains that came back and wait again, by retrain. */
  readonly attempts: Readonly<Record<string, number>>;
};

type Of<T extends string, D> = {
  readonly type: T;
  readonly schemaVersion: 1;
  readonly retrainId: string;
} & Readonly<D>;

export type LeaseEvent =
  | Of<'LeaseGranted', { worker: string; attempt: number; expiresAt: Instant }>
  | Of<'LeaseExtended', { attempt: number; expiresAt: Instant }>
  | Of<'LeaseEnded', { attempt: number }>
  /** The worker was not heard of in time. `back-in-queue` waits for another one; `given-up` has had its attempts. */
  | Of<'LeaseLapsed', { attempt: number; worker: string; outcome: 'back-in-queue' | 'given-up' }>;

export type LeaseCommand =
  | { readonly type: 'GrantLease'; readonly retrainId: string; readonly worker: string; readonly leaseSeconds: number }
  | {
      readonly type: 'ExtendLease';
      readonly retrainId: string;
      readonly attempt: number;
      readonly leaseSeconds: number;
    }
  | { readonly type: 'EndLease'; readonly retrainId: string; readonly attempt: number }
  /** Takes back every lease that has run out. */
  | { readonly type: 'ReturnLapsed'; readonly maximumAttempts: number };

export const noLeases: Leases = { active: [], attempts: {} };

/**
 * Nothing when the command was done before. Throws `IllegalTransition` when the retrain is another worker's, or when a
 * worker speaks of an attempt that it has lost.
 */
export function decideLeases(command: LeaseCommand, state: Leases, now: Instant): readonly LeaseEvent[] {
  if (command.type === 'ReturnLapsed') return returnLapsed(command.maximumAttempts, state, now);
  const { retrainId } = command;
  const of = { schemaVersion: 1, retrainId } as const;
  const lease = state.active.find((active) => active.retrainId === retrainId);
  if (command.type === 'GrantLease') {
    if (lease !== undefined && lease.worker === command.worker) return [];
    if (lease !== undefined) throw illegalTransition(command.type, `leased by ${lease.worker}`, 'no lease');
    const attempt = (state.attempts[retrainId] ?? 0) + 1;
    return [
      { type: 'LeaseGranted', ...of, worker: command.worker, attempt, expiresAt: later(now, command.leaseSeconds) },
    ];
  }
  const { attempt } = command;
  if (lease === undefined || lease.attempt !== attempt) {
    // Ending what has ended is the same report again.
    if (command.type === 'EndLease' && lease === undefined && state.attempts[retrainId] === undefined) return [];
    throw illegalTransition(
      command.type,
      lease === undefined ? 'no lease' : `attempt ${lease.attempt}`,
      `attempt ${attempt}`,
    );
  }
  if (command.type === 'EndLease') return [{ type: 'LeaseEnded', ...of, attempt }];
  const expiresAt = later(now, command.leaseSeconds);
  // A late heartbeat that arrives before anybody noticed is a sign of life; an early one never shortens the lease.
  return expiresAt <= lease.expiresAt ? [] : [{ type: 'LeaseExtended', ...of, attempt, expiresAt }];
}

export function evolveLeases({ active, attempts }: Leases, event: LeaseEvent): Leases {
  const { retrainId, attempt } = event;
  const others = active.filter((lease) => lease.retrainId !== retrainId);
  const { [retrainId]: _, ...otherAttempts } = attempts;
  switch (event.type) {
    case 'LeaseGranted': {
      const { worker, expiresAt } = event;
      return { active: [...others, { retrainId, worker, attempt, expiresAt }], attempts: otherAttempts };
    }
    case 'LeaseExtended': {
      const { expiresAt } = event;
      return {
        active: active.map((lease) => (lease.retrainId === retrainId ? { ...lease, expiresAt } : lease)),
        attempts,
      };
    }
    case 'LeaseEnded':
      return { active: others, attempts: otherAttempts };
    case 'LeaseLapsed':
      return {
        active: others,
        attempts: event.outcome === 'given-up' ? otherAttempts : { ...otherAttempts, [retrainId]: attempt },
      };
  }
}

function returnLapsed(maximumAttempts: number, { active }: Leases, now: Instant): readonly LeaseEvent[] {
  return active
    .filter(({ expiresAt }) => expiresAt <= now)
    .map(({ retrainId, attempt, worker }) => ({
      type: 'LeaseLapsed',
      schemaVersion: 1,
      retrainId,
      attempt,
      worker,
      outcome: attempt >= maximumAttempts ? 'given-up' : 'back-in-queue',
    }));
}

function later(now: Instant, seconds: number): Instant {
  return toInstant(toMillis(now) + seconds * 1_000);
}
