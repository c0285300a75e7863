import type { S3Client } from '@aws-sdk/client-s3';
import type { DroppedFiles } from '../../ports/dropped-files.ts';
import { textLines } from '../tables/text-chunks.ts';
import { openS3Source } from './s3-byte-source.ts';

type Options = { readonly client: S3Client; readonly bucketName: string };

export function createS3DroppedFiles(options: Options): DroppedFiles {
  return {
    async *lines(key) {
      yield* textLines(await openS3Source(options, `s3://${options.bucketName}/${key}`));
    },
  };
}
