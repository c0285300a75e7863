import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RootSecret } from '../../ports/root-secret.ts';
import { callDependency } from '../dependency-error.ts';

/** Read once per function instance; a rotation reaches it when the instance is replaced. */
export function createSecretsManagerRootSecret({
  client,
  secretId,
}: {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
}): RootSecret {
  let secret: string | undefined;
  return {
    read: async () => {
      secret ??= await callDependency('Secrets Manager', async () => {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
        if (!SecretString) throw new Error('the root secret of the writer keys has no text');
        return SecretString;
      });
      return secret;
    },
  };
}
