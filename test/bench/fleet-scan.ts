import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bootCloud } from '../../local/cloud.ts';
import { ensureAssembly } from '../../local/synthesize.ts';
import { createRunwayClient, unwrap } from '../../sdk/client.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { processorSeconds } from './processor-time.ts';

// One tick of the scan's schedule through the whole embedded cloud, every model due: `npm run bench:fleet-scan`. The
// schedule is slowed down to the longest interval, because tiers 1 to 3 would be due at ticks of their own. The baseline
// is a minute without a tick: all that the cloud does besides.

const { values } = parseArgs({
  options: { models: { type: 'string', default: '500' }, days: { type: 'string', default: '7' } },
});
const models = Number(values.models);
/** Of traffic behind each model; 0: they are registered and deployed, and nobody has called them. */
const days = Number(values.days);
const project = fileURLToPath(new URL('../..', import.meta.url));
const start = '2001-01-22T00:00:00.000Z';
const minuteMillis = 60_000;

ensureAssembly(project, () => undefined);
const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-bench-'));
const cloud = await bootCloud({
  assembly: path.join(project, 'cdk.out'),
  dataDir,
  clock: { mode: 'virtual', start },
  log: () => undefined,
  templateTransform: (template) => ({
    ...template,
    Resources: Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) =>
        id.startsWith('HealthScanSchedule') && resource.Type === 'AWS::Scheduler::Schedule'
          ? [id, { ...resource, Properties: { ...resource.Properties, ScheduleExpression: 'rate(45 minutes)' } }]
          : [id, resource],
      ),
    ),
  }),
});
try {
  const history = days === 0 ? {} : { history: { days, everyHours: 4, rowsPerHour: 24 } };
  const place = { outputs: cloud.outputs, environment: cloud.sdkEnvironment() };
  await timed(`${models} models of 10 features with ${days} days behind them seeded`, () =>
    seedFleet(place, { models, now: start, ...history }),
  );
  await timed('their events relayed, their graph projected', () => cloud.pump());
  await pass('44 minutes without a tick', 44);
  await pass('a minute with the first scan: nothing is remembered, every process is new', 1);
  await pass('44 minutes without a tick (baseline)', 44);
  await pass('a minute with the second scan', 1);
  await pass('44 minutes without a tick', 44);
  await pass('a minute with the third scan', 1);
} finally {
  await cloud.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Lets time pass, and says how long that took and who was evaluated meanwhile. */
async function pass(name: string, minutes: number): Promise<void> {
  const target = Date.parse(cloud.now()) + minutes * minuteMillis;
  const before = await lastEvaluations();
  await timed(name, () => cloud.advanceTo(new Date(target).toISOString()));
  const after = await lastEvaluations();
  const evaluated = [...after].filter(([modelId, at]) => before.get(modelId) !== at).length;
  console.log(`  ${evaluated} models evaluated by ${cloud.now()}`);
}

async function lastEvaluations(): Promise<ReadonlyMap<string, string | null>> {
  const token = await cloud.token({ sub: 'bench', groups: ['viewer'] });
  const client = createRunwayClient({ baseUrl: cloud.apiUrl, token: () => token });
  const found = new Map<string, string | null>();
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
    const page = await unwrap(client.GET('/v1/fleet', { params: { query } }));
    for (const row of page.items) found.set(row.modelId, row.lastEvaluatedAt);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

async function timed(name: string, work: () => Promise<unknown>): Promise<void> {
  const [startedAt, processor] = [performance.now(), processorSeconds()];
  await work();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2);
  const spent =
    processor === undefined ? '' : `, ${((processorSeconds() ?? 0) - processor).toFixed(2)} s of processor time`;
  console.log(`${name}: ${seconds} s${spent}`);
}
