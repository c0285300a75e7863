import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../e2e/boot.ts';
import { type AlarmingCloud, bootAlarming, withFaults } from './alarming-cloud.ts';

const dataDir = temporaryFolder();
const hour = 3_600_000;
/** The model's attribution window, the week that an hour takes records in, and some hours more. */
const untilSealed = 7 * 24 * hour + 4 * hour;
/**
 * The join measures how late it is by the machine's clock, which virtual time must not have overtaken: from here it stays some hours
 * behind, so that whatever is joined is late by them.
 */
const since = new Date(Date.now() - untilSealed - 8 * hour).toISOString();
const quiet = withFaults([
  // Nothing but the join has anything to do in that week.
  { type: 'AWS::Scheduler::Schedule', id: /./, change: { State: 'DISABLED' } },
  // A hundred megabytes as it is deployed.
  { type: 'AWS::CloudWatch::Alarm', id: /JoinBufferLarge/, change: { Threshold: 1_000 } },
]);

let cloud: AlarmingCloud;
let registeredAt: string;
beforeAll(async () => {
  cloud = await bootAlarming(dataDir, quiet, since);
  registeredAt = cloud.cloud.now();
  await cloud.world.deploy();
}, 120_000);
afterAll(async () => {
  await cloud?.end();
  rmSync(dataDir, { recursive: true, force: true });
});

const alarming = () => cloud.inState('ALARM');

test('a model of tier 1 that is joined late, with a buffer that is too large, raises an alarm for each until neither is', async () => {
  for (let round = 0; round < 4; round++) {
    await cloud.world.predict();
    await cloud.advance(4);
  }
  expect(await alarming()).toEqual(expect.arrayContaining(['Critical join lag', 'Join buffer large']));
  await cloud.advance(40);
  const left = await alarming();
  for (const alarm of ['Critical join lag', 'Join buffer large']) {
    expect(left).not.toContain(alarm);
    expect(await cloud.notifications()).toEqual(expect.arrayContaining([`ALARM ${alarm}`, `OK ${alarm}`]));
  }
}, 240_000);

test('outcomes without predictions raise an alarm until an hour has none', async () => {
  await cloud.cloud.advanceTo(new Date(Date.parse(registeredAt) + untilSealed).toISOString());
  expect(await alarming()).not.toContain('Outcomes orphaned');
  const outcomes = Array.from({ length: 120 }, (_, i) => ({
    predictionId: `never predicted ${i}`,
    modelId: 'late-live',
    observedAt: registeredAt,
    label: 1,
  }));
  await cloud.world.customer.succeed('POST', '/v1/outcomes', { outcomes });
  await cloud.world.settle();
  await cloud.advance(61);
  expect(await alarming()).toContain('Outcomes orphaned');
  await cloud.advance(121);
  expect(await alarming()).not.toContain('Outcomes orphaned');
  expect(await cloud.notifications()).toEqual(
    expect.arrayContaining(['ALARM Outcomes orphaned', 'OK Outcomes orphaned']),
  );
}, 480_000);
