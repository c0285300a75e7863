import type { Cell } from '../../shared/ports/table.ts';
import type { CategoricalColumn, Column, Kind, NumericColumn } from './column.ts';
import { GrowingArray } from './growing-array.ts';
import { parseNumber } from './parse-number.ts';

/** Which rows of a batch count; undefined: all. */
export type Chosen = Uint8Array | undefined;

/** Gathers one column, batch by batch. */
export interface Collector {
  readonly kind: Kind;
  /** Rows whose cell the kind has no place for; of a numeric column its texts. */
  readonly misfits: number;
  add(cells: readonly Cell[] | Float64Array, chosen: Chosen): void;
  column(): Column;
}

export function numericCollector(expectedRows: number | undefined): Collector & { column(): NumericColumn } {
  const values = new GrowingArray((length) => new Float64Array(length), expectedRows);
  const textRows = new GrowingArray((length) => new Int32Array(length), 16);
  const numberOf = (cell: Cell): number => {
    if (typeof cell === 'number') return cell;
    if (cell === null) return Number.NaN;
    const number = typeof cell === 'string' ? parseNumber(cell) : undefined;
    if (number === undefined) textRows.push(values.length);
    return number ?? Number.NaN;
  };
  return {
    kind: 'numeric',
    get misfits() {
      return textRows.length;
    },
    add(cells, chosen) {
      if (chosen === undefined && cells instanceof Float64Array) values.append(cells);
      else for (let i = 0; i < cells.length; i += 1) if (chosen?.[i] !== 0) values.push(numberOf(cells[i]!));
    },
    column: () => ({ kind: 'numeric', values: values.view(), textRows: textRows.view() }),
  };
}

/** `isPerRow`: keeps each row's category too. */
export function categoricalCollector(isPerRow: boolean): Collector & { column(): CategoricalColumn } {
  const codeByCategory = new Map<string, number>();
  const counts: number[] = [];
  const codes = new GrowingArray((length) => new Int32Array(length));
  let [rows, missing] = [0, 0];
  const codeOf = (cell: Cell): number => {
    if (cell === null) return -1;
    const category = String(cell);
    const known = codeByCategory.get(category);
    if (known !== undefined) return known;
    codeByCategory.set(category, counts.length);
    return counts.push(0) - 1;
  };
  return {
    kind: 'categorical',
    misfits: 0,
    add(cells, chosen) {
      for (let i = 0; i < cells.length; i += 1) {
        if (chosen?.[i] === 0) continue;
        const code = codeOf(cells[i]!);
        rows += 1;
        if (code < 0) missing += 1;
        else counts[code]! += 1;
        if (isPerRow) codes.push(code);
      }
    },
    column: () => ({
      kind: 'categorical',
      counts: new Map([...codeByCategory].map(([category, code]) => [category, counts[code]!])),
      missing,
      rows,
      codes: isPerRow ? codes.view() : undefined,
    }),
  };
}

/** The kind that a column shows to have at first sight. */
export function kindOf(cells: readonly Cell[] | Float64Array, chosen: Chosen): Kind {
  if (cells instanceof Float64Array) return 'numeric';
  const isNumeric = (cell: Cell) =>
    cell === null || typeof cell === 'number' || (typeof cell === 'string' && parseNumber(cell) !== undefined);
  return cells.every((cell, i) => chosen?.[i] === 0 || isNumeric(cell)) ? 'numeric' : 'categorical';
}
