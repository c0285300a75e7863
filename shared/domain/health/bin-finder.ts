import type { Feature } from '../registry/schemas.ts';
import { seededRandom } from '../seeded-random.ts';
import type { Bins } from './baseline.ts';
import { categoricalBinsOfCounts, numericBinsOfSorted } from './bins.ts';
import { type CategoryCounter, createCategoryCounter } from './category-counter.ts';
import type { FeatureValue } from './compiled-bins.ts';
import type { ReferenceRow } from './reference-row.ts';
import { createRowSample } from './row-sample.ts';

/** Where bins are to be cut, found while rows pass by: of a long window the deciles are those of a sample. */
export type BinFinder = {
  add(row: ReferenceRow): void;
  found(): FoundBins;
};

export type FoundBins = {
  readonly features: Readonly<Record<string, Bins>>;
  readonly scores: Bins;
  /** Of categorical features, the share of the rows whose category came once; features without any are left out. */
  readonly singletonRatios?: Readonly<Record<string, number>>;
  /** Rows whose numbers gave the deciles; absent when all did. */
  readonly sampledRows?: number;
};

/** Exact deciles up to this many rows: 200,000 put a decile within 0.3 % of its probability (99.9 %, binomial). */
const maximumSampledRows = 200_000;
/** Of all numeric columns together, so that a wide window takes no more memory (8 bytes each). */
const maximumSampledValues = 16_000_000;

/** `random` is uniform in [0, 1) and seeded, so that the same file gives the same bins. */
export function createBinFinder(features: readonly Feature[], random: () => number = seededRandom(1)): BinFinder {
  const numeric = features.filter(({ type }) => type === 'numeric').map(({ name }) => name);
  const categorical = features
    .filter(({ type }) => type === 'categorical')
    .map(({ name }) => ({ name, counter: createCategoryCounter() }));
  const columns = numeric.length + 1;
  const maximumRows = Math.min(maximumSampledRows, Math.floor(maximumSampledValues / columns));
  const sample = createRowSample({ columns, maximumRows, random });
  return {
    add: (row) => {
      sample.add((column) => numberOf(column === numeric.length ? row.score : row.features[numeric[column]!]));
      for (const { name, counter } of categorical) {
        const value = row.features[name];
        if (value !== null && value !== undefined) counter.add(String(value));
      }
    },
    found: () => {
      const binsOf = (column: number) => numericBinsOfSorted(sample.column(column).filter(Number.isFinite).sort());
      const byName = new Map<string, Bins>([
        ...numeric.map((name, column) => [name, binsOf(column)] as const),
        ...categorical.map(({ name, counter }) => [name, categoricalBinsOfCounts(counter.counts())] as const),
      ]);
      return {
        features: Object.fromEntries(features.map(({ name }) => [name, byName.get(name)!])),
        scores: binsOf(numeric.length),
        ...singletonsOf(categorical),
        ...(sample.isWhole() ? {} : { sampledRows: maximumRows }),
      };
    },
  };
}

function singletonsOf(categorical: readonly { readonly name: string; readonly counter: CategoryCounter }[]) {
  const ratios = categorical.flatMap(({ name, counter }) => {
    let [rows, singletons] = [0, 0];
    for (const count of counter.counts().values()) {
      rows += count;
      if (count === 1) singletons += 1;
    }
    return singletons === 0 ? [] : [[name, singletons / rows] as const];
  });
  return ratios.length === 0 ? {} : { singletonRatios: Object.fromEntries(ratios) };
}

/** NaN for what is no number: it is counted, but cuts no bin. */
function numberOf(value: FeatureValue): number {
  return value === null || value === undefined || typeof value === 'string' ? Number.NaN : Number(value);
}
