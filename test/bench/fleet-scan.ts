import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bootCloud, type Cloud } from '../../local/cloud.ts';
import { ensureAssembly } from '../../local/synthesize.ts';
import { createRunwayClient, unwrap } from '../../sdk/client.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { type ProcessorTime, processorTimes } from './processor-time.ts';

// One tick of the scan's schedule through the whole embedded cloud, every model due: `npm run bench:fleet-scan`. The
// schedule is slowed down to the longest interval, because tiers 1 to 3 would be due at ticks of their own. The baseline
// is a minute without a tick: all that the cloud does besides.

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '500' },
    days: { type: 'string', default: '7' },
    seed: { type: 'string' },
    concurrency: { type: 'string', default: '2' },
  },
});
const models = Number(values.models);
/** Of traffic behind each model; 0: they are registered and deployed, and nobody has called them. */
const days = Number(values.days);
/** Folder that keeps the seeded fleet for the next run. @default none, it is seeded anew */
const seed = values.seed && path.resolve(`${values.seed}-${models}-${days}`);
const project = fileURLToPath(new URL('../..', import.meta.url));
const start = '2001-01-22T00:00:00.000Z';
const minuteMillis = 60_000;

ensureAssembly(project, () => undefined);
const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-bench-'));
let cloud: Cloud | undefined;
try {
  if (seed !== undefined && existsSync(seed)) cpSync(seed, dataDir, { recursive: true });
  else await seedInto(dataDir);
  cloud = await boot(dataDir);
  await pass(cloud, '44 minutes without a tick', 44);
  await pass(cloud, 'a minute with the first scan: nothing is remembered, every process is new', 1);
  await pass(cloud, '44 minutes without a tick (baseline)', 44);
  await pass(cloud, 'a minute with the second scan', 1);
  await pass(cloud, '44 minutes without a tick', 44);
  await pass(cloud, 'a minute with the third scan', 1);
} finally {
  await cloud?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

function boot(directory: string): Promise<Cloud> {
  return bootCloud({
    assembly: path.join(project, 'cdk.out'),
    dataDir: directory,
    clock: { mode: 'virtual', start },
    functionConcurrency: Number(values.concurrency),
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
}

/** The fleet as it is before its first scan. */
async function seedInto(directory: string): Promise<void> {
  const seeded = await boot(directory);
  try {
    const history = days === 0 ? {} : { history: { days, everyHours: 4, rowsPerHour: 24 } };
    const place = { outputs: seeded.outputs, environment: seeded.sdkEnvironment() };
    await timed(`${models} models of 10 features with ${days} days behind them seeded`, () =>
      seedFleet(place, { models, now: start, ...history }),
    );
    await timed('their events relayed, their graph projected', () => seeded.pump());
  } finally {
    await seeded.stop();
  }
  if (seed === undefined) return;
  // Under its name only when it is whole.
  cpSync(directory, `${seed}-partial`, { recursive: true });
  renameSync(`${seed}-partial`, seed);
}

/** Lets time pass, and says how long that took and who was evaluated meanwhile. */
async function pass(running: Cloud, name: string, minutes: number): Promise<void> {
  const target = Date.parse(running.now()) + minutes * minuteMillis;
  const before = await lastEvaluations(running);
  await timed(name, () => running.advanceTo(new Date(target).toISOString()));
  const after = await lastEvaluations(running);
  const evaluated = [...after].filter(([modelId, at]) => before.get(modelId) !== at).length;
  console.log(`  ${evaluated} models evaluated by ${running.now()}`);
}

async function lastEvaluations(running: Cloud): Promise<ReadonlyMap<string, string | null>> {
  const token = await running.token({ sub: 'bench', groups: ['viewer'] });
  const client = createRunwayClient({ baseUrl: running.apiUrl, token: () => token });
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
  const [startedAt, before] = [performance.now(), processorTimes()];
  await work();
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2);
  const after = processorTimes();
  console.log(`${name}: ${seconds} s${before && after ? `, ${spentBetween(before, after)}` : ''}`);
}

/** Those that took less than a twentieth of a second are counted, not named. */
function spentBetween(before: readonly ProcessorTime[], after: readonly ProcessorTime[]): string {
  const secondsBefore = new Map(before.map(({ pid, seconds }) => [pid, seconds]));
  const spent = after
    .map(({ pid, name, seconds }) => ({ name, seconds: seconds - (secondsBefore.get(pid) ?? 0) }))
    .sort((a, b) => b.seconds - a.seconds);
  const total = spent.reduce((sum, { seconds }) => sum + seconds, 0);
  const named = spent
    .filter(({ seconds }) => seconds >= 0.05)
    .map(({ name, seconds }) => `${name} ${seconds.toFixed(2)}`);
  return `${total.toFixed(2)} s of processor time: ${named.join(', ')}`;
}
