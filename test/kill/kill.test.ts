import { Console } from 'node:console';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { synthesize } from '../infra/synthesize.ts';
import type { Customer } from '../mutation/customer.ts';
import { processesOf } from './cloud-process.ts';
import { type Counts, naiveJoin } from './oracle.ts';
import { below, seededRandom } from './random.ts';
import type { Delivery } from './records.ts';
import { expected, models, replay, rounds, setUp, startOfReplay } from './replay.ts';
import { createSession, request } from './session.ts';

// A replay of six and a half hours, the cloud killed once in each of its 26 rounds. May take 10 minutes on 2 cores.
const seed = Number(process.env.KILL_SEED ?? 20_010_122);
const longestLifeMilliseconds = 250;
// One slot: of two retrains that are asked for, one runs and one stays queued.
const { directory } = synthesize(['maxConcurrentRetrains=1']);
const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-kill-'));
const session = createSession(directory, dataDir, startOfReplay);
afterAll(async () => {
  await session.stop();
  for (const folder of [directory, dataDir]) rmSync(folder, { recursive: true, force: true });
});

const acknowledged: Delivery[] = [];
// The test runner keeps the global console's lines of a passed test to itself.
const report = new Console(process.stdout);

/** Runs everything while, at a random moment after the start of a random step of each round, the cloud is killed. */
async function runAndKill(): Promise<void> {
  const random = seededRandom(seed);
  for (const steps of replay(random, (records) => acknowledged.push(...records))) {
    // Every other kill comes while time advances, when all the asynchronous work is done.
    const fatal = random() < 0.5 ? 0 : below(random, steps.length);
    const life = below(random, longestLifeMilliseconds);
    let killing: Promise<void> | undefined;
    for (const [index, step] of steps.entries()) {
      if (index === fatal) killing = delay(life).then(session.kill);
      await session.insist(step.run);
    }
    await killing;
  }
}

/** Oracle and Runway side by side. */
async function countsOf(
  customer: Customer,
  modelId: string,
): Promise<{ readonly oracle: Counts; readonly runway: Counts }> {
  const window = `from=${startOfReplay}&to=2001-01-22T12:00:00.000Z`;
  const { points } = await customer.succeed('GET', `/v1/models/${modelId}/performance?version=1&bucket=all&${window}`);
  const [point] = points as { predictions: number; n: number; metrics: Omit<Counts, 'predictions' | 'pairs'> }[];
  if (point === undefined) throw new Error('performance has no point');
  const { baseRate, meanScore, brier, logLoss } = point.metrics;
  return {
    oracle: naiveJoin(acknowledged.filter(({ record }) => record.modelId === modelId)),
    runway: { predictions: point.predictions, pairs: point.n, baseRate, meanScore, brier, logLoss },
  };
}

type Body = Record<string, unknown>;
const queue = async (customer: Customer, status: string) =>
  ((await customer.succeed('GET', `/v1/retraining-queue?status=${status}`)).items as Body[]).map(
    ({ retrainId }) => retrainId,
  );

async function requestedRuns(customer: Customer): Promise<ReadonlySet<string | undefined>> {
  const runs = new Set<string | undefined>();
  for (let taken = await customer.receiveRequest(); taken; taken = await customer.receiveRequest()) {
    runs.add(taken.request.runId);
    await taken.done();
  }
  return runs;
}

test('what was acknowledged is there once, however often the cloud was killed', async () => {
  for (const modelId of models) await session.insist(setUp(modelId).run);
  await runAndKill();
  await session.insist((customer) =>
    request(customer, 'POST', '/_local/clock', { advanceTo: '2001-01-22T09:00:00.000Z' }),
  );

  const { kills, resent } = session.counts();
  report.log(
    `seed ${seed}: ${kills} kills, ${resent} requests sent again, ${acknowledged.length} records acknowledged`,
  );
  expect(kills).toBe(rounds);
  for (const modelId of models) {
    const { oracle, runway } = await session.insist((customer) => countsOf(customer, modelId));
    report.log(modelId);
    report.table({ oracle, runway });
    expect({ predictions: runway.predictions, pairs: runway.pairs }).toEqual({
      predictions: oracle.predictions,
      pairs: oracle.pairs,
    });
    for (const metric of ['baseRate', 'meanScore', 'brier', 'logLoss'] as const)
      expect(runway[metric]).toBeCloseTo(oracle[metric], 9);
  }

  for (const modelId of models) {
    const { policyVersion, versionCount } = await session.insist((customer) =>
      customer.succeed('GET', `/v1/models/${modelId}`),
    );
    expect({ policyVersion, versionCount }).toEqual({
      policyVersion: expected.policyVersion,
      versionCount: expected.versions,
    });
    const history = await session.insist((customer) =>
      customer.succeed('GET', `/v1/models/${modelId}/history?limit=100`),
    );
    const commits = history.items as Body[];
    expect(commits.slice(1).map(({ previousHash }) => previousHash)).toEqual(
      commits.slice(0, -1).map(({ hash }) => hash),
    );
  }

  await session.insist(async (customer) => {
    expect(await queue(customer, 'running')).toEqual(['kill-a-r1']);
    expect(await queue(customer, 'queued')).toEqual(['kill-b-r1']);
    expect(await requestedRuns(customer)).toEqual(new Set(['kill-a-r1-a1']));
    await customer.succeed('POST', '/v1/runs/kill-a-r1-a1/completion', { status: 'failed', error: 'no trainer today' });
    await customer.succeed('POST', '/_local/pump', {});
    expect(await requestedRuns(customer)).toEqual(new Set(['kill-b-r1-a1']));
  });

  const poison = await session.insist((customer) => customer.objects('FailureBucketName', 'poison/'));
  const causes = Map.groupBy(
    poison.map((text) => JSON.parse(text)),
    ({ cause }) => cause.code,
  );
  report.log(
    `in the failure bucket: ${[...causes].map(([code, records]) => `${records.length} × ${code}`).join(', ')}`,
  );
  expect([...causes.keys()].toSorted()).toEqual(['header-missing', 'wrong-signature']);
  for (const records of causes.values()) expect(records.length).toBeGreaterThanOrEqual(4);

  await session.stop();
  expect(processesOf(dataDir)).toEqual([]);
});
