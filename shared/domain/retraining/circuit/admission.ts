import { type Instant, minuteMillis, toInstant, toMillis } from '../../time.ts';
import type { CircuitLimits, CircuitState, DrainStart, Probe } from './circuit.ts';

/** `retryAt`: when a start may be let through at the earliest. */
export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAt: Instant };

/** Whether a start other than those under way would be let through now. */
export function admission(state: CircuitState, limits: CircuitLimits, now: Instant): Admission {
  switch (state.status) {
    case 'closed':
      return { admitted: true };
    case 'open':
      return now >= state.until ? { admitted: true } : { admitted: false, retryAt: state.until };
    case 'half-open':
      return room(
        openProbes(state.probes, now).map(({ until }) => until),
        limits.probes,
      );
    case 'draining':
      if (now >= state.until) return { admitted: true };
      return room(
        recentStarts(state.starts, now).map(({ at }) => minuteAfter(at)),
        limits.drainStartsPerMinute,
      );
  }
}

/** How many more starts would be let through now. */
export function placesOf(state: CircuitState, limits: CircuitLimits, now: Instant): number {
  switch (state.status) {
    case 'closed':
      return Number.POSITIVE_INFINITY;
    case 'open':
      return now >= state.until ? limits.probes : 0;
    case 'half-open':
      return Math.max(0, limits.probes - openProbes(state.probes, now).length);
    case 'draining':
      return Math.max(0, limits.drainStartsPerMinute - recentStarts(state.starts, now).length);
  }
}

export function openProbes(probes: readonly Probe[], now: Instant): readonly Probe[] {
  return probes.filter(({ until }) => until > now);
}

export function recentStarts(starts: readonly DrainStart[], now: Instant): readonly DrainStart[] {
  return starts.filter(({ at }) => minuteAfter(at) > now);
}

/** Taken places become free at `frees`. */
function room(frees: readonly Instant[], places: number): Admission {
  const [first] = frees.toSorted();
  return frees.length < places || first === undefined ? { admitted: true } : { admitted: false, retryAt: first };
}

function minuteAfter(instant: Instant): Instant {
  return toInstant(toMillis(instant) + minuteMillis);
}
