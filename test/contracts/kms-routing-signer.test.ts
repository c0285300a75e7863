import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKmsRoutingSigner } from '../../shared/adapters/kms/kms-routing-signer.ts';
import { type Answer, createStandInServer, faults } from './orchestrators/stand-in-server.ts';

const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/0f1e2d3c-1111-2222-3333-444455556666';

const text = JSON.stringify({ modelId: 'ranker', generation: 7 });
const digest = createHash('sha256').update(text).digest('base64');

/** Signs digests as KMS documents `Sign`. */
async function createKms() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = await createStandInServer(({ headers, body }): Answer => {
    const input = body as Readonly<Record<string, string>>;
    if (!/^AWS4-HMAC-SHA256 Credential=.*\/eu-west-1\/kms\/aws4_request/.test(headers.authorization ?? ''))
      return { status: 403, body: { __type: 'MissingAuthenticationTokenException' } };
    if (headers['x-amz-target'] !== 'TrentService.Sign' || input.KeyId !== keyArn)
      return { status: 400, body: { __type: 'NotFoundException', message: 'no such key' } };
    // Node signs texts only; the one whose digest was sent gives the same signature.
    if (input.Message !== digest || input.MessageType !== 'DIGEST' || input.SigningAlgorithm !== 'ECDSA_SHA_256')
      return { status: 400, body: { __type: 'ValidationException' } };
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'der' });
    return {
      status: 200,
      body: { KeyId: keyArn, Signature: signature.toString('base64'), SigningAlgorithm: 'ECDSA_SHA_256' },
    };
  });
  return { server, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

describe('a signature of KMS', () => {
  it('is of the text, and anybody with the public key can tell', async () => {
    const { server, publicKey } = await createKms();
    const signature = await createKmsRoutingSigner({ keyArn, url: server.url })(text);
    const isOf = (signed: string) =>
      verify('sha256', Buffer.from(signed), { key: publicKey, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'));
    expect([isOf(text), isOf(`${text} `)]).toEqual([true, false]);
    await server.close();
  });

  it('is not made with a key that is not there', async () => {
    const { server } = await createKms();
    const other = createKmsRoutingSigner({ keyArn: keyArn.replace('0f', '1f'), url: server.url });
    await expect(other(text)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    await server.close();
  });

  it.each(faults)('is tried again by the caller when the server %s', async (fault) => {
    const { server } = await createKms();
    const limits = { timeoutMilliseconds: 100, maximumBytes: 200_000 };
    server.faults.push(fault);
    const signing = createKmsRoutingSigner({ keyArn, url: server.url, ...limits })(text);
    await expect(signing).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    await server.close();
  });
});
