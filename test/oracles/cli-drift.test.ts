import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runJson } from '../support/run-cli.ts';
import { Comparison } from './compare.ts';
import { hasOracles, type Json, readCsv, readJson } from './data.ts';

const datasets = ['bank', 'bike', 'elec2', 'movietweetings'] as const;

const pathOf = (name: string) => fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));

/** The reference of a file against one of its windows, by column. */
async function driftOf(file: string, window: string, ...more: readonly string[]): Promise<ReadonlyMap<string, Json>> {
  const { columns } = await runJson(
    'drift',
    `--reference=${pathOf(file)}`,
    `--current=${pathOf(file)}`,
    '--window-column=window',
    '--reference-window=reference',
    `--current-window=${window}`,
    ...more,
  );
  return new Map(columns.map((column: Json) => [column.name, column]));
}

describe.skipIf(!hasOracles)('the drift command agrees with the oracles', () => {
  it.each(datasets)('of the features of %s', async (dataset) => {
    const oracle = readJson(`${dataset}/oracle.json`);
    const comparison = new Comparison(`${dataset}, runway drift`);
    for (const [window, features] of Object.entries<Json>(oracle.featureDrift)) {
      const expected = Object.entries<Json>(features)
        .map(([name, figures]) => [name === '__target__' ? oracle.target : name, figures] as const)
        // Columns that the oracle made of others.
        .filter(([name]) => !['rating_as_category', 'item_top100'].includes(name));
      const categorical = expected.filter(([, { kind }]) => kind === 'categorical').map(([name]) => name);
      const columns = await driftOf(
        `${dataset}/data.csv.gz`,
        window,
        '--exclude=row_id',
        ...(categorical.length === 0 ? [] : [`--categorical=${categorical.join(',')}`]),
      );
      for (const [name, figures] of expected) {
        const column = columns.get(name);
        expect(column?.kind).toBe(figures.kind);
        const wanted = figures.kind === 'numeric' ? numericFigures(figures) : categoricalFigures(figures);
        comparison.case(`${window}.${name}`, wanted, column);
      }
    }
    comparison.finish();
  });

  it('breaches for what drifted, and for nothing that did not', async () => {
    const counts: Record<string, number> = {};
    for (const { file, window, columns } of truths()) {
      const names = Object.keys(readCsv(file)[0] ?? {});
      const judged = columns.filter(({ name }) => names.includes(name));
      if (judged.length === 0) continue;
      const others = names.filter((name) => name !== 'window' && !judged.some((column) => column.name === name));
      const categorical = judged.filter(({ kind }) => kind === 'categorical').map(({ name }) => name);
      const option = categorical.length === 0 ? [] : [`--categorical=${categorical.join(',')}`];
      const drifts = await driftOf(file, window, `--exclude=${others.join(',')}`, ...option);
      for (const { name, label } of judged) {
        const verdict = `${label}: ${drifts.get(name).verdict.kind === 'breach' ? 'breach' : 'no breach'}`;
        counts[verdict] = (counts[verdict] ?? 0) + 1;
      }
    }
    console.log(`verdicts of runway drift on columns as they are in the files: ${JSON.stringify(counts)}`);
    expect(counts).toEqual({ 'drift: breach': 117, 'no-drift: no breach': 55 });
  });
});

type Truth = { readonly name: string; readonly kind: string; readonly label: string };

/** What the truth table says without doubt, by file and window. */
function truths(): readonly { readonly file: string; readonly window: string; readonly columns: readonly Truth[] }[] {
  const rows = readCsv('drift-truth.csv').filter(({ label }) => label !== 'borderline');
  const groups = Map.groupBy(rows, ({ dataset, window, scope }) => `${dataset} ${window} ${scope}`);
  return [...groups.values()].map((group) => {
    const { dataset = '', window = '', scope } = group[0]!;
    const { target } = readJson(`${dataset}/oracle.json`);
    const columns = group.map(({ name = '', kind = '', label = '' }) => ({
      name: name === '__target__' ? target : name,
      kind,
      label,
    }));
    return { file: `${dataset}/${scope === 'output' ? 'predictions' : 'data'}.csv.gz`, window, columns };
  });
}

function numericFigures({ reference, production, quantile10, ks, wasserstein }: Json) {
  const { edges, atomAware } = quantile10;
  return {
    n: { reference: reference.n, current: production.n },
    missing: { reference: reference.nullOrNaN, current: production.nullOrNaN },
    infinite: { reference: reference.infinite, current: production.infinite },
    bins: {
      edges,
      boundaries: atomAware.boundaries,
      referenceCounts: atomAware.refCounts,
      currentCounts: atomAware.prodCounts,
    },
    metrics: {
      ...binnedFigures(atomAware),
      ks: { statistic: ks.statistic, pValue: ks.pExact ?? ks.pScipyAsymp },
      wasserstein: { raw: wasserstein.raw, normalized: wasserstein.overStdPop },
      chiSquare: null,
    },
  };
}

function categoricalFigures({ reference, production, categories, distribution, chiSquare }: Json) {
  return {
    n: { reference: reference.n, current: production.n },
    missing: { reference: reference.null, current: production.null },
    bins: { categories, referenceCounts: distribution.refCounts, currentCounts: distribution.prodCounts },
    metrics: {
      ...binnedFigures(distribution),
      ks: null,
      wasserstein: null,
      chiSquare: chiSquare && {
        statistic: chiSquare.statistic,
        degreesOfFreedom: chiSquare.dof,
        pValue: chiSquare.pValue,
        cramersV: chiSquare.cramersV,
      },
    },
  };
}

function binnedFigures(figures: Json) {
  return {
    psi: { value: figures.psi['add0.5'], pValue: figures.psiSignificance['add0.5'].pValue },
    klCurrentReference: figures.klProdRef['add0.5'],
    klReferenceCurrent: figures.klRefProd['add0.5'],
    jensenShannonDistance: figures.jsDistanceBase2,
    totalVariation: figures.totalVariation,
    hellinger: figures.hellinger,
  };
}
