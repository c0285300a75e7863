import { setTimeout as delay } from 'node:timers/promises';
import type { SettableClock } from './clock.ts';
import type { WorkSource } from './types.ts';

export interface Pump {
  /** Works until no source finds anything to do and every idle probe says that it is idle (true). */
  pump(): Promise<void>;
  /** Pumps, then moves from one due moment to the next up to `time` (milliseconds), pumping at each. */
  advanceTo(time: number): Promise<void>;
  /** For the wall clock: looks for work every 100 ms of real time, also while an invocation is under way. */
  start(): void;
  /** Ends the timer and lets what is under way finish. Later calls do nothing. */
  stop(): Promise<void>;
}

export type PumpOptions = {
  readonly clock: SettableClock;
  readonly sources: readonly WorkSource[];
  readonly idleProbes: readonly (() => Promise<boolean> | boolean)[];
  readonly log: (message: string) => void;
};

const tickMilliseconds = 100;
// A busy probe is asked again soon, then less and less often: a trainer may take minutes.
const shortestPauseMilliseconds = 5;
const longestPauseMilliseconds = 50;

/** The heart of the embedded cloud: it drives all asynchronous work. Calls are served one after another. */
export function createPump(options: PumpOptions): Pump {
  const { clock, sources, idleProbes, log } = options;
  let tail: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  /** Whether the source must look again, because something was done since it began. */
  const busySources = new Map<WorkSource, boolean>();
  const waiting: (() => void)[] = [];
  let worksDone = 0;

  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  }

  async function pumpSource(source: WorkSource): Promise<boolean> {
    try {
      return await source.pump();
    } catch (error) {
      // Counts as nothing done: a source that is broken must not keep the pump turning for ever.
      log(`${source.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return false;
    }
  }

  /** Lets a source work, and then every source again if it did anything. */
  async function look(source: WorkSource): Promise<void> {
    const isBusy = busySources.has(source);
    busySources.set(source, isBusy);
    if (isBusy) return;
    const didSomething = await pumpSource(source);
    const isOutdated = busySources.get(source) === true;
    busySources.delete(source);
    if (didSomething) worksDone++;
    if (didSomething) lookEverywhere();
    else if (isOutdated && !isStopped) void look(source);
    if (busySources.size > 0) return;
    for (const resume of waiting.splice(0)) resume();
  }

  function lookEverywhere(): void {
    for (const source of isStopped ? [] : sources) void look(source);
  }

  /** Resolves, when no source finds anything any more, to whether anything was done. */
  async function drain(): Promise<boolean> {
    const before = worksDone;
    lookEverywhere();
    if (busySources.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return worksDone > before;
  }

  async function isIdle(): Promise<boolean> {
    const answers = await Promise.all(idleProbes.map((probe) => probe()));
    return !answers.includes(false);
  }

  async function settle(): Promise<void> {
    let pause = shortestPauseMilliseconds;
    while (!isStopped) {
      const didAnything = await drain();
      if (await isIdle()) {
        // What a probe's owner did until it fell idle may have brought new work.
        if (idleProbes.length === 0 || !(await drain())) return;
        continue;
      }
      pause = didAnything ? shortestPauseMilliseconds : Math.min(pause * 1.5, longestPauseMilliseconds);
      await delay(pause);
    }
  }

  function nextMoment(until: number): number | undefined {
    const now = clock.now();
    const moments = sources.map((source) => source.nextWakeAt()).filter((moment) => moment !== undefined);
    const future = moments.filter((moment) => moment > now && moment <= until);
    return future.length === 0 ? undefined : Math.min(...future);
  }

  async function advance(until: number): Promise<void> {
    await settle();
    while (!isStopped && clock.now() < until) {
      clock.set(nextMoment(until) ?? until);
      await settle();
    }
  }

  return {
    pump: () => inTurn(settle),
    advanceTo: (time) => inTurn(() => advance(time)),
    start() {
      timer ??= setInterval(lookEverywhere, tickMilliseconds);
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await drain();
      await tail;
    },
  };
}
