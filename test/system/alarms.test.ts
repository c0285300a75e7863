import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../e2e/boot.ts';
import { predictionsOf } from '../mutation/model-life.ts';
import { type AlarmingCloud, bootAlarming, withFaults } from './alarming-cloud.ts';

// Half a day of one cloud: faults that come over a whole cloud, then a deployment that broke much, then one that mends it.
const dataDir = temporaryFolder();
let cloud: AlarmingCloud;
afterAll(async () => {
  await cloud?.end();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Those that tell somebody. */
const alarming = async () => (await cloud.inState('ALARM')).filter((alarm) => !alarm.includes('part over'));
const garbage = () => cloud.world.customer.putRecord(Buffer.alloc(100, 0xe5), 'late-live:0');

describe('a whole cloud', () => {
  async function predict(count: number) {
    const { customer, now, settle } = cloud.world;
    const predictions = predictionsOf('late-live', count, now());
    await customer.succeed('POST', '/v1/predictions', { predictions });
    await settle();
    return predictions;
  }

  beforeAll(async () => {
    cloud = await bootAlarming(dataDir);
    await cloud.world.deploy();
    await cloud.world.loosenPolicy();
    await cloud.advance(1);
    // Their outcomes never come; that shows two hours later.
    await predict(20);
    await cloud.advance(14);
  });

  test('has no alarm', async () => {
    expect(await alarming()).toEqual([]);
    expect(await cloud.notifications()).toEqual([]);
  });

  test('says of which alarms it can tell nothing, and why', async () => {
    expect(await cloud.reasonsOf('CANNOT_EVALUATE')).toEqual([
      'not measured here: AWS/DynamoDB ReadThrottleEvents, AWS/DynamoDB WriteThrottleEvents',
      'not measured here: AWS/DynamoDB SystemErrors',
      'not measured here: AWS/Kinesis WriteProvisionedThroughputExceeded',
      'not measured here: AWS/Neptune CPUUtilization',
      'not measured here: AWS/Neptune MainRequestQueuePendingRequests',
      'not measured here: AWS/Neptune ServerlessDatabaseCapacity',
    ]);
  });

  test('a poison record raises an alarm until none has come for a while', async () => {
    await garbage();
    await cloud.advance(2);
    expect(await alarming()).toEqual(['Records rejected']);
    await cloud.advance(15);
    expect(await alarming()).toEqual([]);
  });

  test('a failed execution raises an alarm until none has failed for a while', async () => {
    await cloud.failWorkflow('RetrainingRetrainModel');
    await cloud.advance(2);
    expect(await alarming()).toEqual(['Workflow failing: retrain-model']);
    await cloud.advance(10);
    expect(await alarming()).toEqual([]);
  });

  test('outcomes that stop raise an alarm when the attribution window has closed', async () => {
    await cloud.cloud.advanceTo('2001-01-22T02:06:00Z');
    expect(await alarming()).toEqual(['Coverage low']);
    await cloud.world.resolve(await predict(200));
  });

  test('a message that cannot be handled raises an alarm as it waits, and one as it is given up, until it is removed', async () => {
    await cloud.sendMessage('RetrainDecisions', 'not JSON');
    await cloud.advance(35);
    expect(await alarming()).toContain('Retrain decisions waiting');
    await cloud.advance(30);
    expect(await alarming()).toContain('Retrain decisions dead letters');
    await cloud.purge('RetrainDecisionsDeadLetters');
    await cloud.advance(20);
    expect((await alarming()).filter((title) => title.startsWith('Retrain decisions'))).toEqual([]);
  });

  test('outcomes that come again clear it', async () => {
    await cloud.cloud.advanceTo('2001-01-22T04:06:00Z');
    expect(await alarming()).toEqual([]);
  });
});

describe('a deployment that broke much', () => {
  const broken = withFaults([
    { type: 'AWS::Lambda::EventSourceMapping', id: /JoinEvents/, change: { Enabled: false } },
    { type: 'AWS::Lambda::EventSourceMapping', id: /DispatchRetrains/, change: { Enabled: false } },
    { type: 'AWS::Scheduler::Schedule', id: /ScanSchedule/, change: { State: 'DISABLED' } },
    { type: 'AWS::Lambda::Function', id: /GetHealthFunction/, change: { Handler: 'health/get-health/gone.handler' } },
  ]);
  const consequences = [
    'API server errors',
    'Evaluations late',
    'Function failing: health/get-health',
    'Join stopped',
    'Registry availability burning fast',
    'Registry availability burning slow',
    'Retrain dispatch waiting',
  ];

  beforeAll(async () => {
    await cloud.end();
    cloud = await bootAlarming(dataDir, broken);
    await cloud.sendMessage('RetrainDispatch', '{}');
    for (let elapsed = 0; elapsed < 32; elapsed += 4) {
      await garbage();
      await cloud.advance(4);
    }
    await garbage();
    const { call } = cloud.world.customer;
    for (let i = 0; i < 5; i++) expect((await call('GET', '/v1/models/late-live/health')).status).toBe(500);
    // So few requests would be no burning budget; refused ones count, too.
    const refused = Array.from({ length: 20 }, () => fetch(`${cloud.cloud.apiUrl}/v1/models`));
    for (const answer of refused) expect((await answer).status).toBe(401);
    await cloud.advance(2);
  });

  test.each(consequences)('%s', async (alarm) => {
    expect(await alarming()).toContain(alarm);
    expect(await cloud.notifications()).toContain(`ALARM ${alarm}`);
  });

  test('raises no other alarm that anybody is told of', async () => {
    const told = (await cloud.notifications()).slice(-consequences.length);
    expect(told.toSorted()).toEqual(consequences.map((alarm) => `ALARM ${alarm}`));
  });

  test('and, mended, the next one clears them all', async () => {
    await cloud.end();
    cloud = await bootAlarming(dataDir);
    expect(await alarming()).toEqual(expect.arrayContaining(consequences));
    await cloud.advance(60);
    expect(await alarming()).toEqual([]);
    const told = await cloud.notifications();
    for (const alarm of consequences) expect(told).toContain(`OK ${alarm}`);
  });
});
