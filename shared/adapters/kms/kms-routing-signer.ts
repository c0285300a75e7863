import { createHash } from 'node:crypto';
import * as z from '../../domain/zod.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import { answerOf, shortReason } from '../orchestrators/answer-of.ts';
import { type CallLimits, createJsonCaller } from '../orchestrators/call-json.ts';
import { createSignRequest } from '../orchestrators/sign-request.ts';

export type KmsSignerOptions = CallLimits & {
  /** Of an asymmetric key (ECC_NIST_P256, SIGN_VERIFY). */
  readonly keyArn: string;
  /** Of KMS's API. @default KMS's in the key's region */
  readonly url?: string | undefined;
};

/** Signature of a text, base64 of DER, ECDSA over SHA-256. */
export type SignRouting = (text: string) => Promise<string>;

const signedSchema = z.object({ Signature: z.string().min(1) });

/** By the JSON 1.1 protocol, without the SDK's client: one operation is used. The private key never leaves KMS. */
export function createKmsRoutingSigner({ keyArn, url: given, ...limits }: KmsSignerOptions): SignRouting {
  const region = keyArn.split(':')[3] ?? 'us-east-1';
  const url = new URL(given ?? `https://kms.${region}.amazonaws.com/`);
  const callJson = createJsonCaller('KMS', limits);
  const sign = createSignRequest('kms', region, url);
  return async (text) => {
    const body = JSON.stringify({
      KeyId: keyArn,
      // A digest: KMS takes messages of at most 4,096 bytes.
      Message: createHash('sha256').update(text).digest('base64'),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
    const target = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Sign' };
    const answer = await callJson({ method: 'POST', url, headers: await sign(target, body), body });
    if (!answer.ok)
      throw dependencyUnavailable(
        'KMS',
        new Error(shortReason(`KMS answers ${answer.status}`, JSON.stringify(answer.body))),
      );
    return answerOf('KMS', signedSchema, answer.body).Signature;
  };
}
