import { S3Client } from '@aws-sdk/client-s3';

/** Path style only against a local endpoint, where bucket host names do not resolve. */
export function s3(): S3Client {
  return new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined });
}
