import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { daySpreads } from './canary-days.ts';
import { fixedHorizonHours } from './canary-fixed.ts';
import { canaryCells, effortOf } from './canary-situations.ts';
import { canaryText } from './canary-text.ts';
import type { CanaryDone, CanaryTask } from './canary-worker.ts';
import { runAll } from './run-all.ts';
import { writeSection } from './write-section.ts';

// How often rollouts end wrongly when they are looked at every hour, and what they find: `npm run calibrate:canary`.
// `--rollouts 1000` of the situations that matter most, fewer of the others, `--seed` the first seed, `--write` rewrites docs/calibration.md. Exits with 1 when a
// judged error may exceed its level.

const { values } = parseArgs({
  options: {
    rollouts: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    write: { type: 'boolean', default: false },
  },
});
const [rollouts, seed, threads] = [Number(values.rollouts), Number(values.seed), Number(values.threads)];
const started = process.hrtime.bigint();
console.error(`${rollouts} rollouts of a situation at most, seeds from ${seed}`);

const portion = 250;
/** No two situations share a seed. */
function seedsOf(place: number, effort: number) {
  const runs = Math.ceil(rollouts * effort);
  return Array.from({ length: Math.ceil(runs / portion) }, (_, i) => {
    const from = seed + place * rollouts + i * portion;
    return { from, to: from + Math.min(portion, runs - i * portion) };
  });
}
const drop = canaryCells.find(
  ({ situation }) => situation.businessChange === -0.03 && situation.weather.sharedDay > 0,
)!;
const tasks: readonly CanaryTask[] = [
  ...canaryCells.flatMap((each, cell) => {
    const { situation } = each;
    return seedsOf(cell, effortOf(each)).map((seeds) => ({ kind: 'rollouts' as const, cell, situation, ...seeds }));
  }),
  ...[0.8, 0.95].flatMap((power, i) =>
    seedsOf(canaryCells.length + i, 0.25).map((seeds) => ({
      kind: 'fixed' as const,
      situation: drop.situation,
      hours: fixedHorizonHours(drop.situation.rowsPerHour, power),
      ...seeds,
    })),
  ),
  ...daySpreads.flatMap((spread, i) =>
    seedsOf(canaryCells.length + 2 + i, 0.25).map((seeds) => ({ kind: 'days' as const, spread, ...seeds })),
  ),
];
const done = await runAll<CanaryTask, CanaryDone>(
  new URL('./canary-worker.ts', import.meta.url),
  tasks,
  threads,
  (n) => {
    if (n % 50 === 0) console.error(`${n} of ${tasks.length} portions`);
  },
);
const minutes = Number(process.hrtime.bigint() - started) / 60e9;
const { text, failures } = canaryText(done, { rollouts, seed, minutes, threads });
console.log(text);
if (values.write) writeSection('npm run calibrate:canary', text);
for (const each of failures) console.error(`FAILS: ${each}: errors may exceed the level`);
if (failures.length > 0) process.exitCode = 1;
