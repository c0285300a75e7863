import type { CellResult } from './cells.ts';
import type { LooksResult } from './looks.ts';
import type { PowerResult } from './power.ts';
import { failures, falseAlarmTables, looksTable, powerTable, verdictTable } from './report.ts';
import { commonVariance, hourlyAutocorrelation } from './streams.ts';
import { longAlpha, shortAlpha } from './typical-team.ts';

export type Calibrated = {
  readonly falseAlarms: readonly CellResult[];
  readonly powers: readonly PowerResult[];
  readonly looks: readonly LooksResult[];
  readonly effort: number;
  readonly threads: number;
  readonly minutes: number;
};

/** What docs/calibration.md says of the detectors. */
export function calibrationText({ falseAlarms, powers, looks, effort, threads, minutes }: Calibrated): string {
  const failed = failures(falseAlarms);
  const runs = falseAlarms.reduce((sum, each) => sum + each.runs, 0);
  const judged = falseAlarms.filter(({ cell }) => cell.role === 'judged').length;
  const percent = (ratio: number) => `${(100 * ratio).toFixed(0)} %`;
  return `## Detectors

\`npm run calibrate -- --write\`, effort ${effort}: ${runs.toLocaleString('en')} simulated comparisons in which nothing drifts, ${falseAlarms.length}
situations with seeds from ${falseAlarms[0]?.cell.seed} to ${falseAlarms.at(-1)?.cell.seed}, ${threads} threads, ${minutes.toFixed(0)} minutes beside other work. **${judged - failed.length} of ${judged} judged
situations meet the criterion**: the upper 99 % bound of the false-alarm rate (Garwood 1936) is at most 1.5 × nominal, or the detector abstains.
Situations that do not meet it after few runs get more, and each look at the bound is paid for (Bonferroni).

Figures are *rate / nominal ≤ upper bound / nominal*; \`c\` marks conservative cells (bound below 0.5), \`abstains\` those in which no run
had anything to say. \`informs\`: the detector takes rows as independent and says so, and here they are not. Rates are of p-values
below α = 0.01 and 0.001; at the levels really used (below) too few runs end below them to be told apart cell by cell.

- **normal, heavy tail** (log-normal, σ 1.5), **zero-inflated** (60 % zeros): the bins that a baseline of 100,000 rows makes. Bins see ranks
  only, so the first two have the same law and blocks are drawn for one of them. **Zipf**: 50 categories, exponent 1. **binary**: 10 %. **missing rate**: 2 %.
- **autoregressive**: ${percent(commonVariance.autoregressive)} of a row's variance, on the normal scale of its rank, is a level that follows AR(1) with ${hourlyAutocorrelation} from
  hour to hour. **day-clustered**: ${percent(commonVariance['day-clustered'])} is a level of its day.
- Counts are drawn, not values: given the level, the bins of a block are multinomial, so nothing is approximated but the level,
  which is rounded to 1/32 for both sides alike. Values are drawn for the rank tests and MMD.
- **day blocks**: 30 reference days, 8 current ones with n rows together. **one hour**: n rows, against as many in the same hour of 8
  weeks or 14 days. **too few blocks**: 4 days against 4, where only an overwhelming effect may breach; the rate is that of breaches at 0.001.
- Performance: 8 days against the baseline of 30, the label rate or the error's variance of a day varies normally by 20 %.

${falseAlarmTables(falseAlarms)}

## Verdicts at the levels really used

A typical team: 20 models × 20 features × 3 tests, a look every 15 minutes, one false alarm per week. α is ${longAlpha.toExponential(2)} for a test of
the long window and ${shortAlpha.toExponential(2)} for one of the short; files are compared at 0.001. A breach takes the effect as well (PSI 0.25), so that breaches
are at most as frequent as p-values below α. Distributions and sizes together:

${verdictTable(falseAlarms)}

What the runs cannot tell at the smallest level rests on the rates above and is not shown by this.

## Power

Breaches + abstentions, percent of runs, at the levels of the typical team, by the PSI of the shifted population. At exactly 0.25 half
of the effects are below the limit; what is neither a breach nor an abstention is a warning or ok. Where levels vary by hours or days,
the same shift of one hour is what the stream does anyway, and the verdict abstains.

${powerTable(powers)}

## Looks

How many times P(breach at one look) is P(some breach in a week). Simulated by importance sampling (Naiman & Priebe 2001) with two
standard errors; the formula of \`effective-looks.ts\` takes ten bins and is meant as a bound. Seeds from 20000.

${looksTable(looks)}
`;
}
