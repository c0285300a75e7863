import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rebuildGraph } from '../../scripts/rebuild-graph.ts';
import { createRunwayClient } from '../../sdk/client.ts';
import { everyRole } from '../mutation/customer.ts';
import { type Airline, createAirline, type Routing, type Training } from './airline.ts';
import { boot, type Running, statusOf } from './boot.ts';
import { graphOf } from './graph-of.ts';
import { firstBreak } from './hash-chain.ts';
import { type Facts, factsOf } from './loop-facts.ts';
import { calm, crowded, rebuilt, reversed, right, sureOfIt, type Weather } from './weather.ts';

type Story = { readonly after: Weather; readonly training: Training };
const stories = {
  /** The world changes, the candidate has learnt it. */
  'late-mended': { after: rebuilt, training: { candidate: reversed } },
  /** The world changes, the candidate has not. */
  'late-worse': { after: rebuilt, training: { candidate: sureOfIt } },
  /** More of the same; the candidate is good on its hold-out only. */
  'late-overfit': { after: crowded, training: { candidate: reversed, claimed: right } },
} as const satisfies Record<string, Story>;
type Name = keyof typeof stories;
const names = Object.keys(stories) as Name[];

/** Eight days of outcomes before anything changes, so that performance can be judged. */
const start = '2001-01-16T21:00:00.000Z';
const changesAt = '2001-01-25T09:00:00.000Z';
const endsAt = '2001-01-27T12:00:00.000Z';

let running: Running;
const requests: Record<string, string>[] = [];
const facts = {} as Record<Name, Facts>;

/** A scan and a decision every three hours: with more of them the same happens, only the test takes longer. */
/** Days are joined again by tests of their own; here they would only take time. */
const rhythmOf = (id: string) =>
  id.startsWith('BatchJoin') ? { State: 'DISABLED' } : { ScheduleExpression: 'rate(3 hours)' };

const unhurried: Parameters<typeof boot>[1] = {
  templateTransform: (template) => ({
    ...template,
    Resources: Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) =>
        resource.Type === 'AWS::Scheduler::Schedule'
          ? [id, { ...resource, Properties: { ...resource.Properties, ...rhythmOf(id) } }]
          : [id, resource],
      ),
    ),
  }),
};

beforeAll(async () => {
  running = await boot(start, unhurried);
  const airlines = new Map<string, Airline>();
  for (const name of names) airlines.set(name, await createAirline(running, name));
  for (const airline of airlines.values()) await airline.register();
  while (running.cloud.now() < endsAt) {
    const isCalm = running.cloud.now() < changesAt;
    await passHours(isCalm ? 9 : 3, airlines, isCalm);
  }
  await running.later(0.1);
  for (const name of names) facts[name] = await factsOf(running, airlines.get(name)!);
}, 240_000);
afterAll(() => running?.end());

/** The customers fly, report, and train what they are asked to. */
async function passHours(hours: number, airlines: ReadonlyMap<string, Airline>, isCalm: boolean): Promise<void> {
  const { cloud, customer, later } = running;
  await later(hours * 60);
  for (const [name, airline] of airlines) await airline.serve(isCalm ? calm : stories[name as Name].after, hours);
  for (;;) {
    const taken = await customer.receiveRequest();
    if (taken === undefined) return;
    const { modelId = '', runId = '' } = taken.request;
    const { training, after } = stories[modelId as Name];
    await airlines.get(modelId)?.train(runId, training, after);
    await taken.done();
    requests.push(taken.request);
    await cloud.pump();
  }
}

const shares = ({ arms }: Routing) => arms.map(({ version, weightPercent }) => `${version}:${weightPercent}`).join(' ');
const tables = ({ served }: Facts) =>
  [...new Set(served.map(({ table }) => table.generation))].map((generation) =>
    shares(served.find(({ table }) => table.generation === generation)!.table),
  );

describe.each(names)('%s', (name) => {
  test('is healthy as long as nothing changes', () => {
    const verdicts = facts[name].evaluations.filter(({ evaluatedAt }) => evaluatedAt <= changesAt);
    expect(verdicts.map(({ verdict }) => verdict)).not.toContain('at-risk');
    expect(verdicts.at(-1)).toMatchObject({ verdict: 'healthy', confidence: { level: 'high' }, coverageRatio: 1 });
  });

  test('is found at risk by a scheduled scan, on evidence', () => {
    const { evaluations, retrains } = facts[name];
    const decisive = evaluations.find(({ evaluationId }) => evaluationId === retrains[0]?.triggers[0]?.evaluationId);
    expect(decisive).toMatchObject({ kind: 'scheduled', verdict: 'at-risk' });
    expect(decisive?.causes).toContain('dataDrift');
    const drift = decisive?.signals.find((signal) => signal.name === 'dataDrift');
    expect(drift?.verdict).toBe('breach');
    // Of the short window or of the long one.
    const breach = drift?.parts.find((part) => part.verdict === 'breach');
    expect(breach?.value).toBeGreaterThan(0.15);
    expect(breach?.evidence).toBeLessThan(0.001);
    expect(drift?.n).toBeGreaterThan(drift?.nNeeded ?? Number.POSITIVE_INFINITY);
  });

  test('is retrained once, for drift, and the trainer is asked once', () => {
    const { retrains } = facts[name];
    expect(retrains).toMatchObject([{ status: 'succeeded', candidateVersion: 2, triggers: [{ cause: 'drift' }] }]);
    const asked = requests.filter(({ modelId }) => modelId === name);
    expect(asked).toMatchObject([{ runId: retrains[0]?.runId, causes: ['drift'], championVersion: 1 }]);
  });

  test('has every prediction and outcome counted once', () => {
    const { served, performance } = facts[name];
    const sent = (version: number) => served.reduce((sum, { byVersion }) => sum + (byVersion[version] ?? 0), 0);
    expect(performance).toEqual([1, 2].map((version) => ({ predictions: sent(version), pairs: sent(version) })));
  });

  test('has its present routing on the CDN, and the weights always sum to 100', () => {
    const { served, routing, published } = facts[name];
    expect(published).toEqual(routing);
    for (const { table } of served)
      expect(table.arms.reduce((sum, { weightPercent }) => sum + weightPercent, 0)).toBe(100);
  });

  test('has a history in which every commit carries the hash of the one before', () => {
    expect(firstBreak(facts[name].history)).toBeUndefined();
  });
});

const eventsOf = ({ history }: Facts) => history.flatMap(({ events }) => events.map(({ type }) => type));
const beginning = ['ModelRegistered', 'PolicyChanged', 'VersionAdded', 'ChampionDeployed', 'HealthChanged'];
const retraining = ['HealthChanged', 'RetrainOpened', 'VersionAdded', 'RetrainClosed', 'RolloutOpened'];

describe('a candidate that is better', () => {
  test('passes the hold-out and every step, and is promoted', () => {
    const { rollouts, retrains } = facts['late-mended'];
    const [rollout] = rollouts;
    expect(rollouts).toHaveLength(1);
    expect(rollout).toMatchObject({ status: 'promoted', retrainId: retrains[0]?.retrainId, champion: 1, candidate: 2 });
    expect(rollout?.loadability?.verdict).toBe('pass');
    expect(rollout?.validation).toMatchObject({ verdict: 'pass', paired: { n: 300 } });
    const steps = rollout?.judgements.map(({ percent, verdict }) => `${percent} ${verdict}`);
    expect([...new Set(steps)]).toEqual(['5 inconclusive', '5 pass', '50 pass']);
    for (const { verdict, paired } of rollout?.judgements ?? [])
      if (verdict === 'pass') expect(paired.interval?.[1]).toBeLessThan(0.02);
  });

  test('gets 5, 50 and 100 % of the traffic, while the other version scores along', () => {
    const { served } = facts['late-mended'];
    expect(tables(facts['late-mended'])).toEqual(['1:100', '1:95 2:5', '1:50 2:50', '2:100']);
    for (const { table } of served.filter(({ table: { arms } }) => arms.length > 1))
      expect(table.shadows.map(({ version }) => version).toSorted()).toEqual([1, 2]);
    expect(served.at(-1)?.table.shadows).toMatchObject([{ version: 1, until: expect.any(String) }]);
  });

  test('is measured against the withdrawn version on the same flights', () => {
    const { paired, served } = facts['late-mended'];
    const scoredByBoth = served.filter(({ table }) => table.shadows.length > 0);
    const flights = scoredByBoth.flatMap(({ byVersion }) => Object.values(byVersion)).reduce((a, b) => a + b, 0);
    expect(paired?.n).toBe(flights);
    expect(paired?.newerLoss).toBeLessThan((paired?.olderLoss ?? 0) / 2);
  });

  test('is champion, and is called healthy only when enough days of it were seen', () => {
    const { model, versions, evaluations } = facts['late-mended'];
    expect(model).toMatchObject({
      lifecycle: 'active',
      champion: { version: 2, previous: 1 },
      health: { status: 'unknown' },
    });
    const ofNew = evaluations.filter(({ version }) => version === 2);
    expect(ofNew.length).toBeGreaterThan(0);
    for (const { verdict } of ofNew) expect(verdict).toBe('unknown');
    expect(versions.map(({ status }) => status)).toEqual(['champion', 'withdrawn']);
  });

  test('is in the graph with the run that made it and what it was judged by, and no longer tested', async () => {
    const { model, modelVersion } = await graphOf(running, 'late-mended');
    expect(model.associatedAbTests).toEqual([]);
    const { runId } = facts['late-mended'].retrains[0]!;
    expect(modelVersion.pipelineRun).toEqual({ name: runId, status: 'succeeded' });
    const judged = modelVersion.evaluations.edges.map(({ node: { metric, status } }) => `${metric} ${status}`);
    expect(judged.toSorted()).toEqual([
      'loadability pass',
      'punctual-boardings inconclusive',
      'relativeDifference pass',
      'relativeDifference pass',
    ]);
  });

  test('has all of it in the history', () => {
    const ending = ['TrafficShifted', 'TrafficShifted', 'VersionPromoted'];
    const events = eventsOf(facts['late-mended']);
    const [opened, promoted] = [events.indexOf('RolloutOpened'), events.indexOf('VersionPromoted')];
    // The champion's performance breaches too, some time while the candidate is on its way.
    const told = events.filter((type, i) => type !== 'HealthChanged' || i < opened || i > promoted);
    expect(told).toEqual([...beginning, ...retraining, ...ending]);
  });
});

describe('a candidate that is worse on the hold-out', () => {
  test('is refused and never serves', () => {
    const [rollout] = facts['late-worse'].rollouts;
    expect(rollout).toMatchObject({ status: 'refused', validation: { verdict: 'fail' }, judgements: [] });
    expect(rollout?.validation?.paired.relativeDifference).toBeGreaterThan(0.02);
    expect(tables(facts['late-worse'])).toEqual(['1:100']);
  });

  test('leaves the champion and what is known of its health', () => {
    const { model, versions } = facts['late-worse'];
    expect(model).toMatchObject({ lifecycle: 'at-risk', champion: { version: 1 }, health: { status: 'at-risk' } });
    expect(versions.map(({ status }) => status)).toEqual(['refused', 'champion']);
    expect(eventsOf(facts['late-worse'])).toEqual([...beginning, ...retraining, 'CandidateRefused', 'HealthChanged']);
  });

  test('is told of the further cause that the same champion breaches by afterwards', () => {
    const { model, history } = facts['late-worse'];
    const told = history.flatMap(({ events }) => events.filter(({ type }) => type === 'HealthChanged'));
    expect(told).toMatchObject([
      { status: 'healthy' },
      { causes: ['dataDrift'] },
      { causes: ['performance', 'dataDrift'] },
    ]);
    expect(model).toMatchObject({ health: { causes: ['dataDrift', 'performance'] } });
  });
});

describe('a candidate that is good on the hold-out only', () => {
  test('is rolled back from its first step, because it is worse on the same flights', () => {
    const [rollout] = facts['late-overfit'].rollouts;
    expect(rollout).toMatchObject({ status: 'rolled-back', validation: { verdict: 'pass' } });
    const last = rollout?.judgements.at(-1);
    expect(last).toMatchObject({ percent: 5, verdict: 'fail' });
    expect(last?.paired.interval?.[0]).toBeGreaterThan(0.02);
    expect(rollout?.reason).toBe(last?.reason);
  });

  test('gives the champion all the traffic back', () => {
    const { model, versions, routing } = facts['late-overfit'];
    expect(tables(facts['late-overfit'])).toEqual(['1:100', '1:95 2:5', '1:100']);
    expect(routing.shadows).toEqual([]);
    expect(model).toMatchObject({ lifecycle: 'at-risk', champion: { version: 1 } });
    expect(versions.map(({ status }) => status)).toEqual(['rolled-back', 'champion']);
    const ending = ['TrafficShifted', 'RollbackStarted', 'RollbackCompleted'];
    expect(eventsOf(facts['late-overfit'])).toEqual([...beginning, ...retraining, ...ending]);
  });
});

test('a rollout that a person ends gives the champion all the traffic back and goes no further', async () => {
  const { cloud, customer, later, now } = running;
  const airline = await createAirline(running, 'late-aborted');
  await airline.register();
  const version = await airline.addVersion('by-hand', right, calm);
  const holdout = await airline.uploadHoldout('by-hand', right, right, calm);
  const { rolloutId } = await customer.succeed('POST', `${airline.model}/versions/${version}/deployment`, { holdout });
  await cloud.pump();
  expect(shares(await airline.routing())).toBe('1:95 2:5');
  const tested = { name: 'late-aborted v2 against v1', models: { edges: [{ node: { name: 'late-aborted' } }] } };
  const cells = [
    { name: 'late-aborted v1 (champion)', number: 1 },
    { name: 'late-aborted v2 (candidate)', number: 2 },
  ];
  const meanwhile = cloud.now();
  expect((await graphOf(running, 'late-aborted')).model.associatedAbTests).toEqual([
    { ...tested, status: 'canary', cells },
  ]);
  await later(1);
  const ended = await customer.succeed('POST', `/v1/rollouts/${rolloutId}/abort`, { reason: 'the airport is closed' });
  expect(ended).toMatchObject({ status: 'aborted', endedAt: new Date(now()).toISOString() });
  await later(7 * 60);
  expect(await customer.succeed('GET', `/v1/rollouts/${rolloutId}`)).toEqual(ended);
  expect(shares(await airline.routing())).toBe('1:100');
  expect((await graphOf(running, 'late-aborted')).model.associatedAbTests).toEqual([]);
  expect((await graphOf(running, 'late-aborted', meanwhile)).model.associatedAbTests).toEqual([
    { ...tested, status: 'aborted', cells },
  ]);
  expect(Object.values((await statusOf(running)).runningExecutions).flat()).toEqual([]);
});

test('a rebuild of the graph from every stream finds nothing to correct', async () => {
  const { cloud } = running;
  const token = await cloud.token(everyRole);
  const client = createRunwayClient({ baseUrl: cloud.apiUrl, token: () => token });
  const rebuild = await rebuildGraph({ client, wait: cloud.pump, onProgress: () => undefined });
  expect(rebuild).toMatchObject({ status: 'succeeded', models: 4, corrected: 0 });
  // Of each model itself, two versions, a retrain but of the one that was tried by hand, and a rollout; and what is inferred.
  expect(rebuild.streams).toBeGreaterThanOrEqual(4 + 8 + 3 + 4);
  expect(rebuild.counted?.database).toEqual(rebuild.counted?.table);
});

test('nothing was given up on the way', async () => {
  const { queues } = await statusOf(running);
  for (const queue of Object.values(queues)) expect(queue).toMatchObject({ visible: 0, inFlight: 0 });
  expect(await running.customer.objects('FailureBucketName', '')).toEqual([]);
  // The schedules above are slower than the alarms on their lateness expect.
  const isAboutSchedules = (line: string) =>
    /^(ALARM|OK): (Evaluations late|Decisions stopped|Batch join late|Graph snapshot old):/.test(line);
  const told = running.log
    .filter((line) => !isAboutSchedules(line))
    .map((line) => line.slice(0, line.indexOf(', see')));
  expect(told).toEqual(['ALARM: Rollout rolled back: ticket', 'OK: Rollout rolled back: ticket']);
});
