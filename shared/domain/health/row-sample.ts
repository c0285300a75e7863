/** A uniform sample of rows without replacement, in columns. */
export type RowSample = {
  /** `valueAt` is asked for each column of a row that is kept. */
  add(valueAt: (column: number) => number): void;
  /** The kept values of one column, in no order. */
  column(index: number): Float64Array;
  /** Whether every row was kept. */
  isWhole(): boolean;
};

type Options = { readonly columns: number; readonly maximumRows: number; readonly random: () => number };

const firstCapacity = 1_024;

/** Reservoir sampling (Vitter 1985, algorithm R); grows with the rows up to `maximumRows`. */
export function createRowSample({ columns, maximumRows, random }: Options): RowSample {
  let kept: readonly Float64Array[] = Array.from(
    { length: columns },
    () => new Float64Array(Math.min(firstCapacity, maximumRows)),
  );
  let rows = 0;
  const place = () => {
    if (rows < maximumRows) return rows;
    const drawn = Math.floor(random() * (rows + 1));
    return drawn < maximumRows ? drawn : undefined;
  };
  return {
    add: (valueAt) => {
      const row = place();
      rows += 1;
      if (row === undefined) return;
      if (row === kept[0]?.length) kept = kept.map((values) => enlarged(values, maximumRows));
      for (let column = 0; column < columns; column += 1) kept[column]![row] = valueAt(column);
    },
    column: (index) => kept[index]!.slice(0, Math.min(rows, maximumRows)),
    isWhole: () => rows <= maximumRows,
  };
}

function enlarged(values: Float64Array, maximum: number): Float64Array {
  const larger = new Float64Array(Math.min(maximum, values.length * 2));
  larger.set(values);
  return larger;
}
