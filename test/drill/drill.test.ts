import { Console } from 'node:console';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minuteMillis, toInstant, toMillis } from '../../shared/domain/time.ts';
import { synthesize, type Template } from '../infra/synthesize.ts';
import { below, seededRandom } from '../kill/random.ts';
import { createSession, request, type Session } from '../kill/session.ts';
import type { Customer } from '../mutation/customer.ts';
import { type Logs, readLogs } from './event-log.ts';
import { definitionsOf, deployAll, eventsOf, type Place } from './fleet.ts';
import { createMaestroServer, type MaestroServer, type Outage } from './maestro-server.ts';
import { type Limits, replaySlots } from './oracle.ts';
import { createPipelines, fateOf } from './pipelines.ts';
import { createSampler } from './sampler.ts';

// Everything that trains at once, and an orchestrator that goes down: 50 run and 1,000 wait, of 30 teams in 4 tiers, by two
// Maestros and the training queue, over a virtual day, with the cloud killed in the middle. `DRILL_MODELS` makes it smaller.
const modelCount = Number(process.env.DRILL_MODELS ?? 1_050);
const seed = Number(process.env.DRILL_SEED ?? 20_010_305);
const overall = Math.max(5, Math.round(modelCount / 21));
const perTeam = Math.max(2, Math.round(overall / 12));
const limits: Limits = {
  overall,
  perTeam,
  perOrchestrator: {
    maestro: Math.ceil(overall * 0.6),
    flows: Math.ceil(overall * 0.3),
    'training-queue': Math.ceil(overall * 0.3),
  },
};
const start = toMillis('2001-03-05T00:00:00.000Z');
const stepMinutes = 5;
const at = (hours: number) => start + hours * 60 * minuteMillis;
/** Maestro's bad time: at first it acts and its answers are lost, then it does nothing. */
const outage = { from: at(2), lost: at(2.1), to: at(3.25) };
/** Hours after which the process is killed in the next step: at full load, in the outage, in the drain, and later. */
const killHours = [0.5, 2.05, 2.6, 3.3, 6];
/** Hours at which models of tier 1 that were trained already are asked for again. */
const waveHours = [6.5, 8.5];
const longestHours = 60;
const longestLifeMilliseconds = 1_500;
/** Of a machine that is busy with other things. */
const longestRunMilliseconds = 75 * 60_000;

const report = new Console(process.stdout);
const random = seededRandom(seed);
const definitions = definitionsOf(modelCount);
const retrainIds = new Set<string>();
let servers: readonly [MaestroServer, MaestroServer];
let directory: string;
let session: Session;
let pipelines: ReturnType<typeof createPipelines>;
let sampler: ReturnType<typeof createSampler>;
let logs: Logs;
const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-drill-'));
const millisecondsOf = new Map<string, number>();

/** Nothing but retraining wakes by itself: the drill is about the queue, and a virtual day is 288 looks at every model. */
function stillEverythingElse(): void {
  const kept = ['RunSchedule', 'DecisionSchedule'];
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.template.json'))) {
    const file = path.join(directory, name);
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
    for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
      const isSchedule = Type === 'AWS::Scheduler::Schedule' && !kept.some((one) => id.includes(one));
      const isGraphs = Type === 'AWS::Events::Rule' && id.includes('GraphChangesRule');
      if (isSchedule || isGraphs) Object.assign(Properties, { State: 'DISABLED' });
    }
    writeFileSync(file, JSON.stringify(template));
  }
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await work();
  millisecondsOf.set(name, (millisecondsOf.get(name) ?? 0) + performance.now() - from);
  return result;
}

const place = async () => (await session.insist((customer) => customer.succeed('GET', '/_local/status'))) as Place;

async function ask(modelIds: readonly string[], wave: string): Promise<void> {
  const left = modelIds.values();
  const worker = async () => {
    for (const modelId of left) {
      const key = `drill-${wave}-${modelId}`;
      const body = await session.insist((customer) =>
        request(customer, 'POST', `/v1/models/${modelId}/retrains`, { reason: `drill ${wave}` }, { key }),
      );
      retrainIds.add(String(body.retrainId));
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

async function advance(to: number): Promise<void> {
  const life = below(random, longestLifeMilliseconds);
  const hour = killHours[0];
  let killing: Promise<void> | undefined;
  if (hour !== undefined && to > at(hour)) {
    killHours.shift();
    killing = delay(life).then(session.kill);
  }
  const body = { advanceTo: toInstant(to) };
  await session.insist((customer) => request(customer, 'POST', '/_local/clock', body));
  await killing;
}

const isEmpty = async (customer: Customer, status: string) =>
  ((await customer.succeed('GET', `/v1/retraining-queue?status=${status}&limit=1`)).items as unknown[]).length === 0;

function outageAt(now: number): Outage | undefined {
  if (now < outage.from || now >= outage.to) return undefined;
  return now < outage.lost ? 'acts and answers 502' : 'refuses';
}

async function run(): Promise<number> {
  const waves = [...waveHours];
  let idleSteps = 0;
  for (let now = start + stepMinutes * minuteMillis; now < at(longestHours); now += stepMinutes * minuteMillis) {
    servers[0].state.outage = outageAt(now);
    await timed('clock', () => advance(now));
    await timed('pipelines', () => pipelines.work(now));
    const [wave] = waves;
    if (wave !== undefined && now >= at(wave)) {
      waves.shift();
      const again = definitions.filter(({ tier }) => tier === 1).slice(0, overall);
      await timed('requests', () =>
        ask(
          again.map(({ name }) => name),
          `again-${wave}`,
        ),
      );
    }
    const isDone = await session.insist(
      async (customer) => (await isEmpty(customer, 'queued')) && isEmpty(customer, 'running'),
    );
    if (isDone && waves.length === 0) idleSteps += 1;
    // What hung last is asked to stop, stops, and is seen to have stopped.
    if (idleSteps > 3) return now;
  }
  throw new Error(`retrains are left after ${longestHours} virtual hours`);
}

beforeAll(async () => {
  servers = [await createMaestroServer('maestro'), await createMaestroServer('flows')];
  const connections = {
    maestro: { kind: 'maestro', baseUrl: servers[0].url, maxConcurrentRetrains: limits.perOrchestrator.maestro },
    flows: { kind: 'maestro', baseUrl: servers[1].url },
  };
  directory = await timed('synthesis', async () => {
    const settings = {
      maxConcurrentRetrains: overall,
      maxConcurrentRetrainsPerTeam: perTeam,
      maxConcurrentRetrainsPerOrchestrator: limits.perOrchestrator.flows,
      decisionIntervalMinutes: 240,
      orchestrators: JSON.stringify(connections),
    };
    return synthesize(Object.entries(settings).map(([name, value]) => `${name}=${value}`)).directory;
  });
  stillEverythingElse();
  session = createSession(directory, dataDir, toInstant(start));
  pipelines = createPipelines(session.insist, servers);
  sampler = createSampler(session.insist, limits);
  const deployed = await place();
  await timed('deployment', () => deployAll(deployed, definitions));
  await timed('requests', () =>
    ask(
      definitions.map(({ name }) => name),
      'all',
    ),
  );
  sampler.start();
  const endedAt = await run();
  await sampler.stop();
  const { events, close } = eventsOf(await place());
  logs = await timed('reading', () => readLogs(events, [...retrainIds], Object.keys(limits.perOrchestrator)));
  close();
  report.log(`${modelCount} models, seed ${seed}, ${((endedAt - start) / 3_600_000).toFixed(1)} virtual hours`);
  report.table(Object.fromEntries([...millisecondsOf].map(([name, ms]) => [name, (ms / 1_000).toFixed(1)])));
}, longestRunMilliseconds);

afterAll(async () => {
  await sampler?.stop();
  await session?.stop();
  for (const server of servers ?? []) await server.close();
  for (const folder of [directory, dataDir]) rmSync(folder, { recursive: true, force: true });
});

describe('fifty at once and a thousand waiting', () => {
  test('the limits hold overall, by team and by orchestrator whenever one looks, and in every event', () => {
    const { samples, violations } = sampler.result();
    const replayed = replaySlots(logs, limits);
    report.log(`${samples} samples; ${replayed.starts} starts, at most ${JSON.stringify(replayed.most)} at once`);
    expect(samples).toBeGreaterThan(10);
    expect([...violations, ...replayed.violations]).toEqual([]);
    expect(replayed.most).toEqual({ overall, team: perTeam, orchestrators: limits.perOrchestrator });
    report.log(`${replayed.agedStarts} starts by age before a more urgent tier; longest waits in hours by tier:`);
    report.log(replayed.longestWaitHours);
  });

  test('every request ends exactly once, with one run each', () => {
    const ends = ['RetrainSucceeded', 'RetrainFailed', 'RetrainCancelled'];
    for (const [retrainId, log] of logs.retrains) {
      const types = log.map(({ type }) => type).filter((type) => type !== 'TrainingRunEnded');
      expect(types.filter((type) => ends.includes(type)).length, retrainId).toBe(1);
      expect(ends, retrainId).toContain(types.at(-1));
    }
    const runs = servers.flatMap(({ instances }) => instances.map((instance) => instance.retrainId));
    const all = [...runs, ...[...pipelines.received.keys()].map((runId) => runId.replace(/-a1$/, ''))];
    expect(all.toSorted()).toEqual([...retrainIds].toSorted());
    const { kills, resent } = session.counts();
    report.log(`${kills} kills, ${resent} requests sent again; answers to completions:`, pipelines.completions);
    expect(killHours).toEqual([]);
  });

  test('what the orchestrator was asked while its circuit was open: nothing; then two probes, then five a minute', () => {
    const circuit = logs.circuits.get('maestro') ?? [];
    const openings = circuit.flatMap((event) => (event.type === 'CircuitOpened' ? [event] : []));
    const drained = circuit.flatMap((event) => (event.type === 'CircuitDrainStarted' ? [toMillis(event.at)] : []));
    const during = servers[0].starts.filter(({ at: asked }) =>
      openings.some(({ openedAt, until }) => asked > toMillis(openedAt) && asked < toMillis(until)),
    );
    report.log(
      `${openings.length} openings, ${drained.length} drained starts, ${servers[0].state.refused} calls refused`,
    );
    expect(openings.length).toBeGreaterThan(1);
    expect(during).toEqual([]);
    for (const from of drained)
      expect(drained.filter((to) => to >= from && to < from + minuteMillis).length).toBeLessThanOrEqual(5);
    expect(circuit.some(({ type }) => type === 'CircuitProbed')).toBe(true);
    expect(circuit.at(-1)?.type === 'CircuitClosed' || circuit.at(-1)?.type === 'CircuitFailuresReset').toBe(true);
    expect(logs.circuits.get('flows')).toEqual([]);
  });

  test('what hung is stopped, and nothing else', () => {
    const instances = servers.flatMap((server) => server.instances);
    const hung = instances.filter(({ runId }) => fateOf(runId).fate === 'hangs');
    expect(hung.map(({ status }) => status)).toEqual(hung.map(() => 'STOPPED'));
    expect(instances.filter(({ status }) => status === 'STOPPED').length).toBe(hung.length);
    for (const { retrainId } of hung)
      expect(logs.retrains.get(retrainId)?.at(-1)).toMatchObject({
        type: 'TrainingRunEnded',
        end: { outcome: 'ended' },
      });
    report.log(`${hung.length} runs hung and were stopped`);
  });
});
