import type { Cell, TableBatch } from '../../ports/table.ts';

type Column = readonly Cell[] | Float64Array;

/** A batch of columns that are in memory. */
export function columnBatch(rows: number, columnByName: ReadonlyMap<string, Column>): TableBatch {
  return {
    rows,
    column(name) {
      const column = columnByName.get(name);
      if (column === undefined) throw new RangeError(`column ${name} was not asked for`);
      return column;
    },
  };
}
