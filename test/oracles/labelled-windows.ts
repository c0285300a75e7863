import { byWindow, readCsv, readJson, type Table } from './data.ts';

/** Predictions whose true label is known, with it, by window. */
export function labelledWindows(dataset: string, file = 'predictions', column?: string): ReadonlyMap<string, Table> {
  const target = column ?? readJson(`${dataset}/oracle.json`).target;
  const labels = new Map(readCsv(`${dataset}/data.csv.gz`).map((row) => [row.row_id, row[target] ?? '']));
  const rows = readCsv(`${dataset}/${file}.csv.gz`).map((row) => ({ ...row, label: labels.get(row.row_id) ?? '' }));
  return byWindow(rows.filter((row) => row.label !== ''));
}
