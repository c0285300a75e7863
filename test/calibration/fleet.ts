import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { fleetText } from './fleet-text.ts';
import type { Month } from './fleet-worker.ts';
import { runAll } from './run-all.ts';
import { writeSection } from './write-section.ts';

// A month of a fleet in which nothing drifts, and five models that do, many times: `npm run calibrate:fleet`.
// `--seeds 50` months, `--write` rewrites docs/calibration.md. Exits with 1 when alarms may exceed the budget or a drift
// is missed.

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    write: { type: 'boolean', default: false },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const threads = Number(values.threads);
const started = process.hrtime.bigint();
const months = await runAll<number, Month>(new URL('./fleet-worker.ts', import.meta.url), seeds, threads, (count) => {
  console.error(`${count} of ${seeds.length} months`);
});
const minutes = Number(process.hrtime.bigint() - started) / 60e9;
const { text, isWithinBudget, areAllFound } = fleetText(months, { threads, minutes });
console.log(text);
if (values.write) writeSection('npm run calibrate:fleet', text);
if (!isWithinBudget) console.error('FAILS: the alarms may exceed the budget');
if (!areAllFound) console.error('FAILS: a drift was not found');
if (!(isWithinBudget && areAllFound)) process.exitCode = 1;
