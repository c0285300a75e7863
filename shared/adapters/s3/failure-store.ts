import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FailureStore } from '../../ports/failure-store.ts';
import { callDependency } from '../dependency-error.ts';
import { conflictDocument, conflictKey, failureDocument, failureKey } from '../failure-document.ts';

type Options = { readonly client: Pick<S3Client, 'send'>; readonly bucketName: string };

/** One object per failure; the same failure again replaces it with the same. */
export function createS3FailureStore({ client, bucketName }: Options): FailureStore {
  const put = async (Key: string, Body: string) => {
    await callDependency('S3', () =>
      client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body, ContentType: 'application/json' })),
    );
  };
  return {
    put: (failure) => put(failureKey(failure), failureDocument(failure)),
    putConflicts: (audit) => put(conflictKey(audit), conflictDocument(audit)),
  };
}
