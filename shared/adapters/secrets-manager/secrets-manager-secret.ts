import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Secret } from '../../ports/secret.ts';
import { callDependency } from '../dependency-error.ts';

/** Read anew each time, so that a rotation takes effect at once: for what is asked a few times an hour. */
export function createSecretsManagerSecret(client: SecretsManagerClient, secretId: string): Secret {
  return {
    read: () =>
      callDependency('Secrets Manager', async () => {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
        if (!SecretString) throw new Error('the secret has no text');
        return SecretString;
      }),
  };
}
