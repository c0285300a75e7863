import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { account, region } from '../template/identities.ts';
import type { Catalog, CatalogTable } from './catalog.ts';
import { engineSettings } from './engine-settings.ts';
import { type ObjectFile, type Objects, placeOf } from './objects.ts';
import { boundsOf, type Statement } from './statement.ts';
import { trinoMacros } from './trino-macros.ts';

/** A query that ended badly, as Athena words it. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
}

export type QueryContext = {
  readonly database: string;
  /** `s3://bucket/prefix/` of the workgroup. */
  readonly results: string;
  readonly catalog: Catalog;
  readonly objects: Objects;
  /** Under which what does not fit into memory is kept while a query runs. */
  readonly folder: string;
  /** Asked before data is read or written. Throws QueryFailure. */
  readonly demand: (action: string, resource: string) => void;
};

export type QueryOutcome = {
  readonly scannedBytes: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
};

const nothing: QueryOutcome = { scannedBytes: 0, columns: [], rows: [] };

const maximumRows = 1_000;

/** Throws QueryFailure, and whatever the engine throws. */
export async function runStatement(statement: Statement, id: string, context: QueryContext): Promise<QueryOutcome> {
  if ('value' in statement) {
    changePartition(statement, context);
    return nothing;
  }
  demandResults(context);
  if (statement.kind === 'unload') await demandEmpty(statement.to, context);
  mkdirSync(context.folder, { recursive: true });
  const folder = mkdtempSync(path.join(context.folder, 'query-'));
  const instance = await DuckDBInstance.create(':memory:', engineSettings(folder));
  const db = await instance.connect();
  try {
    const scannedBytes = await makeViews(db, statement.query, context);
    if (statement.kind === 'select') return { scannedBytes, ...(await select(db, statement.query)) };
    await unloadRows(db, statement, path.join(folder, 'rows.parquet'), id, context);
    return { ...nothing, scannedBytes };
  } finally {
    db.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}

function changePartition(statement: Extract<Statement, { readonly value: string }>, context: QueryContext): void {
  const { catalog, database } = context;
  const table = catalog.find(database, statement.table);
  if (table === undefined) throw new QueryFailure(`FAILED: SemanticException table ${statement.table} not found`);
  const isAdded = statement.kind === 'add-partition';
  demandResults(context);
  demandTable(table, 'glue:GetTable', context);
  demandTable(table, isAdded ? 'glue:BatchCreatePartition' : 'glue:UpdatePartition', context);
  if (!isAdded) demandTable(table, 'glue:GetPartition', context);
  if (isAdded) catalog.addPartition(table, statement.value, statement.location);
  else if (!catalog.movePartition(table, statement.value, statement.location))
    throw new QueryFailure(`FAILED: SemanticException partition not found {${table.partitionKey}=${statement.value}}`);
}

/** Also a statement without rows leaves something where the workgroup keeps results. */
function demandResults({ database, results, demand }: QueryContext): void {
  const { bucket, prefix } = placeOf(results);
  demand('s3:GetBucketLocation', `arn:aws:s3:::${bucket}`);
  demand('s3:PutObject', `arn:aws:s3:::${bucket}/${prefix}any`);
  for (const resource of ['catalog', `database/${database}`])
    demand('glue:GetDatabase', `arn:aws:glue:${region}:${account}:${resource}`);
}

function demandTable({ database, name }: CatalogTable, action: string, { demand }: QueryContext): void {
  for (const resource of ['catalog', `database/${database}`, `table/${database}/${name}`])
    demand(action, `arn:aws:glue:${region}:${account}:${resource}`);
}

async function demandEmpty(to: string, { objects, demand }: QueryContext): Promise<void> {
  const { bucket, prefix } = placeOf(to);
  demand('s3:ListBucket', `arn:aws:s3:::${bucket}`);
  demand('s3:PutObject', `arn:aws:s3:::${bucket}/${prefix}any`);
  if ((await objects.list(to)).length > 0)
    throw new QueryFailure(`HIVE_PATH_ALREADY_EXISTS: Target directory for table already exists: ${to}`);
}

/** A view for each table that the query names, over the objects of the partitions that it can mean. */
async function makeViews(db: DuckDBConnection, query: string, context: QueryContext): Promise<number> {
  for (const macro of trinoMacros) await db.run(macro);
  await db.run("SET TimeZone = 'UTC'");
  let scannedBytes = 0;
  for (const table of context.catalog.ofDatabase(context.database)) {
    if (!new RegExp(`\\b${table.name}\\b`, 'i').test(query)) continue;
    demandTable(table, 'glue:GetTable', context);
    demandTable(table, 'glue:GetPartitions', context);
    const parts = await partsOf(table, query, context);
    scannedBytes += parts.reduce((sum, { bytes }) => sum + bytes, 0);
    await db.run(`CREATE VIEW ${table.name} AS ${await viewOf(db, table, parts)}`);
  }
  return scannedBytes;
}

async function partsOf(table: CatalogTable, query: string, context: QueryContext): Promise<readonly ObjectFile[]> {
  const { objects, catalog, demand } = context;
  const bounds = boundsOf(query, table.partitionKey);
  const isAsked = (value: string) => bounds === undefined || (value >= bounds.first && value <= bounds.last);
  const places = table.isProjected
    ? [{ value: undefined, location: table.location }]
    : catalog.partitions(table).filter(({ value }) => isAsked(value));
  const parts: ObjectFile[] = [];
  for (const { value, location } of places) {
    const { bucket } = placeOf(location);
    demand('s3:ListBucket', `arn:aws:s3:::${bucket}`);
    for (const found of await objects.list(location)) {
      const held = value ?? new RegExp(`/${table.partitionKey}=([^/]+)/`).exec(found.key)?.[1];
      if (held === undefined || !isAsked(held)) continue;
      demand('s3:GetObject', `arn:aws:s3:::${bucket}/${found.key}`);
      parts.push(await objects.fetched(bucket, found, `${table.partitionKey}=${held}`));
    }
  }
  return parts;
}

const types: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

async function viewOf(db: DuckDBConnection, table: CatalogTable, parts: readonly ObjectFile[]): Promise<string> {
  const typed = (of: (name: string) => string) =>
    table.columns.map(({ name, type }) => `CAST(${of(name)} AS ${types[type] ?? type}) AS "${name}"`).join(', ');
  const key = `"${table.partitionKey}"`;
  if (parts.length === 0) return `SELECT ${typed(() => 'NULL')}, CAST(NULL AS VARCHAR) AS ${key} WHERE false`;
  const files = parts.map(({ path: file }) => `'${file}'`).join(', ');
  // The path says the partition, as it does in S3.
  const source = `read_parquet([${files}], union_by_name = true, hive_partitioning = true, hive_types_autocast = false)`;
  const described = await db.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const present = new Set(described.getRowObjectsJson().map((row) => String(row.column_name)));
  return `SELECT ${typed((name) => (present.has(name) ? `"${name}"` : 'NULL'))}, CAST(${key} AS VARCHAR) AS ${key} FROM ${source}`;
}

async function select(db: DuckDBConnection, query: string) {
  const result = await db.runAndReadUntil(query, maximumRows);
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  return { columns: result.columnNames(), rows: result.getRowsJson().map((row) => row.map(text)) };
}

async function unloadRows(
  db: DuckDBConnection,
  { query, to, compression }: Extract<Statement, { readonly kind: 'unload' }>,
  file: string,
  id: string,
  { objects }: QueryContext,
): Promise<void> {
  await db.run(`COPY (${query}) TO '${file}' (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE 20480)`);
  await objects.put(`${to}${id}.parquet`, file);
}
