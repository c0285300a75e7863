import { readFileSync, writeFileSync } from 'node:fs';

// Takes from the public oracles what the default suite needs to stand alone: figures, counts and inputs of a few values;
// never the rows. `node scripts/write-statistics-fixtures.ts`, then `npm run format`.

const data = new URL('../../shared/data/', import.meta.url);
const target = new URL('../test/unit/health/fixtures/statistics-oracles.json', import.meta.url);

/** A longer input is data and not an example. */
const longestInput = 12;
/** Of each kind, spread over all there are. */
const kept = { binned: 12, kolmogorov: 12, exact: 8, proportions: 8 } as const;

// biome-ignore lint/suspicious/noExplicitAny: oracle files are walked by path
type Json = any;

const read = (path: string): Json => JSON.parse(readFileSync(new URL(path, data), 'utf8'));
const datasets = ['bank', 'bike', 'elec2'];
const oracles = datasets.map((name) => ({ name, oracle: read(`${name}/oracle.json`) }));
const edgeCases: readonly Json[] = read('edge-cases/cases.json').cases;

function spread<T>(all: readonly T[], count: number): readonly T[] {
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

const features = oracles.flatMap(({ name, oracle }) =>
  Object.entries<Json>(oracle.featureDrift).flatMap(([window, columns]) =>
    Object.entries<Json>(columns).map(([column, figures]) => ({ origin: `${name} ${window} ${column}`, figures })),
  ),
);

const binned = features.map(({ origin, figures }) => {
  const block = figures.quantile10?.atomAware ?? figures.distribution;
  return {
    origin,
    reference: block.refCounts,
    current: block.prodCounts,
    psi: block.psi['add0.5'],
    klCurrentReference: block.klProdRef['add0.5'],
    klReferenceCurrent: block.klRefProd['add0.5'],
    jensenShannonDistance: block.jsDistanceBase2,
    totalVariation: block.totalVariation,
    chebyshev: block.lInfinity,
    hellinger: block.hellinger,
    chiSquare: figures.chiSquare ?? null,
    gTest: figures.gTest ?? null,
    yates: figures.chiSquareYates ?? null,
    fisherPValue: figures.fisherExact?.pValue ?? null,
  };
});

const kolmogorov = features
  .flatMap(({ origin, figures }) => (figures.ks === undefined ? [] : [{ origin, ks: figures.ks }]))
  .filter(({ ks }) => ks.pScipyAsymp > 0)
  .sort((a, b) => a.ks.pScipyAsymp - b.ks.pScipyAsymp);

const series = Object.entries<Json>(read('nab/oracle.json').series).flatMap(([name, { comparisons }]) =>
  comparisons.map(({ drift }: Json, i: number) => ({ origin: `nab ${name} ${i}`, ks: drift.ks })),
);

const exact = [...series, ...edgeCases.map(({ id, expected }) => ({ origin: id, ks: expected?.ks }))]
  .filter(({ ks }) => ks?.pExact !== undefined && ks.statistic > 0)
  .sort((a, b) => a.ks.pExact - b.ks.pExact);

const proportions = oracles.flatMap(({ name, oracle }) =>
  Object.entries<Json>(oracle.canary).flatMap(([window, { errorRate, pairedAllRows }]) =>
    errorRate === undefined ? [] : [{ origin: `${name} ${window}`, errorRate, mcnemar: pairedAllRows.mcnemar }],
  ),
);

const isShort = ({ input }: Json) =>
  Object.values<Json>(input).every((values) => !Array.isArray(values) || values.length <= longestInput);

const examples = edgeCases
  .filter(({ kind }) => ['numericDrift', 'binaryMetrics', 'regressionMetrics', 'delong', 'cbpe'].includes(kind))
  .filter(isShort)
  .map(({ id, kind, input, expected }) => {
    const { quantile10: _q, width10: _w, ...figures } = expected ?? {};
    return { id, kind, input, expected: expected === null ? null : figures };
  });

const fixture = {
  about: 'Figures of the public statistics oracles (numpy 1.24, scipy 1.10), by scripts/write-statistics-fixtures.ts.',
  binned: spread(binned, kept.binned),
  kolmogorov: spread(kolmogorov, kept.kolmogorov),
  exact: spread(exact, kept.exact),
  proportions: spread(proportions, kept.proportions),
  examples,
};

writeFileSync(target, `${JSON.stringify(fixture, undefined, 2)}\n`);
