import { Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { batchTables, type TableSpec } from './batch-tables.ts';
import type { RuntimeFunction } from './runtime-function.ts';

export interface DataCatalogProps {
  readonly settings: Settings;
  readonly bucket: IBucket;
}

/** Tables over the files of the batch layer, and who may ask Athena about them for what. */
export interface DataCatalog {
  /** Starts queries that read raw events or joined rows and write joined rows or metrics. */
  mayJoin(target: RuntimeFunction): RuntimeFunction;
  /** Starts statements that add or move a partition of the joined rows. */
  maySwitch(target: RuntimeFunction): RuntimeFunction;
  mayWatch(target: RuntimeFunction): RuntimeFunction;
}

/** Raw events have the partitions that their keys say; joined rows those that statements set. */
export function dataCatalog(scope: Construct, { settings, bucket }: DataCatalogProps): DataCatalog {
  const { account, region } = Stack.of(scope);
  const database = `runway_${settings.stage.replaceAll('-', '_')}`;
  const workGroup = `runway-${settings.stage}-batch`;
  const catalog = new CfnDatabase(scope, 'Database', {
    catalogId: account,
    databaseInput: { name: database, description: 'Raw events and joined ground truth of Runway' },
  });
  for (const spec of batchTables) table(scope, spec, { account, database, bucket }).addResourceDependency(catalog);
  new CfnWorkGroup(scope, 'WorkGroup', {
    name: workGroup,
    description: 'The batch join of ground truth',
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `s3://${bucket.bucketName}/athena/`,
        encryptionConfiguration: { encryptionOption: 'SSE_S3' },
      },
    },
  });
  const workGroupArn = `arn:aws:athena:${region}:${account}:workgroup/${workGroup}`;
  const glue = (...names: readonly string[]) =>
    [`catalog`, `database/${database}`, ...names.map((name) => `table/${database}/${name}`)].map(
      (resource) => `arn:aws:glue:${region}:${account}:${resource}`,
    );
  const asks = (target: RuntimeFunction) =>
    target
      .allow(['athena:StartQueryExecution'], [workGroupArn])
      .allow(['s3:GetBucketLocation', 's3:ListBucket'], [bucket.bucketArn])
      .bindBucket('GROUND_TRUTH_BUCKET', bucket, ['s3:PutObject'], 'athena/*')
      .set('ATHENA_WORKGROUP', workGroup)
      .set('GLUE_DATABASE', database);
  return {
    mayJoin: (target) =>
      asks(target)
        .allow(['glue:GetDatabase'], glue())
        .allow(['glue:GetTable', 'glue:GetPartitions'], glue('raw_predictions', 'raw_outcomes', 'joined'))
        .bindBucket('GROUND_TRUTH_BUCKET', bucket, ['s3:GetObject'], 'raw/*')
        .bindBucket('GROUND_TRUTH_BUCKET', bucket, ['s3:GetObject', 's3:PutObject'], 'joined/*')
        .bindBucket('GROUND_TRUTH_BUCKET', bucket, ['s3:PutObject'], 'metrics/*'),
    maySwitch: (target) =>
      asks(target)
        .allow(['glue:GetDatabase'], glue())
        .allow(
          ['glue:GetTable', 'glue:GetPartition', 'glue:BatchCreatePartition', 'glue:UpdatePartition'],
          glue('joined'),
        ),
    mayWatch: (target) =>
      target
        .allow(['athena:GetQueryExecution'], [workGroupArn])
        .set('ATHENA_WORKGROUP', workGroup)
        .set('GLUE_DATABASE', database),
  };
}

type Place = { readonly account: string; readonly database: string; readonly bucket: IBucket };

function table(
  scope: Construct,
  { name, key, prefix, columns }: TableSpec,
  { account, database, bucket }: Place,
): CfnTable {
  const location = `s3://${bucket.bucketName}/${prefix}`;
  const projection = {
    'projection.enabled': 'true',
    [`projection.${key}.type`]: 'date',
    [`projection.${key}.format`]: "yyyy-MM-dd'T'HH",
    [`projection.${key}.range`]: '2000-01-01T00,NOW+1DAY',
    [`projection.${key}.interval`]: '1',
    [`projection.${key}.interval.unit`]: 'HOURS',
    'storage.location.template': `${location}${key}=\${${key}}/`,
  };
  return new CfnTable(scope, `Table-${name}`, {
    catalogId: account,
    databaseName: database,
    tableInput: {
      name,
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', ...(prefix.startsWith('raw/') && projection) },
      partitionKeys: [{ name: key, type: 'string' }],
      storageDescriptor: {
        columns: columns.map(([column, type]) => ({ name: column, type })),
        location,
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    },
  });
}
