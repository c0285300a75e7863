import { type JoinScope, joinSql } from './join-sql.ts';
import { type MetricsScope, metricsSql } from './metrics-sql.ts';
import { textLiteral } from './sql-text.ts';

/** Names in the data catalog; `infra/capabilities/ground-truth-batch.ts` declares what they hold. */
export const batchTables = { predictions: 'raw_predictions', outcomes: 'raw_outcomes', joined: 'joined' } as const;

/** Writes what the join finds under `to`, an empty prefix: `s3://bucket/joined/date=…/run=…/`. */
export function unloadJoin(scope: Omit<JoinScope, 'tables'>, to: string): string {
  return unload(joinSql({ ...scope, tables: batchTables }), to);
}

/** Writes the day's metrics under `to`, an empty prefix. */
export function unloadMetrics(scope: Omit<MetricsScope, 'joined'>, to: string): string {
  return unload(metricsSql({ ...scope, joined: batchTables.joined }), to);
}

/** Does nothing when the day has a partition already. */
export function addDay(date: string, location: string): string {
  return `ALTER TABLE ${batchTables.joined} ADD IF NOT EXISTS PARTITION (\`date\` = ${textLiteral(date)}) LOCATION ${textLiteral(location)}`;
}

/** From now on readers of the day read this, and nothing in between. */
export function switchDay(date: string, location: string): string {
  return `ALTER TABLE ${batchTables.joined} PARTITION (\`date\` = ${textLiteral(date)}) SET LOCATION ${textLiteral(location)}`;
}

function unload(query: string, to: string): string {
  return `UNLOAD (${query}) TO ${textLiteral(to)} WITH (format = 'PARQUET', compression = 'ZSTD')`;
}
