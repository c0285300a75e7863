import type { Workload } from './assumptions.ts';
import { caps, costAt, largeFleet, minuteDesign, patientDesign, smallFleet } from './choices.ts';
import { hoursToDetect, shiftsToFind } from './detection.ts';
import { defaultCap } from './fleet.ts';
import { countText, hoursText, perMillionText, table } from './markdown.ts';

/** Rows that a shift of each kind takes, were they independent and as they are. */
export function rowsTable(workload: Workload): string {
  const independent = shiftsToFind({ ...workload, designEffect: 1 });
  const rows = shiftsToFind(workload).map(({ name, rows: judged, predictions }, i) => [
    name,
    countText(independent[i]!.rows),
    countText(judged),
    countText(predictions),
  ]);
  return table(
    [
      'shift',
      'rows, independent',
      `rows, ${workload.designEffect} tell as much as one`,
      'sampled predictions with them',
    ],
    rows,
  );
}

/** How late a shift is found by the traffic of a model, at the default cap. */
export function rateTable(workload: Workload): string {
  const rates = [100, 1_000, 3_000, defaultCap];
  return table(
    ['shift', ...rates.map((rate) => `${countText(rate)}${rate === defaultCap ? ' and more' : ''} an hour`)],
    shiftsToFind(workload).map((shift) => [
      shift.name,
      ...rates.map((rate) => hoursText(hoursToDetect(shift, rate, defaultCap))),
    ]),
  );
}

/** Cost and time to detect side by side, of a model with more traffic than any cap. */
export function capTable(workload: Workload): string {
  const shifts = shiftsToFind(workload);
  const rows = caps.map((cap) => [
    cap === defaultCap ? `**${countText(cap)}**` : countText(cap),
    perMillionText(costAt(cap, minuteDesign(smallFleet), workload).perMillion),
    perMillionText(costAt(cap, patientDesign(largeFleet), workload).perMillion),
    ...shifts.map((shift) => hoursText(hoursToDetect(shift, Number.POSITIVE_INFINITY, cap))),
  ]);
  const costs = ['500 models, USD per million', '10,000 models, USD per million'];
  return table(['cap', ...costs, ...shifts.map(({ name }) => name)], rows);
}
