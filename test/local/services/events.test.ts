import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { createPump } from '../../../local/pump.ts';
import { createDeliveries } from '../../../local/services/deliveries.ts';
import { createEventBridge } from '../../../local/services/event-bridge.ts';
import { createScheduler } from '../../../local/services/scheduler.ts';
import { createSecrets } from '../../../local/services/secrets.ts';
import type { InvocationResult, ResolvedResource } from '../../../local/types.ts';
import * as fixtures from './fixtures.ts';

const { functionArn, minute, queueArn, resource, start } = fixtures;

type Sent = { readonly queueArn: string; readonly body: string; readonly attributes?: object | undefined };
type Answer = (call: fixtures.Call) => InvocationResult;

function setUp(answer?: Answer, options: { path?: string; eventInvokeConfigs?: readonly ResolvedResource[] } = {}) {
  const time = fixtures.virtualTime(options.path);
  const { functions, calls } = fixtures.fakeFunctions(answer);
  const sent: Sent[] = [];
  const sendToQueue = (arn: string, body: string, attributes?: object) =>
    void sent.push({ queueArn: arn, body, attributes });
  const eventInvokeConfigs = options.eventInvokeConfigs ?? [];
  const deliveries = createDeliveries({
    ...time,
    functions,
    sendToQueue,
    eventInvokeConfigs,
    guard: fixtures.unguarded,
    roleOf: () => 'role',
  });
  const events = () => calls.map(({ event }) => event);
  const pumpOf = (...sources: Parameters<typeof createPump>[0]['sources']) =>
    createPump({ clock: time.clock, sources: [deliveries, ...sources], idleProbes: [], log: console.error });
  return { ...time, deliveries, calls, events, sent, pumpOf };
}

test('a function that fails is tried again after one minute and two more, then dead-lettered', async () => {
  const attempts: number[] = [];
  const cloud = setUp(() => {
    attempts.push((cloud.clock.now() - start) / minute);
    return fixtures.failed;
  });
  cloud.deliveries.enqueue({
    by: { principal: 'role' },
    targetArn: functionArn('scan'),
    payload: '{"n":1}',
    deadLetterArn: queueArn('Dead'),
  });
  await cloud.pumpOf().advanceTo(start + 60 * minute);
  expect(attempts).toEqual([0, 1, 3]);
  expect(cloud.sent).toMatchObject([
    { queueArn: queueArn('Dead'), body: '{"n":1}', attributes: { ERROR_CODE: 'Poisoned' } },
  ]);
});

test('a function recovering on the second try is not called again', async () => {
  let failures = 1;
  const cloud = setUp(() => (failures-- > 0 ? fixtures.failed : fixtures.succeeded));
  cloud.deliveries.enqueue({
    by: { principal: 'role' },
    targetArn: functionArn('scan'),
    payload: '{"n":1}',
    deadLetterArn: queueArn('Dead'),
  });
  await cloud.pumpOf().advanceTo(start + 60 * minute);
  expect(cloud.events()).toEqual([{ n: 1 }, { n: 1 }]);
  expect(cloud.sent).toEqual([]);
});

test("a function's own configuration decides retries and destination", async () => {
  const config = resource('AWS::Lambda::EventInvokeConfig', 'ScanInvokeConfig', '', {
    FunctionName: 'scan',
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: queueArn('Failures') } },
  });
  const cloud = setUp(() => fixtures.failed, { eventInvokeConfigs: [config] });
  cloud.deliveries.enqueue({
    by: { principal: 'role' },
    targetArn: functionArn('scan'),
    payload: '{"n":1}',
    deadLetterArn: queueArn('Dead'),
  });
  await cloud.pumpOf().advanceTo(start + 60 * minute);
  expect(cloud.calls).toHaveLength(1);
  expect(cloud.sent.map((message) => message.queueArn)).toEqual([queueArn('Failures')]);
  expect(JSON.parse(cloud.sent[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1, functionArn: functionArn('scan') },
    requestPayload: { n: 1 },
    responsePayload: { errorType: 'Poisoned' },
  });
});

test('a delivery is kept over a restart until it has succeeded', async () => {
  const path = `${fixtures.temporaryDirectory()}/journal.db`;
  const before = setUp(undefined, { path });
  before.deliveries.enqueue({ by: { principal: 'role' }, targetArn: functionArn('scan'), payload: '{"n":1}' });
  before.journal.close();
  const after = setUp(undefined, { path });
  await after.pumpOf().pump();
  await after.pumpOf().pump();
  expect(after.events()).toEqual([{ n: 1 }]);
});

test('a delivery with the same deduplication id is accepted once while it is pending', async () => {
  const cloud = setUp();
  for (const n of [1, 2]) {
    cloud.deliveries.enqueue({
      by: { principal: 'role' },
      targetArn: queueArn('Work'),
      payload: String(n),
      deduplicationId: 'same',
    });
  }
  await cloud.pumpOf().pump();
  expect(cloud.sent.map(({ body }) => body)).toEqual(['1']);
});

const bus = resource('AWS::Events::EventBus', 'runway', 'arn:aws:events:us-east-1:000000000000:event-bus/runway', {});
const rule = (name: string, properties: object) =>
  resource('AWS::Events::Rule', name, `arn:aws:events:us-east-1:000000000000:rule/${name}`, {
    EventBusName: 'runway',
    ...properties,
  });

async function withBus(rules: readonly ResolvedResource[]) {
  const cloud = setUp();
  const endpoint = await fixtures.serve(createEventBridge({ ...cloud, buses: [bus], rules }));
  const client = new EventBridgeClient({ endpoint, region: 'us-east-1', credentials: fixtures.credentials });
  const put = (detailType: string, Detail: string, EventBusName = 'runway') =>
    client.send(
      new PutEventsCommand({ Entries: [{ Source: 'runway', DetailType: detailType, Detail, EventBusName }] }),
    );
  return { ...cloud, put };
}

test('an event reaches the queue and the function of the rules it matches, in its envelope', async () => {
  const toQueue = rule('Decide', {
    EventPattern: { 'detail-type': ['HealthChanged'], detail: { status: ['at-risk'] } },
    Targets: [{ Id: 'Queue', Arn: queueArn('Decisions') }],
  });
  const toFunction = rule('Log', {
    EventPattern: { source: ['runway'] },
    Targets: [{ Id: 'Function', Arn: functionArn('log'), InputPath: '$.detail' }],
  });
  const cloud = await withBus([toQueue, toFunction]);
  const { Entries } = await cloud.put('HealthChanged', '{"status":"at-risk"}');
  await cloud.put('HealthChanged', '{"status":"active"}');
  await cloud.pumpOf().pump();
  expect(cloud.sent).toHaveLength(1);
  expect(JSON.parse(cloud.sent[0]?.body ?? '')).toEqual({
    version: '0',
    id: Entries?.[0]?.EventId,
    'detail-type': 'HealthChanged',
    source: 'runway',
    account: '000000000000',
    region: 'us-east-1',
    time: '2001-01-01T00:00:00Z',
    resources: [],
    detail: { status: 'at-risk' },
  });
  expect(cloud.events()).toEqual([{ status: 'at-risk' }, { status: 'active' }]);
});

test('a disabled rule delivers nothing', async () => {
  const disabled = rule('Off', {
    EventPattern: { source: ['runway'] },
    State: 'DISABLED',
    Targets: [{ Id: 'Queue', Arn: queueArn('Decisions') }],
  });
  const cloud = await withBus([disabled]);
  await cloud.put('HealthChanged', '{}');
  await cloud.pumpOf().pump();
  expect(cloud.sent).toEqual([]);
});

test('a malformed detail fails its entry, an unknown bus the call', async () => {
  const cloud = await withBus([]);
  expect(await cloud.put('HealthChanged', 'not JSON')).toMatchObject({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'MalformedDetail' }],
  });
  await expect(cloud.put('X', '{}', 'nowhere')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test.each([
  ['an unknown operator', { EventPattern: { source: [{ cidr: '::' }] } }, 'cidr'],
  [
    'a target of another kind',
    { EventPattern: {}, Targets: [{ Id: 'T', Arn: 'arn:aws:sns:us-east-1:0:topic' }] },
    'sns',
  ],
])('a rule with %s is an error naming the rule', (_, properties, named) => {
  const load = () => createEventBridge({ ...setUp(), buses: [bus], rules: [rule('Odd', properties)] });
  expect(load).toThrow(new RegExp(`Odd.*${named}`));
});

const schedule = (expression: string, properties: object = {}) =>
  resource('AWS::Scheduler::Schedule', 'Scan', 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Scan', {
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: functionArn('scan'),
      RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
      Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
    },
    ...properties,
  });

test('a schedule fires once per interval, at its own virtual time, the first time one interval after creation', async () => {
  const cloud = setUp();
  const scheduler = createScheduler({ ...cloud, schedules: [schedule('rate(5 minutes)')] });
  await cloud.pumpOf(scheduler).advanceTo(start + 17 * minute);
  expect(cloud.events()).toEqual([
    { scheduledTime: '2001-01-01T00:05:00Z' },
    { scheduledTime: '2001-01-01T00:10:00Z' },
    { scheduledTime: '2001-01-01T00:15:00Z' },
  ]);
});

test('firings missed while nothing ran collapse into the latest, and the rhythm stays', async () => {
  const path = `${fixtures.temporaryDirectory()}/journal.db`;
  const before = setUp(undefined, { path });
  createScheduler({ ...before, schedules: [schedule('rate(5 minutes)')] });
  before.journal.close();
  const cloud = setUp(undefined, { path });
  cloud.clock.set(start + 18 * minute);
  const scheduler = createScheduler({ ...cloud, schedules: [schedule('rate(5 minutes)')] });
  await cloud.pumpOf(scheduler).advanceTo(start + 20 * minute);
  expect(cloud.events()).toEqual([
    { scheduledTime: '2001-01-01T00:15:00Z' },
    { scheduledTime: '2001-01-01T00:20:00Z' },
  ]);
});

test('a disabled schedule does not fire', async () => {
  const cloud = setUp();
  const scheduler = createScheduler({ ...cloud, schedules: [schedule('rate(1 hour)', { State: 'DISABLED' })] });
  await cloud.pumpOf(scheduler).advanceTo(start + 180 * minute);
  expect(cloud.events()).toEqual([]);
});

test.each(['cron(0 * * * ? *)', 'at(2001-02-01T00:00:00)', 'rate(0 minutes)'])(
  '%s is an error naming it',
  (expression) => {
    const load = () => createScheduler({ ...setUp(), schedules: [schedule(expression)] });
    expect(load).toThrow(`Scan: ScheduleExpression ${expression}`);
  },
);

const secret = (name: string, properties: object) =>
  resource(
    'AWS::SecretsManager::Secret',
    name,
    `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}`,
    properties,
  );

test('a generated secret is the same after a restart and a given one follows the template', async () => {
  const path = `${fixtures.temporaryDirectory()}/journal.db`;
  const read = async (template: string) => {
    const { journal } = fixtures.virtualTime(path);
    const generated = secret('Generated', { GenerateSecretString: { PasswordLength: 40, ExcludePunctuation: true } });
    const secrets = [generated, secret('Given', { SecretString: template })];
    const endpoint = await fixtures.serve(createSecrets({ journal, secrets }));
    const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials: fixtures.credentials });
    const get = async (SecretId: string) => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
    const values = [await get(generated.arn), await get('Given')];
    await expect(get('Nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    journal.close();
    return values;
  };
  const [generated, given] = await read('first');
  expect(generated).toMatch(/^[a-zA-Z0-9]{40}$/);
  expect(given).toBe('first');
  expect(await read('second')).toEqual([generated, 'second']);
});
