import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../shared/domain/health/severity.ts';
import { judgeDegradation } from '../../shared/domain/health/verdict/judge-degradation.ts';
import {
  aucDegradation,
  type LabelledRows,
  rmseDegradation,
} from '../../shared/domain/health/verdict/row-degradation.ts';
import { seededRandom } from '../../shared/domain/seeded-random.ts';
import { hasOracles, readCsv } from './data.ts';
import { labelledWindows } from './labelled-windows.ts';

type Truth = {
  readonly path: string;
  readonly label: string;
  readonly metric: string;
  readonly sides: { readonly reference: LabelledRows; readonly current: LabelledRows };
};

/** As the truth table has it: AUC drop above 0.05 or RMSE 20 % higher is degraded; the significance of the policy. */
const alpha = 1e-3;
const limits = { rocAuc: limitsOf(0.05), rmse: limitsOf(0.2) };
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

// Rows are taken as independent here: a window is compared with one fixed reference of other months, and the truth is
// what that comparison shows, not what the season did to both.
describe.skipIf(!hasOracles)('verdicts on the truth table of performance', () => {
  const truths = hasOracles ? readTruths() : [];
  const labelled = (label: string) => truths.filter((truth) => truth.label === label);

  it('breach for each that degraded and none that is stable', () => {
    const verdicts = (label: string) => labelled(label).map(({ metric, sides }) => judge(metric, sides).verdict);
    const count = (label: string, wanted: string) => verdicts(label).filter((verdict) => verdict === wanted).length;
    for (const label of ['degraded', 'stable', 'borderline'])
      console.log(
        `full windows, ${label}: ${['breach', 'warning', 'insufficient-data', 'ok'].map((wanted) => `${count(label, wanted)} ${wanted}`).join(', ')} of ${labelled(label).length}`,
      );
    expect([labelled('degraded').length, labelled('stable').length]).toEqual([21, 7]);
    expect(count('degraded', 'breach')).toBe(21);
    expect(count('stable', 'breach')).toBe(0);
  });

  it.each([30, 100, 300])('of %s rows never breach when stable, and breach or abstain when degraded', (rows) => {
    const judged = seeds.flatMap((seed) =>
      truths.map(({ label, path, metric, sides: { reference, current } }) => {
        const { verdict, lacking } = judge(metric, { reference, current: subsample(current, rows, seed) });
        return { path, label, verdict, lacking };
      }),
    );
    const of = (label: string, wanted: string) =>
      judged.filter((each) => each.label === label && each.verdict === wanted);
    const total = labelled('degraded').length * seeds.length;
    console.log(
      `${rows} rows, ${seeds.length} seeds: of ${total} degraded ${of('degraded', 'breach').length} breach, ${of('degraded', 'insufficient-data').length} abstain; of ${labelled('stable').length * seeds.length} stable ${of('stable', 'ok').length} ok, ${of('stable', 'insufficient-data').length} abstain`,
    );
    expect(of('stable', 'breach')).toEqual([]);
    expect(of('degraded', 'breach').length + of('degraded', 'insufficient-data').length).toBe(total);
    for (const { lacking } of of('degraded', 'insufficient-data'))
      expect(lacking).toMatch(/^needs ([\d,]+ rows, has \d+|two rows of each class)|cannot be excluded$|too few rows/);
  });
});

function judge(metric: string, { reference, current }: Truth['sides']) {
  const shift = metric === 'rmse' ? rmseDegradation(reference, current) : aucDegradation(reference, current);
  if (shift.value === null) return { verdict: 'insufficient-data' as const, lacking: shift.reason };
  return judgeDegradation({
    ...shift,
    alternative: 'greater',
    limits: limits[metric === 'rmse' ? 'rmse' : 'rocAuc'],
    alpha,
  });
}

/** Without replacement. */
function subsample({ labels, scores }: LabelledRows, rows: number, seed: number): LabelledRows {
  const random = seededRandom(seed);
  const left = Array.from(labels, (_, i) => i);
  for (let i = 0; i < Math.min(rows, left.length); i += 1) {
    const j = i + Math.floor(random() * (left.length - i));
    [left[i], left[j]] = [left[j]!, left[i]!];
  }
  const drawn = left.slice(0, rows);
  return { labels: drawn.map((i) => labels[i]!), scores: drawn.map((i) => scores[i]!) };
}

function readTruths(): readonly Truth[] {
  const table = readCsv('performance-truth.csv');
  const windows = new Map(
    [...new Set(table.map(({ dataset = '' }) => dataset))].map((name) => [name, labelledWindows(name)]),
  );
  return table.map(({ dataset = '', window = '', model = '', metric = '', label = '' }) => {
    const rowsOf = (name: string): LabelledRows => {
      const rows = windows
        .get(dataset)!
        .get(name)!
        .filter((row) => row.label !== '');
      return { labels: rows.map((row) => Number(row.label)), scores: rows.map((row) => Number(row[`score_${model}`])) };
    };
    const sides = { reference: rowsOf('reference'), current: rowsOf(window) };
    return { path: `${dataset} ${window} ${model}`, label, metric, sides };
  });
}
