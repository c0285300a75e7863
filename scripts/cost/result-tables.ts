import type { Workload } from './assumptions.ts';
import { designs, fleets, largeFleet, minuteDesign, patientDesign, smallFleet, target } from './choices.ts';
import { defaultCap, type Fleet } from './fleet.ts';
import { dollars, percentText, perMillionText, table } from './markdown.ts';
import type { StreamMode } from './stream-cost.ts';
import { perMillion, totalCost } from './total-cost.ts';

const modes: readonly StreamMode[] = ['provisioned', 'on-demand'];

/** Everything together by fleet and mode; bold what meets the target. */
export function resultTable(workload: Workload): string {
  const columns = fleets.flatMap((fleet) => modes.map((mode) => ({ fleet, mode })));
  return table(
    ['design', ...columns.map(({ fleet, mode }) => `${fleetText(fleet)}, ${mode}`)],
    designs.map(({ name, isBuilt, design }) => [
      isBuilt ? name : `${name} (not built)`,
      ...columns.map(({ fleet, mode }) => judged(totalCost({ ...design(fleet), mode }, workload).perMillion)),
    ]),
  );
}

export function fleetText({ models }: Fleet): string {
  return `${models.toLocaleString('en')} models`;
}

function judged(usd: number): string {
  return usd < target ? `**${perMillionText(usd)}**` : perMillionText(usd);
}

/** Which designs meet the target, in a sentence per fleet. */
export function verdictText(workload: Workload): string {
  return fleets.map((fleet) => `- **${fleetText(fleet)}**: ${fleetVerdict(fleet, workload)}`).join('\n');
}

function fleetVerdict(fleet: Fleet, workload: Workload): string {
  const costs = designs.map(({ design, ...about }) => {
    const made = design(fleet);
    return { ...about, isCapped: made.cap === defaultCap, ...totalCost(made, workload) };
  });
  const met = costs.filter((cost) => cost.perMillion < target);
  const text = (cost: (typeof costs)[number]) =>
    `${cost.name} (${perMillionText(cost.perMillion)} USD, ${dollars(cost.usdPerDay)} a day)`;
  const first = (found: (typeof costs)[number] | undefined, otherwise: string) =>
    found === undefined ? otherwise : text(found);
  const sampled = `the default cap leaves ${percentText(costs[0]!.sampledRatio)} of the predictions`;
  const built = met.find(({ isBuilt, isCapped }) => isBuilt && isCapped);
  if (built !== undefined) return `${sampled}. Met with ${text(built)}.`;
  return [
    `${sampled}. **Not met at the default cap** by anything that is built.`,
    `Met with smaller caps: ${first(
      met.find(({ isBuilt }) => isBuilt),
      'nothing here',
    )}.`,
    `Not built, and enough: ${first(
      met.find(({ isBuilt }) => !isBuilt),
      'nothing here',
    )}.`,
  ].join(' ');
}

/** What a day consists of, for the design that fits each fleet. */
export function linesTable(workload: Workload): string {
  const small = totalCost(minuteDesign(smallFleet), workload);
  const large = totalCost(patientDesign(largeFleet), workload);
  const cells = (usdPerDay: number) => [dollars(usdPerDay), perMillionText(perMillion(usdPerDay, workload))];
  const rows = small.lines.map(({ what, usdPerDay }, i) => [
    what,
    ...cells(usdPerDay),
    ...cells(large.lines[i]!.usdPerDay),
  ]);
  const together = ['together', ...cells(small.usdPerDay), ...cells(large.usdPerDay)].map((cell) => `**${cell}**`);
  const header = [
    '500 models, batches of a minute: USD a day',
    'per million',
    '10,000 models, of five minutes: USD a day',
    'per million',
  ];
  return table(['part', ...header], [...rows, together]);
}
