import type { Baseline } from '../health/baseline.ts';
import { type CompiledBins, compiledBins, type FeatureValue, slotOf } from '../health/compiled-bins.ts';
import { thresholdsPassed } from '../health/threshold-index.ts';
import { type FeatureCounts, type Profile, type SparseCounts, scoreBins } from './aggregates.ts';
import type { FeatureColumn, FeatureColumns } from './feature-columns.ts';
import { scoreBin } from './loss.ts';

/** One prediction as it is counted. */
export type ProfiledRow = { readonly features: Readonly<Record<string, FeatureValue>>; readonly score: number };

/** Predictions as rows of columns, with the score of each; those `outside` the sample count in their segments only. */
export type ColumnRows = {
  readonly columns: FeatureColumns;
  readonly rows: readonly number[];
  readonly scores: readonly number[];
  readonly outside: readonly boolean[];
};

/** Counts of rows on a baseline's bins, kept in one array until they are asked for. */
export type ProfileAccumulator = {
  /** Counts one row and allocates nothing: what a row costs decides what ingest costs. */
  add(row: ProfiledRow): void;
  /** Counts rows where they came in, column after column. */
  addColumns(columns: ColumnRows): void;
  /** `held` with all rows added so far. Counts are whole numbers, so order is nothing. */
  addedTo(held: Profile): Profile;
};

/** The part of a baseline that rows are counted on. */
export type BinnedBaseline = Pick<Baseline, 'features' | 'scores' | 'segments'>;

/** Rows that are counted apart as well. */
type SegmentCounter = {
  readonly name: string;
  readonly feature: string;
  readonly values: ReadonlySet<string>;
  readonly rows: ProfileAccumulator;
};

/** Where each feature's slots begin in the array of counts. */
type Layout = {
  readonly names: readonly string[];
  readonly bins: readonly CompiledBins[];
  readonly offsets: Int32Array;
  readonly scores: CompiledBins;
  readonly scoreOffset: number;
  readonly slots: number;
};

// A baseline is immutable, and a batch of events brings few rows to each.
const layouts = new WeakMap<BinnedBaseline['features'], Layout>();

export function createProfileAccumulator(
  baseline: BinnedBaseline,
  { scoreHistogram: hasHistogram = false }: { readonly scoreHistogram?: boolean } = {},
): ProfileAccumulator {
  const layout = layoutOf(baseline);
  const { names, bins, offsets, scores, scoreOffset } = layout;
  const counts = new Float64Array(layout.slots);
  const histogram = new Float64Array(hasHistogram ? scoreBins : 0);
  const segments = segmentCounters(baseline);
  let n = 0;
  return {
    add: (row) => {
      const { features, score } = row;
      for (let i = 0; i < names.length; i += 1) counts[offsets[i]! + slotOf(bins[i]!, features[names[i]!])]! += 1;
      counts[scoreOffset + slotOf(scores, score)]! += 1;
      if (hasHistogram) histogram[scoreBin(score)]! += 1;
      n += 1;
      for (const segment of segments) if (isInside(segment, features)) segment.rows.add(row);
    },
    addColumns: (all) => {
      for (const segment of segments) segment.rows.addColumns(rowsInside(segment, all));
      const { columns, rows, scores: values } = withoutOutsiders(all);
      for (let i = 0; i < names.length; i += 1) addColumn(counts, offsets[i]!, bins[i]!, columns.get(names[i]!), rows);
      for (const score of values) {
        counts[scoreOffset + slotOf(scores, score)]! += 1;
        if (hasHistogram) histogram[scoreBin(score)]! += 1;
      }
      n += rows.length;
    },
    addedTo: (held) => ({
      n: held.n + n,
      features: Object.fromEntries(
        names.map((name, i) => [name, addedCounts(held.features[name], bins[i]!, counts, offsets[i]!)]),
      ),
      scores: addedBins(held.scores, scores.missing, counts, scoreOffset),
      ...(hasHistogram && { scoreHistogram: addedBins(held.scoreHistogram ?? {}, scoreBins, histogram, 0) }),
      ...(segments.length > 0 && { segments: addedSegments(held, segments) }),
    }),
  };
}

function segmentCounters({ segments = [], features, scores }: BinnedBaseline): readonly SegmentCounter[] {
  return segments.map(({ name, feature, values }) => ({
    name,
    feature,
    values: new Set(values),
    rows: createProfileAccumulator({ features, scores }),
  }));
}

function isInside({ feature, values }: SegmentCounter, features: ProfiledRow['features']): boolean {
  const value = features[feature];
  if (value === null || value === undefined) return false;
  return values.has(typeof value === 'string' ? value : String(value));
}

function addColumn(
  counts: Float64Array,
  offset: number,
  bins: CompiledBins,
  column: FeatureColumn | undefined,
  rows: readonly number[],
): void {
  if (column === undefined) counts[offset + bins.missing]! += rows.length;
  else if (column.kind === 'texts') addTexts(counts, offset, bins, column, rows);
  else if (bins.numbers === undefined)
    for (const row of rows) counts[offset + slotOf(bins, presentNumber(column.values[row]!))]! += 1;
  else {
    const { numbers, missing } = bins;
    for (const row of rows) {
      const value = column.values[row]!;
      counts[offset + (Number.isFinite(value) ? thresholdsPassed(numbers, value) : missing)]! += 1;
    }
  }
}

function addTexts(
  counts: Float64Array,
  offset: number,
  bins: CompiledBins,
  { values, coded }: Extract<FeatureColumn, { readonly kind: 'texts' }>,
  rows: readonly number[],
): void {
  // Each text is looked up once when that is less work.
  if (coded === undefined || coded.texts.length >= rows.length) {
    for (const row of rows) counts[offset + slotOf(bins, values[row])]! += 1;
    return;
  }
  const { texts, codes } = coded;
  const slots = new Int32Array(texts.length);
  for (let code = 0; code < slots.length; code += 1) slots[code] = offset + slotOf(bins, texts[code]);
  const missing = offset + bins.missing;
  for (const row of rows) counts[codes[row] === -1 ? missing : slots[codes[row]!]!]! += 1;
}

function presentNumber(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function withoutOutsiders(all: ColumnRows): ColumnRows {
  return all.outside.includes(true) ? pickRows(all, (i) => !all.outside[i]) : all;
}

/** In their segments, all count. */
function rowsInside({ feature, values }: SegmentCounter, all: ColumnRows): ColumnRows {
  const column = all.columns.get(feature);
  const inside = pickRows(all, (i) => {
    const value = column?.values[all.rows[i]!];
    return value !== undefined && value !== null && !Number.isNaN(value) && values.has(String(value));
  });
  return { ...inside, outside: [] };
}

function pickRows({ columns, rows, scores, outside }: ColumnRows, isPicked: (i: number) => boolean): ColumnRows {
  const indexes = [...rows.keys()].filter(isPicked);
  return {
    columns,
    rows: indexes.map((i) => rows[i]!),
    scores: indexes.map((i) => scores[i]!),
    outside: indexes.map((i) => outside[i] ?? false),
  };
}

function addedSegments({ segments = {} }: Profile, counters: readonly SegmentCounter[]) {
  const nothing: Profile = { n: 0, features: {}, scores: {} };
  const added = counters.map(({ name, rows }) => [name, rows.addedTo(segments[name] ?? nothing)] as const);
  return { ...segments, ...Object.fromEntries(added) };
}

function addedCounts(
  held: FeatureCounts | undefined,
  bins: CompiledBins,
  counts: Float64Array,
  offset: number,
): FeatureCounts {
  return {
    bins: addedBins(held?.bins ?? {}, bins.missing, counts, offset),
    missing: (held?.missing ?? 0) + counts[offset + bins.missing]!,
    unseen: (held?.unseen ?? 0) + counts[offset + bins.unseen]!,
  };
}

function addedBins(held: SparseCounts, bins: number, counts: Float64Array, offset: number): SparseCounts {
  const sum: Record<string, number> = { ...held };
  for (let bin = 0; bin < bins; bin += 1) {
    const count = counts[offset + bin]!;
    if (count > 0) sum[bin] = (sum[bin] ?? 0) + count;
  }
  return sum;
}

function layoutOf(baseline: BinnedBaseline): Layout {
  const known = layouts.get(baseline.features);
  const scores = compiledBins(baseline.scores);
  if (known?.scores === scores) return known;
  const bins = Object.values(baseline.features).map(compiledBins);
  const offsets = new Int32Array(bins.length + 1);
  for (const [i, { slots }] of bins.entries()) offsets[i + 1] = offsets[i]! + slots;
  const scoreOffset = offsets[bins.length]!;
  const slots = scoreOffset + scores.slots;
  const layout = { names: Object.keys(baseline.features), bins, offsets, scores, scoreOffset, slots };
  layouts.set(baseline.features, layout);
  return layout;
}
