import { describe, it } from 'vitest';
import { Comparison } from './compare.ts';
import { byWindow, hasOracles, type Json, numbers, readCsv, readJson, type Table, texts } from './data.ts';
import { categoricalFigures, numericFigures } from './drift-figures.ts';
import { popularItems } from './popular-items.ts';

const tabular = ['bank', 'bike', 'elec2'] as const;

describe.skipIf(!hasOracles)('drift figures agree with the oracles', () => {
  it.each(tabular)('of %s features', (dataset) => {
    const oracle = readJson(`${dataset}/oracle.json`);
    const windows = byWindow(readCsv(`${dataset}/data.csv.gz`));
    const comparison = new Comparison(`${dataset} features`, 'public');
    eachDrift(oracle.featureDrift, windows, comparison, (name) => (name === '__target__' ? oracle.target : name));
    comparison.finish();
  });

  it.each(tabular)('of %s outputs', (dataset) => {
    const oracle = readJson(`${dataset}/oracle.json`);
    const windows = byWindow(
      readCsv(`${dataset}/predictions.csv.gz`).map((row) => ({
        ...row,
        class_a: Number(row.score_a) >= 0.5 ? '1' : '0',
        class_b: Number(row.score_b) >= 0.5 ? '1' : '0',
      })),
    );
    const comparison = new Comparison(`${dataset} outputs`, 'public');
    eachDrift(oracle.outputDrift, windows, comparison, (name) => name);
    comparison.finish();
  });

  it('of movietweetings features and outputs', () => {
    const oracle = readJson('movietweetings/oracle.json');
    const rows = readCsv('movietweetings/data.csv.gz');
    const grouped = popularItems(rows);
    const windows = byWindow(
      rows.map((row) => ({
        ...row,
        rating_as_category: row.rating ?? '',
        item_top100: grouped(row.item),
      })),
    );
    const comparison = new Comparison('movietweetings features', 'public');
    eachDrift(oracle.featureDrift, windows, comparison, (name) => name);
    comparison.finish();
    const outputs = new Comparison('movietweetings outputs');
    const predictions = byWindow(readCsv('movietweetings/rating_predictions.csv.gz'));
    for (const [window, expected] of Object.entries<Json>(oracle.ratingPredictionOutputDrift)) {
      outputs.case(window, expected, drift(expected, predictions, window, 'score'));
    }
    const lists = readCsv('movietweetings/recommendations.csv.gz').map((row): Table[number] => ({
      ...row,
      item: grouped(row.item),
    }));
    for (const model of ['svd', 'pop']) {
      const byModel = byWindow(lists.filter((row) => row.model === model));
      for (const [window, expected] of Object.entries<Json>(oracle.ranking[`recommendedItemDrift_${model}`])) {
        outputs.case(`${model}.${window}`, expected, drift(expected, byModel, window, 'item'));
      }
    }
    outputs.finish();
  });

  it('of the edge cases', () => {
    const comparison = new Comparison('edge cases, drift', 'public');
    for (const { id, kind, input, expected, note } of readJson('edge-cases/cases.json').cases) {
      const decoded = { reference: input.reference?.map(decode), production: input.production?.map(decode) };
      if (kind === 'numericDrift') {
        const actual = numericFigures(decoded.reference, decoded.production);
        comparison.case(id, note.includes('std-based') ? withoutDeviations(expected) : expected, actual);
      }
      if (kind === 'categoricalDrift')
        comparison.case(id, expected, categoricalFigures(input.reference, input.production));
    }
    comparison.finish();
  });
});

function eachDrift(
  oracle: Json,
  windows: ReadonlyMap<string, Table>,
  comparison: Comparison,
  columnOf: (name: string) => string,
): void {
  for (const [window, features] of Object.entries<Json>(oracle)) {
    for (const [name, expected] of Object.entries<Json>(features)) {
      comparison.case(`${window}.${name}`, expected, drift(expected, windows, window, columnOf(name)));
    }
  }
}

function drift(expected: Json, windows: ReadonlyMap<string, Table>, window: string, column: string) {
  const [reference, production] = [windows.get('reference') ?? [], windows.get(window) ?? []];
  return expected.kind === 'numeric'
    ? numericFigures(numbers(reference, column), numbers(production, column))
    : categoricalFigures(texts(reference, column), texts(production, column));
}

function decode(value: Json): number | null {
  return typeof value === 'string' ? Number(value) : value;
}

/** Squares leave the range of doubles there, and the oracle says that deviations may differ. */
function withoutDeviations(expected: Json): Json {
  const { stdPop: _a, stdSample: _b, ...reference } = expected.reference;
  const { stdPop: _c, stdSample: _d, ...production } = expected.production;
  const { overStdPop: _e, overStdSample: _f, ...distances } = expected.wasserstein;
  return { ...expected, reference, production, wasserstein: distances };
}
