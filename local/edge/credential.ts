import { ServiceError } from '../types.ts';

export type Credential = {
  readonly accessKeyId: string;
  /** The service that the request was signed for, e.g. `dynamodb`. */
  readonly service: string;
};

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/\s,]+)\/\d{8}\/[\w-]+\/([\w-]+)\/aws4_request,\s*SignedHeaders=[\w;:-]+,\s*Signature=[0-9a-fA-F]+$/;
const presigned = /^([^/\s]+)\/\d{8}\/[\w-]+\/([\w-]+)\/aws4_request$/;

/** Who signed for what. Signatures are not verified: every secret on this machine is `local`. Throws a `ServiceError`. */
export function readCredential(header: string | undefined, query: string): Credential {
  const inQuery = query.includes('X-Amz-Credential=') ? new URLSearchParams(query).get('X-Amz-Credential') : null;
  if (header === undefined && inQuery === null)
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  const parts = header === undefined ? presigned.exec(inQuery ?? '') : authorization.exec(header);
  if (parts === null)
    throw new ServiceError(
      'IncompleteSignatureException',
      `the request is not signed with Signature Version 4: ${header ?? inQuery}`,
      403,
    );
  const [, accessKeyId = '', service = ''] = parts;
  return { accessKeyId, service };
}
