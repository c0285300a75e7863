import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { commitFromImage } from '../../../shared/adapters/dynamodb/commit-image.ts';
import { createEventBridgePublisher } from '../../../shared/adapters/event-bridge/event-bridge-publisher.ts';
import { createSecretsManagerRootSecret } from '../../../shared/adapters/secrets-manager/secrets-manager-root-secret.ts';

/** Answers every command with the same, and keeps what it was sent. */
function service(answer: unknown) {
  const inputs: unknown[] = [];
  const client = {
    send: async (command: { readonly input: unknown }) => {
      inputs.push(command.input);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { client: client as unknown as EventBridgeClient & SecretsManagerClient, inputs };
}

describe('the publisher on EventBridge', () => {
  const event = { detailType: 'HealthChanged', detail: { status: 'at-risk' }, time: '2001-01-22T06:00:00.000Z' };

  it('puts events onto its bus under the project’s source', async () => {
    const { client, inputs } = service({ Entries: [{ EventId: '1' }] });
    expect(await createEventBridgePublisher({ client, busName: 'runway-bus' }).publish([event])).toEqual([]);
    expect(inputs).toEqual([
      {
        Entries: [
          {
            EventBusName: 'runway-bus',
            Source: 'runway',
            DetailType: 'HealthChanged',
            Detail: '{"status":"at-risk"}',
            Time: new Date(event.time),
          },
        ],
      },
    ]);
  });

  it('names the entries that were not taken', async () => {
    const { client } = service({
      Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }, { ErrorCode: 'InternalFailure' }],
    });
    expect(await createEventBridgePublisher({ client, busName: 'b' }).publish([event, event, event])).toEqual([1, 2]);
  });

  it('says so when the whole call may be tried again', async () => {
    const { client } = service(Object.assign(new Error('busy'), { name: 'ThrottlingException' }));
    await expect(createEventBridgePublisher({ client, busName: 'b' }).publish([event])).rejects.toMatchObject({
      name: 'DependencyUnavailable',
    });
  });
});

describe('the root secret', () => {
  it('is read once', async () => {
    const { client, inputs } = service({ SecretString: 'root' });
    const secret = createSecretsManagerRootSecret({ client, secretId: 'arn:secret' });
    expect([await secret.read(), await secret.read()]).toEqual(['root', 'root']);
    expect(inputs).toEqual([{ SecretId: 'arn:secret' }]);
  });

  it('must have text', async () => {
    await expect(
      createSecretsManagerRootSecret({ client: service({}).client, secretId: 'arn:secret' }).read(),
    ).rejects.toThrow('has no text');
  });
});

describe('a record of the events table’s stream', () => {
  const commit = {
    pk: { S: 'model#late-basic' },
    sk: { S: 'commit#000000007' },
    version: { N: '7' },
    events: { S: '[{"type":"VersionAdded","schemaVersion":1}]' },
    actor: { S: '{"id":"ada","kind":"person","roles":[],"teams":[]}' },
    reason: { S: 'because' },
    occurredAt: { S: '2001-01-22T06:00:00.000Z' },
    hash: { S: 'h' },
    previousHash: { S: 'p' },
  };

  it('of a commit is that commit', () => {
    expect(commitFromImage(commit)).toEqual({
      streamId: 'model#late-basic',
      version: 7,
      events: [{ type: 'VersionAdded', schemaVersion: 1 }],
      actor: { id: 'ada', kind: 'person', roles: [], teams: [] },
      reason: 'because',
      occurredAt: '2001-01-22T06:00:00.000Z',
      hash: 'h',
      previousHash: 'p',
    });
  });

  it('of a head is nothing to relay', () => {
    expect(commitFromImage({ pk: { S: 'model#late-basic' }, sk: { S: 'head' }, version: { N: '7' } })).toBeUndefined();
  });

  it.each([undefined, {}, { ...commit, events: { N: '1' } }])('of anything else is malformed', (image) => {
    expect(() => commitFromImage(image)).toThrow(expect.objectContaining({ name: 'MalformedRecord' }));
  });
});
