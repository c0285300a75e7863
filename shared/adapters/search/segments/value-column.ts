/** Several values of each document, as numbers of a table: those of document `i` from `starts[i]` to before `starts[i + 1]`. */
export type ValueColumn = {
  readonly values: readonly string[];
  readonly starts: Uint32Array;
  readonly ids: Uint32Array;
};

export function valueColumn(rows: readonly (readonly string[])[]): ValueColumn {
  const table = createValueTable();
  const starts = new Uint32Array(rows.length + 1);
  const ids: number[] = [];
  for (const [i, row] of rows.entries()) {
    for (const value of row) ids.push(table.idOf(value));
    starts[i + 1] = ids.length;
  }
  return { values: table.values, starts, ids: Uint32Array.from(ids) };
}

/** Rows picked from several columns, in the order given; values that no row has are dropped. */
export function pickValues(columns: readonly ValueColumn[], from: Uint8Array, at: Uint32Array): ValueColumn {
  const table = createValueTable();
  const idOf = columns.map(({ values }) => {
    const known = new Int32Array(values.length).fill(-1);
    return (id: number) => {
      if (known[id]! < 0) known[id] = table.idOf(values[id]!);
      return known[id]!;
    };
  });
  const starts = new Uint32Array(at.length + 1);
  const ids: number[] = [];
  for (let i = 0; i < at.length; i += 1) {
    const column = columns[from[i]!]!;
    const translated = idOf[from[i]!]!;
    const end = column.starts[at[i]! + 1]!;
    for (let k = column.starts[at[i]!]!; k < end; k += 1) ids.push(translated(column.ids[k]!));
    starts[i + 1] = ids.length;
  }
  return { values: table.values, starts, ids: Uint32Array.from(ids) };
}

function createValueTable() {
  const ids = new Map<string, number>();
  const values: string[] = [];
  const idOf = (value: string): number => {
    const known = ids.get(value);
    if (known !== undefined) return known;
    ids.set(value, values.length);
    return values.push(value) - 1;
  };
  return { values, idOf };
}
