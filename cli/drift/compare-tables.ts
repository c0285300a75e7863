import type { Table } from '../../shared/ports/table.ts';
import { unusable } from '../fault.ts';
import { type Choice, type ChosenRows, chooseRows } from './choose-rows.ts';
import { type Column, isVoid, type Kind } from './column.ts';
import type { ColumnDrift, Sides } from './column-drift.ts';
import { compareSides } from './compare-sides.ts';
import type { Strictness } from './judge-column.ts';
import { readColumns } from './read-columns.ts';

export type Side = { readonly table: Table; readonly choice: Choice };

export type Comparison = {
  readonly rows: Sides<number>;
  /** Days that have rows; undefined without a time column. */
  readonly days: Sides<number> | undefined;
  readonly columns: readonly ColumnDrift[];
};

export type ComparedColumns = {
  readonly names: readonly string[];
  /** Held to be categories even when they are numbers. */
  readonly categorical: readonly string[];
  /** A columnar file gives one column at a time for the price of one; any other is read once for all. */
  readonly reading: 'one-by-one' | 'at-once';
};

/** Each column of the reference's rows beside that of the current rows. Throws `ArtifactUnusable`. */
export async function compareTables(
  sides: Sides<Side>,
  { names, categorical, reading }: ComparedColumns,
  strictness: Strictness,
): Promise<Comparison> {
  const chosen = {
    reference: await chooseRows(sides.reference.table, sides.reference.choice),
    current: await chooseRows(sides.current.table, sides.current.choice),
  };
  const days = daysOf(chosen);
  const fixed = new Map<string, Kind>(categorical.map((name) => [name, 'categorical']));
  const drifts: ColumnDrift[] = [];
  let rows = { reference: 0, current: 0 };
  for (const group of reading === 'at-once' ? [names] : names.map((name) => [name])) {
    const columns = await readSides(sides, group, chosen, fixed);
    rows = {
      reference: rowsOf(sides.reference, columns.reference),
      current: rowsOf(sides.current, columns.current),
    };
    for (const name of group) {
      const pair = { reference: columns.reference.get(name)!, current: columns.current.get(name)! };
      drifts.push(compareSides(name, pair, days, strictness));
    }
  }
  return { rows, days: days && distinctDays(days), columns: drifts };
}

/** The reference says what kind a column is; where it holds no value, the current rows do. */
async function readSides(
  { reference, current }: Sides<Side>,
  names: readonly string[],
  chosen: Sides<ChosenRows>,
  fixed: ReadonlyMap<string, Kind>,
): Promise<Sides<ReadonlyMap<string, Column>>> {
  const before = await readColumns(reference.table, names, chosen.reference, fixed);
  const told = [...before].filter(([name, column]) => fixed.has(name) || !isVoid(column));
  const kinds = new Map(told.map(([name, { kind }]) => [name, kind]));
  return { reference: before, current: await readColumns(current.table, names, chosen.current, kinds) };
}

function rowsOf({ choice }: Side, columns: ReadonlyMap<string, Column>): number {
  for (const column of columns.values()) {
    const rows = column.kind === 'numeric' ? column.values.length : column.rows;
    if (rows > 0) return rows;
  }
  throw unusable(choice.file, 'no row, expected at least one');
}

function daysOf({ reference, current }: Sides<ChosenRows>): Sides<Int32Array> | undefined {
  if (reference.days === undefined || current.days === undefined) return undefined;
  return { reference: reference.days, current: current.days };
}

function distinctDays({ reference, current }: Sides<Int32Array>): Sides<number> {
  return { reference: new Set(reference).size, current: new Set(current).size };
}
