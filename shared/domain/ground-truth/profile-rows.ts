import type { FeatureColumns } from './feature-columns.ts';
import type { JoinPrediction } from './join-input.ts';
import type { ColumnRows } from './profile-accumulator.ts';
import { hourOfKey, type SegmentKey } from './segment.ts';

type Group = { readonly rows: number[]; readonly scores: number[]; readonly outside: boolean[] };
type OfVersion = {
  readonly key: SegmentKey;
  readonly version: number;
  readonly byColumns: Map<FeatureColumns, Group>;
};

/** New predictions by hour and version, as rows of the columns they came in. */
export class ProfileRows {
  readonly #groups = new Map<SegmentKey, Map<number, OfVersion>>();
  #last: { readonly ofVersion: OfVersion; readonly columns: FeatureColumns; readonly group: Group } | undefined;

  add(key: SegmentKey, { modelVersion, features, score }: JoinPrediction, isOutsideSample: boolean): void {
    const { columns, row } = features;
    const group = this.#group(key, modelVersion, columns);
    group.rows.push(row);
    group.scores.push(score);
    group.outside.push(isOutsideSample);
  }

  *groups(): Iterable<{ readonly hour: string; readonly version: number; readonly rows: readonly ColumnRows[] }> {
    for (const byVersion of this.#groups.values())
      for (const { key, version, byColumns } of byVersion.values())
        yield {
          hour: hourOfKey(key),
          version,
          rows: [...byColumns].map(([columns, group]) => ({ columns, ...group })),
        };
  }

  #group(key: SegmentKey, version: number, columns: FeatureColumns): Group {
    const last = this.#last;
    // Neighbours are mostly of one hour.
    if (last?.columns === columns && last.ofVersion.key === key && last.ofVersion.version === version)
      return last.group;
    const ofVersion = this.#ofVersion(key, version);
    const group = ofVersion.byColumns.get(columns) ?? { rows: [], scores: [], outside: [] };
    ofVersion.byColumns.set(columns, group);
    this.#last = { ofVersion, columns, group };
    return group;
  }

  #ofVersion(key: SegmentKey, version: number): OfVersion {
    const byVersion = this.#groups.get(key) ?? new Map<number, OfVersion>();
    if (byVersion.size === 0) this.#groups.set(key, byVersion);
    const known = byVersion.get(version) ?? { key, version, byColumns: new Map() };
    byVersion.set(version, known);
    return known;
  }
}
