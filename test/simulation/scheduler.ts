import { type Instant, toInstant } from '../../shared/domain/time.ts';

/** A process that may die at any of its calls; what it would have done next never happens. */
export type Process = { isDead: boolean; readonly onDeath: (error: string) => void; readonly deathRate: number };

/** How often a call takes long, and for how long at most. */
const slowness = { rate: 0.03, seconds: 90 };

export type Scheduler = ReturnType<typeof createScheduler>;

/**
 * Virtual time, and processes that take turns at each of their calls in an order drawn from `random`: the same numbers
 * give the same history. As in FoundationDB's simulator (Zhou et al., SIGMOD 2021, section 4).
 */
export function createScheduler(random: () => number, startsAt: number) {
  let clock = startsAt;
  const ready: (() => void)[] = [];
  const timers = createTimers();
  let steps = 0;

  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const happens = (rate: number) => random() < rate;
  const later = (seconds: number, run: () => void) => timers.add(clock + Math.ceil(seconds * 1_000), run);

  return {
    random,
    pick,
    happens,
    between: (from: number, to: number) => from + random() * (to - from),
    millis: () => clock,
    now: (): Instant => toInstant(clock),
    later,
    steps: () => steps,
    sleep: (seconds: number) => new Promise<void>((resolve) => later(seconds, resolve)),
    /** Where a process lets others go first, is slow, or dies. */
    turn: (process: Process) =>
      new Promise<void>((resolve) => {
        const go = () => {
          if (!process.isDead) resolve();
        };
        if (process.isDead) return;
        if (happens(process.deathRate)) {
          process.isDead = true;
          ready.push(() => process.onDeath(pick(['Lambda.Unknown', 'Runtime.ExitError'])));
        } else if (happens(slowness.rate)) later(random() * slowness.seconds, go);
        else ready.push(go);
      }),
    /** Until nothing is left to do, `isOver`, or `until`. */
    run: async (until: number, isOver: () => boolean) => {
      while (!isOver()) {
        if (ready.length > 0) {
          const at = Math.floor(random() * ready.length);
          const [next] = ready.splice(at, 1);
          next!();
        } else {
          const timer = timers.take();
          if (timer === undefined || timer.at > until) return;
          clock = Math.max(clock, timer.at);
          timer.run();
        }
        steps += 1;
        await settle();
      }
    },
  };
}

/** Whatever can go on without the scheduler has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

type Timer = { readonly at: number; readonly order: number; readonly run: () => void };

/** Earliest first, then in the order in which they were added: a binary heap. */
function createTimers() {
  const heap: Timer[] = [];
  let added = 0;
  const isBefore = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order);
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  };
  return {
    add(at: number, run: () => void): void {
      heap.push({ at, order: added, run });
      added += 1;
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!isBefore(heap[child]!, heap[parent]!)) return;
        swap(child, parent);
        child = parent;
      }
    },
    take(): Timer | undefined {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      for (let parent = 0; ; ) {
        const [left, right] = [2 * parent + 1, 2 * parent + 2];
        let least = parent;
        if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
        if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
        if (least === parent) return first;
        swap(parent, least);
        parent = least;
      }
    },
  };
}
