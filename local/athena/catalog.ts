import * as z from 'zod';
import type { Journal } from '../journal.ts';
import { parseProperties } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';

const column = z.object({ Name: z.string(), Type: z.string() });
const tableProperties = z.object({
  DatabaseName: z.string(),
  TableInput: z.object({
    Name: z.string(),
    TableType: z.literal('EXTERNAL_TABLE'),
    Parameters: z.record(z.string(), z.string()).default({}),
    PartitionKeys: z.array(column).length(1, 'expected one partition key'),
    StorageDescriptor: z.object({
      Columns: z.array(column),
      Location: z.string(),
      InputFormat: z.literal('org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'),
    }),
  }),
});

export type CatalogTable = {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly partitionKey: string;
  readonly location: string;
  /** Partitions follow from where objects are; else only those that were added exist. */
  readonly isProjected: boolean;
};

export type Catalog = ReturnType<typeof createCatalog>;

/** Glue's data catalog: the tables of the template, and the partitions that statements added, in the journal. */
export function createCatalog(journal: Journal, resources: readonly ResolvedResource[]) {
  journal.db.exec(
    'CREATE TABLE IF NOT EXISTS glue_partitions (tbl TEXT, value TEXT, location TEXT NOT NULL, PRIMARY KEY (tbl, value))',
  );
  const tables = resources.map(tableOf);
  const add = journal.db.prepare('INSERT OR IGNORE INTO glue_partitions (tbl, value, location) VALUES (?, ?, ?)');
  const move = journal.db.prepare('UPDATE glue_partitions SET location = ? WHERE tbl = ? AND value = ?');
  const all = journal.db.prepare('SELECT value, location FROM glue_partitions WHERE tbl = ? ORDER BY value');
  const key = ({ database, name }: CatalogTable) => `${database}.${name}`;
  return {
    find: (database: string, name: string) =>
      tables.find((table) => table.database === database && table.name === name),
    ofDatabase: (database: string) => tables.filter((table) => table.database === database),
    /** Does nothing when there is one of that value. */
    addPartition: (table: CatalogTable, value: string, location: string) => void add.run(key(table), value, location),
    /** Whether there is one of that value. */
    movePartition: (table: CatalogTable, value: string, location: string) =>
      Number(move.run(location, key(table), value).changes) > 0,
    partitions: (table: CatalogTable) =>
      all.all(key(table)).map((row) => ({ value: String(row.value), location: String(row.location) })),
  };
}

function tableOf(resource: ResolvedResource): CatalogTable {
  const { DatabaseName, TableInput } = parseProperties(resource, tableProperties);
  const { Name, Parameters, PartitionKeys, StorageDescriptor } = TableInput;
  return {
    database: DatabaseName,
    name: Name,
    columns: StorageDescriptor.Columns.map((each) => ({ name: each.Name, type: each.Type })),
    partitionKey: PartitionKeys[0]!.Name,
    location: StorageDescriptor.Location,
    isProjected: Parameters['projection.enabled'] === 'true',
  };
}
