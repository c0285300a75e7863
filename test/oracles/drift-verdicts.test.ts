import { describe, expect, it } from 'vitest';
import { judgeShift } from '../../shared/domain/health/verdict/judge-shift.ts';
import { seededRandom } from '../../shared/domain/seeded-random.ts';
import { countedPair, type Sides } from './counted-pair.ts';
import { byWindow, hasOracles, numbers, readCsv, readJson, texts } from './data.ts';
import { popularItems } from './popular-items.ts';

type Truth = { readonly label: string; readonly kind: string; readonly path: string; readonly sides: Sides };

/** As the truth table has it: a fixed reference, the point effect, each test at the significance of the policy. */
const alpha = 1e-3;
const limits = { warning: 0.1, breach: 0.25 };
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

describe.skipIf(!hasOracles)('verdicts on the truth table of drift', () => {
  const truths = hasOracles ? readTruths() : [];
  const labelled = (label: string) => truths.filter((truth) => truth.label === label);

  it('breach for each of the 122 that drifted and none of the 68 that did not', () => {
    const breaches = (label: string) => labelled(label).filter(({ kind, sides }) => verdict(kind, sides) === 'breach');
    console.log(
      `full windows: ${breaches('drift').length} of ${labelled('drift').length} drifts, ${breaches('no-drift').length} of ${labelled('no-drift').length} others breach`,
    );
    expect([labelled('drift').length, labelled('no-drift').length]).toEqual([122, 68]);
    expect(breaches('drift').length).toBe(122);
    expect(breaches('no-drift')).toEqual([]);
  });

  it.each([
    { rows: 30, least: 0.6 },
    { rows: 100, least: 0.9 },
    { rows: 300, least: 0.94 },
  ])('of $rows rows never breach without drift and never say ok to it', ({ rows, least }) => {
    const judged = seeds.flatMap((seed) =>
      truths.map(({ label, kind, path, sides }) => ({
        label,
        path,
        verdict: verdict(kind, subsample(sides, rows, seed)),
      })),
    );
    const of = (label: string, wanted: string) =>
      judged.filter((each) => each.label === label && each.verdict === wanted);
    const found = of('drift', 'breach').length / (122 * seeds.length);
    const abstained = of('drift', 'insufficient-data').length;
    console.log(
      `${rows} rows, ${seeds.length} seeds: ${(100 * found).toFixed(1)} % of drifts breach, ${abstained} abstain, ${of('drift', 'warning').length} warn; of the others ${of('no-drift', 'ok').length} ok, ${of('no-drift', 'insufficient-data').length} abstain`,
    );
    expect(of('no-drift', 'breach')).toEqual([]);
    expect(of('drift', 'ok')).toEqual([]);
    // Proven, and with 95 % confidence below the limit: wrong now and then, and no ok.
    expect(of('drift', 'warning').length).toBeLessThan(0.005 * 122 * seeds.length);
    expect(found).toBeGreaterThanOrEqual(least);
  });
});

function verdict(kind: string, sides: Sides) {
  const counted = countedPair(kind, sides);
  return judgeShift({ name: 'value', ...counted, order: kind === 'numeric' ? 'ordered' : 'nominal', limits, alpha })
    .verdict;
}

/** Without replacement, of the values that are there. */
function subsample({ reference, current }: Sides, rows: number, seed: number): Sides {
  const random = seededRandom(seed);
  const left = current.filter((value) => value !== null);
  for (let i = 0; i < Math.min(rows, left.length); i += 1) {
    const j = i + Math.floor(random() * (left.length - i));
    [left[i], left[j]] = [left[j]!, left[i]!];
  }
  return { reference, current: left.slice(0, rows) };
}

function readTruths(): readonly Truth[] {
  const table = readCsv('drift-truth.csv');
  const datasets = new Map([...new Set(table.map(({ dataset }) => dataset!))].map((name) => [name, tables(name)]));
  return table.map(({ dataset = '', window = '', scope = '', name = '', kind = '', label = '' }) => {
    const rows = datasets.get(dataset)![scope as 'feature' | 'output'];
    const column = name === '__target__' ? datasets.get(dataset)!.target : name;
    const values = (which: string) => (kind === 'numeric' ? numbers : texts)(rows.get(which)!, column);
    const sides = { reference: values('reference'), current: values(window) };
    return { label, kind, path: `${dataset} ${window} ${name}`, sides };
  });
}

function tables(dataset: string) {
  const data = readCsv(`${dataset}/data.csv.gz`);
  if (dataset === 'movietweetings') {
    const grouped = popularItems(data);
    const feature = data.map((row) => ({
      ...row,
      rating_as_category: row.rating ?? '',
      item_top100: grouped(row.item),
    }));
    return { feature: byWindow(feature), output: byWindow([]), target: 'rating' };
  }
  const { target } = readJson(`${dataset}/oracle.json`);
  const output = readCsv(`${dataset}/predictions.csv.gz`).map((row) => ({
    ...row,
    class_a: Number(row.score_a) >= 0.5 ? '1' : '0',
    class_b: Number(row.score_b) >= 0.5 ? '1' : '0',
  }));
  return { feature: byWindow(data), output: byWindow(output), target };
}
