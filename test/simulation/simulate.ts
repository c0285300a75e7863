import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { runHistory } from './history.ts';
import type { History } from './history-figures.ts';

// Simulated histories of retrains: `npm run simulate`, one of them again by `npm run simulate -- --seed 17`.

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    histories: { type: 'string', default: '10000' },
  },
});
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.histories) : 1;

const [started, before] = [performance.now(), process.cpuUsage()];
const histories: History[] = [];
for (let seed = first; seed < first + count; seed += 1) {
  const history = await runHistory(seed);
  histories.push(history);
  if (history.violation !== undefined) console.log(`seed ${seed}: ${history.violation}`);
}
const seconds = (performance.now() - started) / 1_000;
const { user, system } = process.cpuUsage(before);
const sum = (of: (history: History) => number) => histories.reduce((total, history) => total + of(history), 0);
const violations = histories.filter(({ violation }) => violation !== undefined).length;

console.log(
  [
    `histories      ${count}, seeds ${first} to ${first + count - 1}`,
    `violations     ${violations}`,
    `retrains       ${sum(({ retrains }) => retrains)}, of which ${sum(({ requeues }) => requeues)} times back to the queue`,
    `trainings      ${sum(({ trainings }) => trainings)}`,
    `turns          ${sum(({ steps }) => steps)}`,
    `run time       ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of a processor`,
    `histories/s    ${(count / seconds).toFixed(0)}, load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores`,
    'endings',
    ...endings(),
  ].join('\n'),
);
if (violations > 0) process.exitCode = 1;

function endings(): readonly string[] {
  const counts = new Map<string, number>();
  for (const history of histories)
    for (const [ending, times] of history.endings) counts.set(ending, (counts.get(ending) ?? 0) + times);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([ending, times]) => `${String(times).padStart(8)}  ${ending}`);
}
