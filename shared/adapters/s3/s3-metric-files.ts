import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { MetricFiles } from '../../ports/metric-files.ts';
import type { ByteSource } from '../../ports/table.ts';
import { callDependency } from '../dependency-error.ts';
import { openParquet } from '../tables/parquet-table.ts';
import { openS3Source } from './s3-byte-source.ts';

type Options = { readonly client: S3Client; readonly bucketName: string };

/** Parquet objects of the bucket. */
export function createS3MetricFiles(options: Options): MetricFiles {
  const { client, bucketName } = options;
  return {
    list: (prefix) =>
      callDependency('S3', async () => {
        const keys: string[] = [];
        for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucketName, Prefix: prefix }))
          keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
        return keys.sort();
      }),
    rows: async function* (key) {
      yield* rowsOf(await openS3Source(options, `s3://${bucketName}/${key}`));
    },
  };
}

async function* rowsOf(source: ByteSource): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const { columns, batches } = await openParquet(source);
  for await (const batch of batches(columns)) {
    const cells = columns.map((name) => [name, batch.column(name)] as const);
    for (let row = 0; row < batch.rows; row += 1)
      yield Object.fromEntries(cells.map(([name, values]) => [name, values[row]]));
  }
}
