import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootCloud, type Cloud, type CloudOptions } from '../../local/cloud.ts';
import { looksAtGraph, temporaryFolder } from '../e2e/boot.ts';
import { synthesize } from '../infra/synthesize.ts';
import { createCustomer, everyRole } from '../mutation/customer.ts';

// Three weeks of the canary tenant on a whole cloud of its own, looked at every hour: more often, it only takes longer.
const { directory } = synthesize(['detectionCanary=on', 'batchJoin=off']);
const dataDir = temporaryFolder();
const start = '2026-11-21T00:00:00.000Z';
let cloud: Cloud;
let customer: ReturnType<typeof createCustomer>;
const log: string[] = [];

const rhythmOf = (id: string) =>
  looksAtGraph.test(id) ? { State: 'DISABLED' } : { ScheduleExpression: 'rate(1 hour)' };

const templateTransform: NonNullable<CloudOptions['templateTransform']> = (template) => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) =>
      resource.Type === 'AWS::Scheduler::Schedule'
        ? [id, { ...resource, Properties: { ...resource.Properties, ...rhythmOf(id) } }]
        : [id, resource],
    ),
  ),
});
/** The first tick is an hour after the start. */
const injectedAt = Date.parse(start) + (22 * 24 + 1) * 3_600_000;

type Event = { readonly type: string; readonly status?: string };
type Commit = { readonly occurredAt: string; readonly events: readonly Event[] };

beforeAll(async () => {
  const clock = { mode: 'virtual', start } as const;
  cloud = await bootCloud({
    assembly: directory,
    dataDir,
    clock,
    log: (line) => void log.push(line),
    templateTransform,
  });
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
  test('is quiet for three weeks', async () => {
    await advance(22 * 24);
    expect((await healthOf('runway-canary-drifting')).status).not.toBe('at-risk');
    expect((await healthOf('runway-canary-steady')).status).toBe('healthy');
  }, 400_000);

  test('tells of the drift that is then injected within what is promised, and of nothing else', async () => {
    await advance(4);
    const { items } = (await customer.succeed('GET', '/v1/models/runway-canary-drifting/history')) as {
      items: readonly Commit[];
    };
    const told = items.find(({ events }) =>
      events.some(({ type, status }) => type === 'HealthChanged' && status === 'at-risk'),
    );
    expect(told, 'an alert').toBeDefined();
    const hours = (Date.parse(told!.occurredAt) - injectedAt) / 3_600_000;
    console.log(`drift was noticed after ${hours} hours, looked for every hour`);
    expect(hours).toBeGreaterThan(0);
    // What is promised is an hour and a quarter, and nobody looked in between.
    expect(hours).toBeLessThanOrEqual(2);
    expect((await healthOf('runway-canary-steady')).status).not.toBe('at-risk');
  });

  test('measures it, and finds its alert to be about something', async () => {
    await advance(1);
    const states = (await alarms()).map(({ description, state }) => `${description.split(/[:,]/)[0]}: ${state}`);
    // The other two ask for more than a look an hour.
    expect(states).toEqual(
      expect.arrayContaining(['Alert precision low: OK', 'Detection canary schedule failures: OK']),
    );
  });

  test('is denied nothing', () => {
    expect(log.filter((line) => line.includes('denied:'))).toEqual([]);
  });
});
