import { setTimeout as delay } from 'node:timers/promises';
import type { SettableClock } from './clock.ts';
import type { WorkSource } from './types.ts';

export interface Pump {
  /** Works until a full round found nothing to do and every idle probe says idle. */
  pump(): Promise<void>;
  /** Pumps, then moves from one due moment to the next up to `time` (milliseconds), pumping at each. */
  advanceTo(time: number): Promise<void>;
  /** Pumps every 100 ms of real time, for the wall clock; does not wait for idle probes. */
  start(): void;
  /** Ends the timer and lets the round that is under way finish. Later calls do nothing. */
  stop(): Promise<void>;
}

export type PumpOptions = {
  readonly clock: SettableClock;
  /** Read anew in each round, so sources may be added later. */
  readonly sources: readonly WorkSource[];
  readonly idleProbes: readonly (() => Promise<boolean> | boolean)[];
  readonly log: (message: string) => void;
};

const tickMilliseconds = 100;
// A busy probe is asked again soon, then less and less often: a trainer may take minutes.
const shortestPauseMilliseconds = 5;
const longestPauseMilliseconds = 50;

/** The heart of the embedded cloud: all asynchronous work happens in its rounds. Calls are served one after another. */
export function createPump(options: PumpOptions): Pump {
  const { clock, sources, idleProbes, log } = options;
  let tail: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

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

  async function drain(): Promise<boolean> {
    for (let didAnything = false; ; didAnything = true) {
      const results = isStopped ? [] : await Promise.all(sources.map(pumpSource));
      if (!results.includes(true)) return didAnything;
    }
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

  async function tick(): Promise<void> {
    await inTurn(async () => void (await drain()));
    if (!isStopped) timer = setTimeout(tick, tickMilliseconds);
  }

  return {
    pump: () => inTurn(settle),
    advanceTo: (time) => inTurn(() => advance(time)),
    start() {
      timer ??= setTimeout(tick, tickMilliseconds);
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await tail;
    },
  };
}
