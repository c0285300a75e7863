/** Keeps calls to a provider apart. */
export type Pace = {
  /** Comes back when the next call may be made. */
  readonly take: () => Promise<void>;
  /** Waits before another attempt, after `attempt` of them failed. */
  readonly backOff: (attempt: number) => Promise<void>;
};

export type PaceOptions = {
  readonly callsPerSecond: number;
  /** Milliseconds, of a clock that only goes forward. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** 0..1 */
  readonly random: () => number;
};

const firstBackOffMilliseconds = 200;

/**
 * A token bucket that holds a second's calls. Between attempts it waits exponentially longer with full jitter (Brooker,
 * *Exponential Backoff And Jitter*, AWS Architecture Blog 2015).
 */
export function createPace({ callsPerSecond, clock, sleep, random }: PaceOptions): Pace {
  const interval = 1_000 / callsPerSecond;
  const burst = Math.max(1, callsPerSecond);
  // When the last call that was promised would be made, were they evenly spread.
  let promised = Number.NEGATIVE_INFINITY;
  return {
    take: async () => {
      const now = clock();
      promised = Math.max(promised + interval, now - (burst - 1) * interval);
      if (promised > now) await sleep(promised - now);
    },
    backOff: (attempt) => sleep(random() * firstBackOffMilliseconds * 2 ** attempt),
  };
}
