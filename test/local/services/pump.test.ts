import { expect, test } from 'vitest';
import { createPump } from '../../../local/pump.ts';
import type { WorkSource } from '../../../local/types.ts';
import { minute, start, virtualTime } from './fixtures.ts';

function setUp(sources: readonly WorkSource[], idleProbes: readonly (() => boolean)[] = []) {
  const { clock } = virtualTime();
  const logged: string[] = [];
  const pump = createPump({ clock, sources, idleProbes, log: (message) => logged.push(message) });
  return { clock, pump, logged };
}

/** Work that falls due at fixed moments and notes when it was done. */
function alarm(name: string, moments: readonly number[], clock: () => number, done: string[]): WorkSource {
  const open = [...moments];
  return {
    name,
    async pump() {
      const isDue = open[0] !== undefined && open[0] <= clock();
      if (isDue) done.push(`${name} at ${(clock() - start) / minute}`);
      if (isDue) open.shift();
      return isDue;
    },
    nextWakeAt: () => open[0],
  };
}

test('advancing stops at every due moment, in order, and ends at the time asked for', async () => {
  const done: string[] = [];
  const now = () => clock.now();
  const early = alarm('early', [start + minute, start + 3 * minute], now, done);
  const late = alarm('late', [start + 2 * minute, start + 3 * minute, start + 9 * minute], now, done);
  const { clock, pump } = setUp([early, late]);
  await pump.advanceTo(start + 5 * minute);
  expect(done).toEqual(['early at 1', 'late at 2', 'early at 3', 'late at 3']);
  expect(clock.now()).toBe(start + 5 * minute);
});

test('pumping goes on until a round in which no source did anything', async () => {
  const handedOver = ['first', 'second', 'third'];
  let received = 0;
  let inTransit = 0;
  const consumer: WorkSource = {
    name: 'consumer',
    async pump() {
      const took = inTransit;
      received += took;
      inTransit = 0;
      return took > 0;
    },
    nextWakeAt: () => undefined,
  };
  const producer: WorkSource = {
    name: 'producer',
    async pump() {
      inTransit += handedOver.shift() === undefined ? 0 : 1;
      return inTransit > 0;
    },
    nextWakeAt: () => undefined,
  };
  await setUp([consumer, producer]).pump.pump();
  expect(received).toBe(3);
});

test('a long invocation of one source holds up no other', async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const seen: string[] = [];
  const slow: WorkSource = { name: 'slow', pump: () => promise, nextWakeAt: () => undefined };
  const steps = ['first', 'second'];
  const quick: WorkSource = {
    name: 'quick',
    async pump() {
      const step = steps.shift();
      if (step !== undefined) seen.push(step);
      // The slow invocation ends only after the quick source has found nothing more to do.
      else resolve(false);
      return step !== undefined;
    },
    nextWakeAt: () => undefined,
  };
  await setUp([slow, quick]).pump.pump();
  expect(seen).toEqual(['first', 'second']);
});

test('a source that throws is logged and the others go on', async () => {
  const done: string[] = [];
  const broken: WorkSource = {
    name: 'broken',
    pump: () => Promise.reject(new Error('no connection')),
    nextWakeAt: () => undefined,
  };
  const { pump, clock, logged } = setUp([broken, alarm('whole', [start], () => clock.now(), done)]);
  await pump.pump();
  expect(done).toEqual(['whole at 0']);
  expect(logged[0]).toContain('broken failed: Error: no connection');
});

test('time does not advance while a probe is busy, and work it brings is done first', async () => {
  const seen: number[] = [];
  let trainingLeft = 3;
  let hasResult = false;
  const results: WorkSource = {
    name: 'results',
    async pump() {
      const had = hasResult;
      if (had) seen.push(clock.now());
      hasResult = false;
      return had;
    },
    nextWakeAt: () => undefined,
  };
  const trainer = () => {
    if (trainingLeft === 0) return true;
    trainingLeft--;
    hasResult = trainingLeft === 0;
    return trainingLeft === 0;
  };
  const { pump, clock } = setUp([results], [trainer]);
  await pump.advanceTo(start + minute);
  expect(seen).toEqual([start]);
});

test('calls are served one after another', async () => {
  const { pump, clock } = setUp([]);
  const reached: number[] = [];
  const note = () => void reached.push((clock.now() - start) / minute);
  await Promise.all([1, 2, 3].map((minutes) => pump.advanceTo(start + minutes * minute).then(note)));
  expect(reached).toEqual([1, 2, 3]);
});

test('stopping ends the timer after the round under way', async () => {
  let rounds = 0;
  const started = Promise.withResolvers<void>();
  const source: WorkSource = {
    name: 'counted',
    async pump() {
      rounds++;
      started.resolve();
      return true;
    },
    nextWakeAt: () => undefined,
  };
  const { pump } = setUp([source]);
  pump.start();
  await started.promise;
  await pump.stop();
  const roundsAtStop = rounds;
  await pump.pump();
  expect(rounds).toBe(roundsAtStop);
});
