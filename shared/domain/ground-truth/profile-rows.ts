import type { FeatureColumns } from './feature-columns.ts';
import type { JoinPrediction } from './join-input.ts';
import type { ColumnRows } from './profile-accumulator.ts';

type OfVersion = {
  readonly hour: string;
  readonly version: number;
  readonly byColumns: Map<FeatureColumns, { rows: number[]; scores: number[]; outside: boolean[] }>;
};

/** New predictions by hour and version, as rows of the columns they came in. */
export class ProfileRows {
  readonly #groups = new Map<string, Map<number, OfVersion>>();

  add(hour: string, { modelVersion, features, score }: JoinPrediction, isOutsideSample: boolean): void {
    const { byColumns } = this.#group(hour, modelVersion);
    const { columns, row } = features;
    const group = byColumns.get(columns);
    if (group === undefined) byColumns.set(columns, { rows: [row], scores: [score], outside: [isOutsideSample] });
    else {
      group.rows.push(row);
      group.scores.push(score);
      group.outside.push(isOutsideSample);
    }
  }

  *groups(): Iterable<{ readonly hour: string; readonly version: number; readonly rows: readonly ColumnRows[] }> {
    for (const byVersion of this.#groups.values())
      for (const { hour, version, byColumns } of byVersion.values())
        yield { hour, version, rows: [...byColumns].map(([columns, group]) => ({ columns, ...group })) };
  }

  #group(hour: string, version: number): OfVersion {
    const byVersion = this.#groups.get(hour) ?? new Map<number, OfVersion>();
    if (byVersion.size === 0) this.#groups.set(hour, byVersion);
    const known = byVersion.get(version) ?? { hour, version, byColumns: new Map() };
    byVersion.set(version, known);
    return known;
  }
}
