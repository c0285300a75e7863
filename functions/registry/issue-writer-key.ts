import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { issueWriterKey as contract } from '../../shared/api/writers.ts';
import { teamOfWriter } from '../../shared/domain/ground-truth/writer-key.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { issueWriterKey } from '../../shared/use-cases/registry/issue-writer-key.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  rootSecret: createSecretsManagerRootSecret({ client: secrets(), secretId: env('WRITER_KEY_SECRET_ARN') }),
};

export const handler = apiHandler(
  contract,
  { team: ({ body }) => teamOfWriter(body.writer) },
  async ({ body, actor, now }) => {
    const issued = await issueWriterKey(ports, body, { actor, now, reason: 'writer registered' });
    const { key, lineageKey, state, version } = issued;
    return { body: { writer: state.writer, keyId: state.keyId, key, lineageKey }, etag: version };
  },
);
