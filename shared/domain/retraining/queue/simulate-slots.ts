import { createMinHeap, type MinHeap } from './min-heap.ts';

/** Jobs are numbers, the more urgent the smaller. Times are milliseconds since the epoch. */
export type SlotSimulation = {
  readonly jobCount: number;
  /** Jobs that run already have ended with `end`; they start at no time that matters. */
  readonly running: readonly { readonly groups: readonly number[]; readonly end: number }[];
  /** How many jobs of each group may run at once; group 0 is every job's. */
  readonly capacities: readonly number[];
  /** The groups of a job besides 0. */
  readonly groupsOf: (job: number) => readonly number[];
  readonly durationOf: (job: number) => number;
  /** First time, not before `at`, at which the job may start; `at` when it may. @default always */
  readonly opensAt?: (job: number, at: number) => number;
  /** So many start together, and the next when all of them have ended. @default as slots come free */
  readonly batchSize?: number | undefined;
  /** Called when a job has started; what it makes ready is passed to `ready`. */
  readonly onStart?: (job: number, at: number, batch: number) => void;
  readonly onEnd?: (job: number, at: number, ready: (job: number, at: number) => void) => void;
};

/**
 * When each job starts if the most urgent one that may start always does: list scheduling (Graham 1966) in event time.
 * `NaN` for a job that was never ready or whose group has no capacity.
 */
export function simulateSlots(simulation: SlotSimulation, ready: readonly (readonly [number, number])[]): Float64Array {
  const { jobCount, capacities, groupsOf, durationOf, opensAt, batchSize, onStart, onEnd } = simulation;
  const starts = new Float64Array(jobCount).fill(Number.NaN);
  const used = capacities.map(() => 0);
  const parked = new Map<number, MinHeap>();
  const waiting = createMinHeap();
  // Below `jobCount` a job is ready, from there on a job has ended, and beyond those one of the running ones.
  const events = createMinHeap();
  let [batch, leftInBatch] = [0, 0];
  let active = 0;

  function makeReady(job: number, at: number): void {
    events.push(at, job);
  }

  function release(group: number): void {
    const heap = parked.get(group);
    if (heap === undefined || heap.size === 0 || used[group]! >= capacities[group]!) return;
    const job = heap.pop();
    waiting.push(job, job);
  }

  function take(groups: readonly number[]): void {
    active += 1;
    used[0]! += 1;
    for (const group of groups) used[group]! += 1;
  }

  function free(groups: readonly number[]): void {
    active -= 1;
    used[0]! -= 1;
    for (const group of groups) {
      used[group]! -= 1;
      release(group);
    }
  }

  function happen(event: number, at: number): void {
    if (event < jobCount) waiting.push(event, event);
    else if (event < 2 * jobCount) {
      free(groupsOf(event - jobCount));
      onEnd?.(event - jobCount, at, makeReady);
    } else free(simulation.running[event - 2 * jobCount]!.groups);
  }

  function park(job: number, full: number): void {
    const heap = parked.get(full) ?? createMinHeap();
    parked.set(full, heap);
    heap.push(job, job);
    // What it was let out for is still free, for another.
    for (const group of groupsOf(job)) if (group !== full) release(group);
  }

  function mayStart(): boolean {
    if (waiting.size === 0 || used[0]! >= capacities[0]!) return false;
    if (batchSize === undefined || leftInBatch > 0) return true;
    return active === 0;
  }

  function start(job: number, at: number): void {
    if (batchSize !== undefined && leftInBatch === 0) {
      batch += 1;
      leftInBatch = batchSize;
    }
    leftInBatch -= 1;
    take(groupsOf(job));
    starts[job] = at;
    onStart?.(job, at, batch);
    events.push(at + durationOf(job), jobCount + job);
  }

  function startAll(at: number): void {
    while (mayStart()) {
      const job = waiting.pop();
      const opening = opensAt?.(job, at) ?? at;
      const full = groupsOf(job).find((group) => used[group]! >= capacities[group]!);
      if (opening > at) events.push(opening, job);
      else if (full !== undefined) park(job, full);
      else start(job, at);
    }
    // Those that come later belong to the next batch.
    leftInBatch = 0;
  }

  for (const [index, { groups, end }] of simulation.running.entries()) {
    take(groups);
    events.push(end, 2 * jobCount + index);
  }
  for (const [job, at] of ready) events.push(at, job);
  for (let at = events.peekKey(); at !== undefined; at = events.peekKey()) {
    while (events.peekKey() === at) happen(events.pop(), at);
    startAll(at);
  }
  return starts;
}
