import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { credentialsFromEnvironment } from '../credentials-from-environment.ts';

/** Headers of a POST to an AWS service, signed (Signature Version 4) with the function's credentials. */
export type SignRequest = (
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<Readonly<Record<string, string>>>;

export function createSignRequest(service: string, region: string, url: URL): SignRequest {
  const signature = new SignatureV4({ service, region, credentials: credentialsFromEnvironment, sha256: Sha256 });
  return async (headers, body) => {
    const signed = await signature.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      path: url.pathname,
      query: {},
      headers: { ...headers, host: url.host },
      body,
    });
    // `fetch` writes the host itself.
    const { host: _host, ...rest } = signed.headers;
    return rest;
  };
}
