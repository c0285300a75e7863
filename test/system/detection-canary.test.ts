import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootCloud, type Cloud } from '../../local/cloud.ts';
import { temporaryFolder } from '../e2e/boot.ts';
import { synthesize } from '../infra/synthesize.ts';
import { createCustomer, everyRole } from '../mutation/customer.ts';

// Half a day of the canary tenant on a whole cloud of its own.
const { directory } = synthesize(['detectionCanary=on']);
const dataDir = temporaryFolder();
const start = '2026-11-21T00:00:00.000Z';
let cloud: Cloud;
let customer: ReturnType<typeof createCustomer>;
const log: string[] = [];

type Event = { readonly type: string; readonly status?: string };
type Commit = { readonly occurredAt: string; readonly events: readonly Event[] };

beforeAll(async () => {
  const clock = { mode: 'virtual', start } as const;
  cloud = await bootCloud({ assembly: directory, dataDir, clock, log: (line) => void log.push(line) });
  const { apiUrl, outputs } = cloud;
  const token = await cloud.token(everyRole);
  customer = createCustomer({ apiUrl, outputs, environment: cloud.sdkEnvironment(), token });
});
afterAll(async () => {
  customer?.close();
  await cloud?.stop();
  for (const folder of [directory, dataDir]) rmSync(folder, { recursive: true, force: true });
});

const advance = (hours: number) => cloud.advanceTo(new Date(Date.parse(cloud.now()) + hours * 3_600_000).toISOString());
const healthOf = async (modelId: string) =>
  ((await customer.succeed('GET', `/v1/models/${modelId}`)) as { health: { status: string; since: string } }).health;
const alarms = async () =>
  (
    (await (await fetch(`${cloud.apiUrl}/_local/alarms`)).json()) as {
      alarms: readonly { description: string; state: string; reason: string }[];
    }
  ).alarms.filter(({ description }) => /^(Detection|Alert precision)/.test(description));

describe('the canary tenant', () => {
  test('is quiet for three hours', async () => {
    await advance(3);
    expect((await healthOf('runway-canary-drifting')).status).not.toBe('at-risk');
    expect((await healthOf('runway-canary-steady')).status).not.toBe('at-risk');
  });

  test('tells of the drift that is then injected within what is promised, and of nothing else', async () => {
    await advance(1.5);
    const { items } = (await customer.succeed('GET', '/v1/models/runway-canary-drifting/history')) as {
      items: readonly Commit[];
    };
    const told = items.find(({ events }) =>
      events.some(({ type, status }) => type === 'HealthChanged' && status === 'at-risk'),
    );
    expect(told, 'an alert').toBeDefined();
    const minutes = (Date.parse(told!.occurredAt) - Date.parse(start)) / 60_000 - 185;
    console.log(`drift was noticed after ${minutes} minutes`);
    expect(minutes).toBeLessThanOrEqual(75);
    expect((await healthOf('runway-canary-steady')).status).not.toBe('at-risk');
  });

  test('measures it, and nobody is called', async () => {
    await advance(0.5);
    const states = (await alarms()).map(({ description, state }) => `${description.split(/[:,]/)[0]}: ${state}`);
    expect(states.toSorted()).toEqual([
      'Alert precision low: OK',
      'Detection canary schedule failures: OK',
      'Detection canary stopped: OK',
      'Detection slow: OK',
    ]);
  });

  test('is denied nothing', () => {
    expect(log.filter((line) => line.includes('denied:'))).toEqual([]);
  });
});
