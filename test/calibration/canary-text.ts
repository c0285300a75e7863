import { rolloutSignificance, significancePerMetric } from '../../shared/domain/rollout/significance.ts';
import { upperBound } from './bounds.ts';
import { policy, type RolloutEnd } from './canary-rollout.ts';
import { type CanaryCell, canaryCells, rowsPerHour } from './canary-situations.ts';
import type { CanaryDone } from './canary-worker.ts';

type Of<K extends CanaryDone['kind']> = Extract<CanaryDone, { readonly kind: K }>;
type Run = { readonly rollouts: number; readonly seed: number; readonly minutes: number; readonly threads: number };
type CellEnds = { readonly cell: CanaryCell; readonly ends: readonly RolloutEnd[] };

/** What docs/calibration.md says of rollouts, and which errors may exceed their level. */
export function canaryText(done: readonly CanaryDone[], run: Run) {
  const cells = endsByCell(done);
  const days = sumDays(done.filter((each): each is Of<'days'> => each.kind === 'days'));
  const failures = [
    ...cells.flatMap(({ cell, ends }) => (cell.role === 'judged' && !isWithin(cell, ends) ? [nameOf(cell)] : [])),
    ...days.flatMap(({ spread, runs, fails, passes }) =>
      spread !== 'skewed' && upperBound(Math.max(fails, passes), runs) > significancePerMetric(2)
        ? [`day blocks, ${spread}`]
        : [],
    ),
  ];
  const text = `## Rollouts

\`npm run calibrate:canary -- --write\`, ${run.rollouts.toLocaleString('en')} rollouts of a situation at most (seeds from ${run.seed}), ${run.threads} threads, ${run.minutes.toFixed(1)} minutes beside other work.

Steps of ${policy.steps.slice(0, -1).join(', ')} %, judged by \`judgeStep\` **every hour**, for ${policy.maximumHoldHours} hours a step at most; ${rowsPerHour.toLocaleString('en')} rows an hour, a business metric of 20 %, loss margin
${100 * policy.nonInferiorityMarginRatio} %, business limit ${100 * policy.businessDropRatio} %. α is ${rolloutSignificance} for the whole rollout, ${significancePerMetric(2)} for each of the two metrics. Hours are autocorrelated (0.6). The bound is that of
99 % confidence (Garwood 1936). "Informs": beyond what a rollout of some days can know, see [ADR 0034](adr/0034-anytime-valid-rollouts.md).

| candidate | hours | rollouts | rolled back by a verdict | promoted | out of time | wrong ≤ | sample ratio alarms |
| --- | --- | --- | --- | --- | --- | --- | --- |
${cells
  .filter(({ cell }) => cell.wrong !== undefined)
  .map(row)
  .join('\n')}

Day blocks: an equal loss, and one at the margin, judged every day from the seventh to the sixtieth, days differing by 2 %.

| days | wrong fail | wrong pass | α |
| --- | --- | --- | --- |
${days.map(({ spread, runs, fails, passes }) => `| ${spread}${spread === 'skewed' ? ' (informs)' : ''} | ${percent(fails / runs)} | ${percent(passes / runs)} | ${percent(significancePerMetric(2))} |`).join('\n')}

### Power

${powerText(cells, done)}
`;
  return { text, failures };
}

function endsByCell(done: readonly CanaryDone[]): readonly CellEnds[] {
  const parts = done.filter((each): each is Of<'rollouts'> => each.kind === 'rollouts');
  return canaryCells.map((cell, i) => ({
    cell,
    ends: parts.filter((part) => part.cell === i).flatMap(({ ends }) => ends),
  }));
}

/** A promotion needs all steps passed; that a single one did is held against the level. */
function wrongOnes({ wrong }: CanaryCell, ends: readonly RolloutEnd[]): number {
  return ends.filter(({ end, hasPassed }) => (wrong === 'failed' ? end === 'failed' : hasPassed)).length;
}

function isWithin(cell: CanaryCell, ends: readonly RolloutEnd[]): boolean {
  return upperBound(wrongOnes(cell, ends), ends.length) <= rolloutSignificance;
}

function row({ cell, ends }: CellEnds): string {
  const of = (end: RolloutEnd['end']) => percent(shareOf(ends, (each) => each.end === end));
  const bound = percent(upperBound(wrongOnes(cell, ends), ends.length));
  const judged = cell.role === 'informs' ? `${bound} (informs)` : isWithin(cell, ends) ? bound : `**${bound} FAILS**`;
  const alarms = percent(shareOf(ends, ({ hasMismatch }) => hasMismatch));
  return `| ${cell.name} | ${cell.situation.weather.name} | ${ends.length.toLocaleString('en')} | ${of('failed')} | ${of('promoted')} | ${of('out-of-time')} | ${judged} | ${alarms} |`;
}

function powerText(cells: readonly CellEnds[], done: readonly CanaryDone[]): string {
  const fixed = done.filter((each): each is Of<'fixed'> => each.kind === 'fixed');
  const both = cells.filter(({ cell }) => cell.situation.weather.name === 'hours and days differ, for both arms');
  const drops = both
    .filter(({ cell }) => cell.situation.lossChange === 0)
    .toSorted((a, b) => b.cell.situation.businessChange - a.cell.situation.businessChange);
  const atLimit = drops.find(({ cell }) => cell.situation.businessChange === -0.03)?.ends ?? [];
  const beside = [...Map.groupBy(fixed, ({ hours }) => hours)].map(([hours, parts]) => {
    const [runs, fails] = [sum(parts, (part) => part.runs), sum(parts, (part) => part.fails)];
    const sequential = shareOf(atLimit, (each) => each.end === 'failed' && each.hours <= hours);
    return `| ${hours} | ${percent(fails / runs)} | ${percent(sequential)} |`;
  });
  const rows = drops.map(({ cell, ends }) => {
    const [failed, promoted] = [hoursOf(ends, 'failed'), hoursOf(ends, 'promoted')];
    const share = (hours: readonly number[]) => percent(hours.length / ends.length);
    return `| ${percent(cell.situation.businessChange)} | ${share(failed)} | ${median(failed)} | ${share(promoted)} | ${median(promoted)} |`;
  });
  return `True change of the business metric, hours and days differing for both arms; the median hours are of those that end so.

| change | rolled back | after hours | promoted | after hours |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

A drop of exactly 3 %, beside one look at a fixed time at the same level (planned for a power of 80 and 95 %). The fixed test decides then and never before;
the sequence decides when it can, and has found ${percent(shareOf(atLimit, ({ end }) => end === 'failed'))} in the end.

| hours at 5 % | found by the fixed test | found by then by the sequence |
| --- | --- | --- |
${beside.join('\n')}`;
}

function sumDays(parts: readonly Of<'days'>[]) {
  return [...Map.groupBy(parts, ({ spread }) => spread)].map(([spread, all]) => ({
    spread,
    runs: sum(all, ({ runs }) => runs),
    fails: sum(all, ({ fails }) => fails),
    passes: sum(all, ({ passes }) => passes),
  }));
}

function hoursOf(ends: readonly RolloutEnd[], end: RolloutEnd['end']): readonly number[] {
  return ends.flatMap((each) => (each.end === end ? [each.hours] : [])).toSorted((a, b) => a - b);
}

function median(sorted: readonly number[]): string {
  return sorted.length === 0 ? '-' : String(sorted[Math.floor(sorted.length / 2)]);
}

function shareOf(ends: readonly RolloutEnd[], is: (end: RolloutEnd) => boolean): number {
  return ends.filter(is).length / Math.max(1, ends.length);
}

function nameOf({ name, situation }: CanaryCell): string {
  return `${name}, ${situation.weather.name}`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
