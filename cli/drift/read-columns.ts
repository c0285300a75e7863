import type { Cell, Table } from '../../shared/ports/table.ts';
import type { ChosenRows } from './choose-rows.ts';
import { type Chosen, type Collector, categoricalCollector, kindOf, numericCollector } from './collect-column.ts';
import type { Column, Kind } from './column.ts';

/**
 * Some columns of the chosen rows, in one reading of the file. A column without a given kind is numeric when all its
 * texts are numbers; one that turns out otherwise late in the file is read again.
 */
export async function readColumns(
  table: Table,
  names: readonly string[],
  rows: ChosenRows,
  kinds: ReadonlyMap<string, Kind> = new Map(),
): Promise<ReadonlyMap<string, Column>> {
  const collectors = await collect(table, names, rows, kinds);
  const misjudged = names.filter((name) => !kinds.has(name) && (collectors.get(name)?.misfits ?? 0) > 0);
  const columns = new Map(names.map((name) => [name, (collectors.get(name) ?? numericCollector(0)).column()]));
  if (misjudged.length === 0) return columns;
  const known = new Map<string, Kind>(misjudged.map((name) => [name, 'categorical']));
  return new Map([...columns, ...(await readColumns(table, misjudged, rows, known))]);
}

async function collect(
  table: Table,
  names: readonly string[],
  { rows, chosen, days }: ChosenRows,
  kinds: ReadonlyMap<string, Kind>,
): Promise<ReadonlyMap<string, Collector>> {
  const collectors = new Map<string, Collector>();
  const collectorOf = (name: string, cells: readonly Cell[] | Float64Array, part: Chosen) => {
    const known = collectors.get(name);
    if (known !== undefined) return known;
    const kind = kinds.get(name) ?? kindOf(cells, part);
    const created = kind === 'numeric' ? numericCollector(rows) : categoricalCollector(days !== undefined);
    collectors.set(name, created);
    return created;
  };
  let from = 0;
  for await (const batch of table.batches(names)) {
    const part = chosen?.subarray(from, from + batch.rows);
    from += batch.rows;
    if (part?.includes(1) === false) continue;
    for (const name of names) {
      const cells = batch.column(name);
      collectorOf(name, cells, part).add(cells, part);
    }
  }
  return collectors;
}
