import { RunwayError } from '../../domain/errors.ts';

export type S3Object = { readonly Bucket: string; readonly Key: string };

/** The object a URI names. Throws `ArtifactUnusable` (code `foreign-bucket`) unless it is in `bucketName`. */
export function s3Object(uri: string, bucketName: string): S3Object {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (Bucket === bucketName && Key !== undefined) return { Bucket, Key };
  throw unusableArtifact('foreign-bucket', `${uri} is not in the artefact bucket ${bucketName}`);
}

/** What S3 answers when there is no object, or no longer the same, as `ArtifactUnusable`; anything else as it is. */
export function translatedFailure(uri: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // HEAD has no body, so it names its error after the status.
  if (error.name === 'NoSuchKey' || error.name === 'NotFound')
    return unusableArtifact('artifact-missing', `there is no object ${uri}`);
  if (error.name === 'PreconditionFailed')
    return unusableArtifact('artifact-changed', `${uri} was replaced while it was read`);
  return error;
}

export function unusableArtifact(code: string, message: string): RunwayError {
  return new RunwayError('ArtifactUnusable', code, message);
}
