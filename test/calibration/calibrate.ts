import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { calibrationText } from './calibration-text.ts';
import { cells, sizes } from './cells.ts';
import { looksCells, simulateLooks } from './looks.ts';
import { powerCells } from './power.ts';
import { failures } from './report.ts';
import { runAll } from './run-all.ts';
import type { Done, Task } from './worker.ts';
import { writeSection } from './write-section.ts';

// False-alarm rates and power of every detector: `npm run calibrate`. `--quick` takes few runs (its bounds say little),
// `--effort 5` five times as many, `--write` rewrites docs/calibration.md. Exits with 1 when a cell fails.

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    effort: { type: 'string', default: '1' },
    only: { type: 'string' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
  },
});
const effort = values.quick ? 0.02 : Number(values.effort);
const threads = Number(values.threads);
const started = process.hrtime.bigint();

const chosen = cells(effort).filter(({ detector }) => values.only === undefined || detector.startsWith(values.only));
const power = values.only === undefined ? powerCells(sizes, Math.ceil(100 * effort)) : [];
const tasks = [...chosen.map((falseAlarms) => ({ falseAlarms })), ...power.map((cell) => ({ power: cell }))];
const done = await runAll<Task, Done>(new URL('./worker.ts', import.meta.url), tasks, threads, (count) => {
  if (count % 50 === 0) console.error(`${count} of ${tasks.length} situations`);
});
const falseAlarms = done.flatMap((each) => ('falseAlarms' in each ? [each.falseAlarms] : []));
const powers = done.flatMap((each) => ('power' in each ? [each.power] : []));
const looks = looksCells().map((cell, i) => simulateLooks(cell, Math.ceil(100 * effort), 20_000 + i));
const minutes = Number(process.hrtime.bigint() - started) / 60e9;

const text = calibrationText({ falseAlarms, powers, looks, effort, threads, minutes });
console.log(text);
if (values.write) writeSection('npm run calibrate', text);
const failed = failures(falseAlarms);
for (const each of failed) console.error(`FAILS: ${each}`);
if (failed.length > 0 && !values.quick) process.exitCode = 1;
