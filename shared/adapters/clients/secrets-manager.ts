import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export function secrets(): SecretsManagerClient {
  return new SecretsManagerClient({});
}
