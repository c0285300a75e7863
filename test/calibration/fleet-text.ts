import { upperBound } from './bounds.ts';
import { drifts, type Found } from './drifting-models.ts';
import type { Month } from './fleet-worker.ts';
import { fleet, quietAlphas, rowsPerHour } from './quiet-fleet.ts';

const dependences = ['independent', 'autoregressive', 'day-clustered'] as const;
const windows = ['long', 'short'] as const;

/** What docs/calibration.md says of the fleet, and whether it is as it should be. */
export function fleetText(months: readonly Month[], run: { readonly threads: number; readonly minutes: number }) {
  const sumOf = (of: (month: Month) => number) => months.reduce((sum, month) => sum + of(month), 0);
  const alarms = sumOf(alarmsOf);
  const teamWeeks = (months.length * fleet.teams * fleet.days) / 7;
  const bound = upperBound(alarms, teamWeeks);
  const rows = windows.map(
    (window) =>
      `| ${window} | ${quietAlphas[window].toExponential(1)} | ${dependences.map((each) => sumOf((month) => month.falseAlarms[window][each])).join(' | ')} |`,
  );
  const found = drifts.map((drift, i) =>
    driftRow(
      drift.name,
      months.map((month) => month.found[i]!),
    ),
  );
  const text = `## A fleet

\`npm run calibrate:fleet -- --write\`, ${months.length} months (seeds 1 to ${months.length}), ${run.threads} threads, ${run.minutes.toFixed(0)} minutes beside other work.

${fleet.teams} teams of ${fleet.modelsPerTeam} models with ${fleet.featuresPerModel} features each, ${rowsPerHour.map((rows) => rows.toLocaleString('en')).join(', ')} rows an hour in turn, for ${fleet.days} days. A third each of
the features has independent rows, autoregressive hours and clustered days as above; the levels of hours and days are the
model's, so that its features move together. Each test has the α of a budget of ${fleet.budgetPerWeek} false alarm per team and week over ${fleet.modelsPerTeam * fleet.featuresPerModel} tests. The long
window is looked at once a day and the short one twice, at the levels for these intervals: fewer looks at larger levels.

Nothing drifts: **${alarms} tests breached in some week**, which is ${(alarms / teamWeeks).toFixed(4)} per team and week, with 99 % confidence below ${bound.toFixed(4)}
(Garwood 1936), of a budget of ${fleet.budgetPerWeek}. The worst month had ${Math.max(...months.map(alarmsOf))} of ${((fleet.teams * fleet.days) / 7).toFixed(0)} that were allowed. By window and dependence:

| window | α | ${dependences.join(' | ')} |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Five models drift in three of their features (one of each dependence), looked at every hour through the short window (24 hours at most)
and every six through the long one. Least: the longer of one hour and the time to the rows needed, for a slow drift from when its PSI is 0.25.

| drift | found | hours: median (90 % within) | least | by the short window |
| --- | --- | --- | --- | --- |
${found.map(({ row }) => row).join('\n')}
`;
  return { text, isWithinBudget: bound <= fleet.budgetPerWeek, areAllFound: found.every(({ isFound }) => isFound) };
}

function alarmsOf({ falseAlarms }: Month): number {
  return windows.reduce(
    (sum, window) => sum + dependences.reduce((all, each) => all + falseAlarms[window][each], 0),
    0,
  );
}

function driftRow(name: string, all: readonly Found[]) {
  const hours = all.flatMap((each) => each.hours ?? []).sort((a, b) => a - b);
  const at = (share: number) => hours[Math.min(hours.length - 1, Math.floor(share * hours.length))] ?? 'never';
  const { drift, leastHours } = all[0]!;
  const what = `${name}: PSI ${drift.psi}, ${drift.rowsPerHour.toLocaleString('en')} rows an hour${drift.rampDays === 0 ? '' : `, over ${drift.rampDays} days`}`;
  const byShort = all.filter(({ by }) => by === 'short').length;
  return {
    isFound: hours.length === all.length,
    row: `| ${what} | ${hours.length} of ${all.length} | ${at(0.5)} (${at(0.9)}) | ${leastHours.toFixed(0)} | ${byShort} |`,
  };
}
