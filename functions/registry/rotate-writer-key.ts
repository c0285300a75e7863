import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createSecretsManagerRootSecret } from '../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';
import { rotateWriterKey as contract } from '../../shared/api/writers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { rotateWriterKey } from '../../shared/use-cases/registry/issue-writer-key.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  rootSecret: createSecretsManagerRootSecret({ client: secrets(), secretId: env('WRITER_KEY_SECRET_ARN') }),
};

export const handler = apiHandler(
  contract,
  { team: ({ params }) => params.team },
  // Not by the store of answers, as elsewhere: an answer holds the key.
  async ({ params: { team, name }, body: { overlapHours, reason }, actor, now, ifMatch, requestId }) => {
    const request = { writer: `${team}/${name}`, overlapHours, requestId };
    const issued = await rotateWriterKey(ports, request, { actor, now, reason, ifMatch });
    const { key, lineageKey, state, version } = issued;
    const { writer, keyId, formerKeys } = state;
    return { body: { writer, keyId, key, lineageKey, formerValidUntil: formerKeys.at(-1)!.validUntil }, etag: version };
  },
);
