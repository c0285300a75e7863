import type { FoundBins } from './bin-finder.ts';
import { type CompiledBins, compiledBins, slotOf } from './compiled-bins.ts';
import type { ReferenceRow } from './reference-row.ts';

/** Counts how the bins of each feature and of the score go together, and so how much each says of the score. */
export type ImportanceCounter = {
  add(row: Pick<ReferenceRow, 'features' | 'score'>): void;
  /** 0..1 by feature, of the one that says most 1; undefined when none says anything. */
  importances(): Readonly<Record<string, number>> | undefined;
};

type Table = { readonly name: string; readonly bins: CompiledBins; readonly counts: Float64Array };

/** Missing and unseen values are bins of their own: that a value is missing may say as much as any value. */
export function createImportanceCounter({
  features,
  scores,
}: Pick<FoundBins, 'features' | 'scores'>): ImportanceCounter {
  const score = compiledBins(scores);
  const tables: readonly Table[] = Object.entries(features).map(([name, of]) => {
    const bins = compiledBins(of);
    return { name, bins, counts: new Float64Array(bins.slots * score.slots) };
  });
  return {
    add: (row) => {
      const column = slotOf(score, row.score);
      for (const { name, bins, counts } of tables) {
        const index = slotOf(bins, row.features[name]) * score.slots + column;
        counts[index] = counts[index]! + 1;
      }
    },
    importances: () => {
      const said = tables.map(({ name, counts }) => [name, symmetricUncertainty(counts, score.slots)] as const);
      const largest = Math.max(0, ...said.map(([, value]) => value));
      if (largest === 0) return undefined;
      return Object.fromEntries(said.map(([name, value]) => [name, rounded(value / largest)]));
    },
  };
}

/**
 * 2·I(X; Y) / (H(X) + H(Y)), 0..1 (Press et al. 1988, "Numerical Recipes", "uncertainty coefficient"; as a measure of
 * features Witten & Frank 2005), of a table of counts by rows of `columns`. The entropies are corrected for small
 * samples by (occupied cells − 1) / 2n (Miller 1955), so that a feature with many bins does not seem to say something.
 */
export function symmetricUncertainty(table: Float64Array, columns: number): number {
  const ofRow = new Float64Array(table.length / columns);
  const ofColumn = new Float64Array(columns);
  for (const [index, count] of table.entries()) {
    const [row, column] = [Math.floor(index / columns), index % columns];
    ofRow[row] = ofRow[row]! + count;
    ofColumn[column] = ofColumn[column]! + count;
  }
  const marginal = entropy(ofRow) + entropy(ofColumn);
  const mutual = marginal - entropy(table);
  return marginal > 0 ? Math.min(1, Math.max(0, (2 * mutual) / marginal)) : 0;
}

/** In nats, with Miller's correction; 0 without counts. */
function entropy(counts: Float64Array): number {
  const occupied = counts.filter((count) => count > 0);
  const n = occupied.reduce((sum, count) => sum + count, 0);
  if (n === 0) return 0;
  const plugIn = Math.log(n) - occupied.reduce((sum, count) => sum + count * Math.log(count), 0) / n;
  return Math.max(0, plugIn) + (occupied.length - 1) / (2 * n);
}

/** As many digits as such an estimate has; each takes room in the record. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
