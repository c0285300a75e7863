import { hourOf } from '../../time.ts';

/** What gates need of a hold-out: 28 bytes a row and 4 more for each segment, whatever the length of its lines. */
export type HoldoutColumns = {
  readonly labels: Float64Array;
  readonly champion: Float64Array;
  readonly candidate: Float64Array;
  /** Which block of dependent rows each belongs to. */
  readonly blocks: Int32Array;
  readonly blockCount: number;
  readonly segments: ReadonlyMap<string, { readonly codes: Int32Array; readonly values: readonly string[] }>;
};

export type HoldoutRow = {
  readonly predictedAt: string;
  readonly label: number;
  readonly championScore: number;
  readonly candidateScore: number;
  readonly segments?: Readonly<Record<string, string>> | undefined;
};

/** More values than these are no segment but an identifier. */
export const maximumSliceValues = 200;

/** Gathers rows one by one; `add` gives the reason why a row does not fit. */
export type ColumnBuilder = {
  add(row: HoldoutRow): string | undefined;
  /** Rows of a day are one block where there are so many days, of an hour where not. */
  build(minimumDays: number): HoldoutColumns;
};

export function columnBuilder(segmentNames: readonly string[]): ColumnBuilder {
  const [labels, champion, candidate] = [growing(Float64Array), growing(Float64Array), growing(Float64Array)];
  const hours = dictionary();
  const segments = new Map([...new Set(segmentNames)].map((name) => [name, dictionary()]));
  return {
    add: (row) => {
      for (const [name, codes] of segments) {
        const value = row.segments?.[name];
        if (value === undefined) return `segments.${name}: expected the row's value, received none`;
        codes.add(value);
        if (codes.values().length > maximumSliceValues)
          return `segments.${name}: expected at most ${maximumSliceValues} values in all`;
      }
      labels.add(row.label);
      champion.add(row.championScore);
      candidate.add(row.candidateScore);
      hours.add(hourOf(row.predictedAt));
      return undefined;
    },
    build: (minimumDays) => ({
      labels: labels.values(),
      champion: champion.values(),
      candidate: candidate.values(),
      ...blocksOf(hours, minimumDays),
      segments: new Map([...segments].map(([name, codes]) => [name, { codes: codes.codes(), values: codes.values() }])),
    }),
  };
}

/** The rows of one slice. */
export function sliceOf(columns: HoldoutColumns, segment: string, code: number): HoldoutColumns {
  const codes = columns.segments.get(segment)?.codes ?? new Int32Array();
  const isIn = (_: number, row: number) => codes[row] === code;
  const blocks = columns.blocks.filter(isIn);
  return {
    labels: columns.labels.filter(isIn),
    champion: columns.champion.filter(isIn),
    candidate: columns.candidate.filter(isIn),
    blocks,
    blockCount: new Set(blocks).size,
    segments: new Map(),
  };
}

function blocksOf(hours: Dictionary, minimumDays: number): Pick<HoldoutColumns, 'blocks' | 'blockCount'> {
  const names = hours.values();
  const days = [...new Set(names.map((hour) => hour.slice(0, 10)))];
  if (days.length < minimumDays) return { blocks: hours.codes(), blockCount: names.length };
  const dayByHour = names.map((hour) => days.indexOf(hour.slice(0, 10)));
  return { blocks: hours.codes().map((hour) => dayByHour[hour]!), blockCount: days.length };
}

type Dictionary = ReturnType<typeof dictionary>;

function dictionary() {
  const codeByValue = new Map<string, number>();
  const codes = growing(Int32Array);
  return {
    add: (value: string) => {
      const code = codeByValue.get(value) ?? codeByValue.size;
      codeByValue.set(value, code);
      codes.add(code);
    },
    codes: () => codes.values(),
    values: () => [...codeByValue.keys()],
  };
}

function growing<T extends Float64Array | Int32Array>(Column: new (length: number) => T) {
  let column = new Column(1_024);
  let length = 0;
  return {
    add: (value: number) => {
      if (length === column.length) {
        const larger = new Column(2 * length);
        larger.set(column);
        column = larger;
      }
      column[length] = value;
      length += 1;
    },
    values: () => column.subarray(0, length) as T,
  };
}
