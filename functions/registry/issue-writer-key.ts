import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { issueWriterKey as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { issueWriterKey, teamOfWriter } from '../../shared/use-cases/registry/issue-writer-key.ts';

const secret = createSecretsManagerRootSecret({ client: secrets(), secretId: env('WRITER_KEY_SECRET_ARN') });

export const handler = apiHandler(contract, { team: ({ body }) => teamOfWriter(body.writer) }, async ({ body }) => ({
  body: await issueWriterKey(secret, body.writer),
}));
