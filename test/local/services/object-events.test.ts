import { expect, test } from 'vitest';
import { createDeliveries } from '../../../local/services/deliveries.ts';
import { createEventBridge } from '../../../local/services/event-bridge.ts';
import { createdObject, createObjectEvents } from '../../../local/services/object-events.ts';
import * as fixtures from './fixtures.ts';

const { queueArn, resource } = fixtures;

test.each([
  ['PUT', '/bucket/a/b%20c.jsonl', '', { bucket: 'bucket', key: 'a/b c.jsonl', reason: 'PutObject' }],
  ['PUT', '/bucket/a', 'partNumber=1&uploadId=u', undefined],
  ['POST', '/bucket/a', 'uploadId=u', { bucket: 'bucket', key: 'a', reason: 'CompleteMultipartUpload' }],
  ['POST', '/bucket/a', 'uploads=', undefined],
  ['PUT', '/bucket', '', undefined],
  ['PUT', '/bucket/', '', undefined],
  ['GET', '/bucket/a', '', undefined],
  ['DELETE', '/bucket/a', '', undefined],
])('%s %s?%s makes %j', (method, path, query, made) => expect(createdObject(method, path, query)).toEqual(made));

test('an object is announced on the default bus, if its bucket is to tell and a rule wants it', async () => {
  const time = fixtures.virtualTime();
  const sent: { readonly arn: string; readonly body: string }[] = [];
  const deliveries = createDeliveries({
    ...time,
    functions: fixtures.fakeFunctions().functions,
    sendToQueue: (arn, body) => void sent.push({ arn, body }),
    guard: fixtures.unguarded,
    roleOf: () => 'role',
  });
  const rule = resource('AWS::Events::Rule', 'Rule', 'arn:aws:events:us-east-1:000000000000:rule/Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['Told'] }, object: { key: [{ prefix: 'in/' }] } },
    },
    Targets: [{ Arn: queueArn('Files'), Id: 'files' }],
  });
  const bus = createEventBridge({ ...time, buses: [], rules: [rule], deliveries });
  const tells = { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } };
  const bucketOf = (name: string, properties: object) =>
    resource('AWS::S3::Bucket', name, `arn:aws:s3:::${name}`, properties);
  const buckets = [bucketOf('Told', tells), bucketOf('Silent', {})];
  const onObject = createObjectEvents(buckets, bus);
  for (const [bucket, key] of [
    ['Told', 'in/a'],
    ['Told', 'out/a'],
    ['Silent', 'in/a'],
  ] as const)
    onObject({ bucket, key, reason: 'PutObject' });
  await deliveries.pump();
  expect(sent.map(({ arn }) => arn)).toEqual([queueArn('Files')]);
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    time: new Date(fixtures.start).toISOString().replace('.000Z', 'Z'),
    detail: { bucket: { name: 'Told' }, object: { key: 'in/a' }, reason: 'PutObject' },
  });
});
