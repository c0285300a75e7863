import { upperBound } from './bounds.ts';
import type { CellResult, DetectorName } from './cells.ts';
import type { LooksResult } from './looks.ts';
import type { PowerResult } from './power.ts';
import { boundOf, isDetermined, meets, tolerated } from './run-cell.ts';
import { longAlpha, shortAlpha } from './typical-team.ts';

type Row = readonly (string | number)[];

/** One line per detector, distribution and dependence; one column per n. */
export function falseAlarmTables(results: readonly CellResult[]): string {
  const byDetector = Map.groupBy(results, ({ cell }) => cell.detector);
  return [...byDetector].map(([detector, all]) => `### ${detector}\n\n${falseAlarmTable(all)}`).join('\n\n');
}

function falseAlarmTable(results: readonly CellResult[]): string {
  const sizes = [...new Set(results.map(({ cell }) => cell.n))].sort((a, b) => a - b);
  const lines = Map.groupBy(results, ({ cell }) => `${cell.distribution} | ${cell.dependence} | ${cell.role}`);
  const body = [...lines.values()].flatMap((line) =>
    line[0]!.cell.alphas.map((alpha, i): Row => {
      const { distribution, dependence, role } = line[0]!.cell;
      const note = role === 'informs' ? ' (informs)' : '';
      const figures = sizes.map((n) =>
        figureOf(
          line.find(({ cell }) => cell.n === n),
          i,
        ),
      );
      return [`${distribution}${note}`, dependence, alpha.toString(), ...figures];
    }),
  );
  return table(['distribution', 'dependence', 'α', ...sizes.map((n) => `n ${n.toLocaleString('en')}`)], body);
}

/** Rate / nominal, its upper bound / nominal; what became of the criterion. */
function figureOf(result: CellResult | undefined, level: number): string {
  if (result === undefined) return '';
  const { cell, runs, hits, abstained } = result;
  const alpha = cell.alphas[level]!;
  if (hits[level] === 0 && abstained === runs) return 'abstains';
  if (hits[level] === 0 && isDetermined(cell)) return '0';
  const bound = boundOf(cell, hits[level]!, runs) / alpha;
  const figures = `${(hits[level]! / runs / alpha).toFixed(2)} ≤ ${bound.toFixed(2)}`;
  if (cell.role === 'informs') return figures;
  if (bound > tolerated) return `**${figures} FAILS**`;
  return bound < 0.5 ? `${figures} c` : figures;
}

/** Cells in which more false alarms are possible than the criterion tolerates. */
export function failures(results: readonly CellResult[]): readonly string[] {
  return results
    .filter((result) => result.cell.role === 'judged' && !meets(result))
    .map(
      ({ cell, hits, runs }) =>
        `${cell.detector}, ${cell.distribution}, ${cell.dependence}, n ${cell.n}: ${hits.join(' and ')} false alarms at ${cell.alphas.join(' and ')} in ${runs} runs`,
    );
}

const windows: readonly { readonly detector: DetectorName; readonly alpha: number }[] = [
  { detector: 'rows, equal sides', alpha: 1e-3 },
  { detector: 'rows, reference of ten times', alpha: 1e-3 },
  { detector: 'day blocks', alpha: longAlpha },
  { detector: 'one hour, against weeks', alpha: shortAlpha },
  { detector: 'one hour, against days', alpha: shortAlpha },
];

/** False verdicts at the levels of the typical team, all distributions and sizes taken together. */
export function verdictTable(results: readonly CellResult[]): string {
  const body = windows.flatMap(({ detector, alpha }) => {
    const judged = results.filter(({ cell }) => cell.detector === detector && cell.role === 'judged');
    const values = judged.filter(({ cell }) => cell.distribution !== 'constant' && cell.distribution !== 'all missing');
    return [...Map.groupBy(values, ({ cell }) => cell.dependence)].map(([dependence, all]): Row => {
      const sum = (of: (result: CellResult) => number) => all.reduce((total, each) => total + of(each), 0);
      const [runs, breaches] = [sum((each) => each.runs), sum((each) => each.breaches)];
      const bound = upperBound(breaches, runs);
      const reach =
        bound <= tolerated * alpha
          ? 'met'
          : breaches === 0
            ? 'none seen; more runs than these could tell'
            : 'not shown';
      const abstained = `${((100 * sum((each) => each.abstained)) / runs).toFixed(0)} %`;
      return [
        detector,
        dependence,
        alpha.toExponential(1),
        runs,
        breaches,
        (bound / alpha).toFixed(2),
        reach,
        abstained,
      ];
    });
  });
  return table(
    ['detector', 'dependence', 'α', 'runs', 'breaches', 'upper bound / α', 'criterion', 'abstentions'],
    body,
  );
}

export function powerTable(results: readonly PowerResult[]): string {
  const sizes = [...new Set(results.map(({ n }) => n))].sort((a, b) => a - b);
  const lines = Map.groupBy(results, (each) =>
    [each.detector, each.distribution, each.dependence, each.psi].join(' | '),
  );
  const body = [...lines.values()].map((line): Row => {
    const { detector, distribution, dependence, psi } = line[0]!;
    const share = (n: number) => {
      const found = line.find((each) => each.n === n);
      return found === undefined
        ? ''
        : `${(100 * found.breachRatio).toFixed(0)} + ${(100 * found.abstainedRatio).toFixed(0)}`;
    };
    return [detector, distribution, dependence, psi, ...sizes.map(share)];
  });
  return table(
    ['detector', 'distribution', 'dependence', 'PSI', ...sizes.map((n) => `n ${n.toLocaleString('en')}`)],
    body,
  );
}

export function looksTable(results: readonly LooksResult[]): string {
  const body = results.map(
    ({
      windowMinutes,
      intervalMinutes,
      degreesOfFreedom,
      alpha,
      evaluations,
      simulated,
      standardError,
      formula,
    }): Row => [
      windowMinutes,
      intervalMinutes,
      degreesOfFreedom + 1,
      alpha.toString(),
      evaluations,
      `${simulated.toFixed(1)} ± ${(2 * standardError).toFixed(1)}`,
      formula.toFixed(1),
    ],
  );
  return table(
    ['window, min', 'interval, min', 'bins', 'α', 'evaluations', 'looks, simulated', 'looks, formula'],
    body,
  );
}

function table(head: readonly string[], body: readonly Row[]): string {
  const line = (cells: Row) =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
