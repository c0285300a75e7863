import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEvaluationStore } from '../../../shared/adapters/memory/memory-evaluation-store.ts';
import { packJson } from '../../../shared/domain/ground-truth/packed-json.ts';
import type { Baseline } from '../../../shared/domain/health/baseline.ts';
import { breachLimit } from '../../../shared/domain/health/breach-limit.ts';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import { dataDriftSignal } from '../../../shared/domain/health/data-drift-signal.ts';
import type { Signal } from '../../../shared/domain/health/evaluation.ts';
import { fitAnchor } from '../../../shared/domain/health/fit-blocks.ts';
import { judgedParts } from '../../../shared/domain/health/judged-parts.ts';
import { aboutAnchor } from '../../../shared/domain/health/part-label.ts';
import { withQValues } from '../../../shared/domain/health/team-budget.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import { dayMillis, toMillis } from '../../../shared/domain/time.ts';
import { anchorOf } from '../../../shared/use-cases/health/anchor-of.ts';
import { buildPendingBaseline } from '../../../shared/use-cases/health/build-pending-baseline.ts';
import { evaluateOnSchedule } from '../../../shared/use-cases/health/evaluate-model.ts';
import { replayEvaluation } from '../../../shared/use-cases/health/replay-evaluation.ts';
import { deployVersion } from '../../../shared/use-cases/registry/deploy-version.ts';
import { registerVersion } from '../../../shared/use-cases/registry/register-version.ts';
import * as registry from '../registry/registry-world.ts';
import {
  baselineOf,
  definition,
  flights,
  hoursOf,
  policyWith,
  recordedMetrics,
  type Weather,
  windowOf,
} from './late-flights.ts';
import { deployedAt, givenServingModel } from './serving-model.ts';

const { features } = definition;
const first = baselineOf(1);

/** The reference of version 7, trained on flights in other weather. */
function retrained(weather: Weather, anchor: Baseline | undefined = first): Baseline {
  const start = toMillis(first.from);
  const rows = flights(4_200, weather).map((row, i) => ({
    ...row,
    predictedAtMillis: start + (i * (21 * dayMillis)) / 4_200,
  }));
  const { modelId, taskType, from, to } = first;
  return buildBaseline({ modelId, version: 7, taskType, features, rows, from, to, anchor });
}

function driftOf(baseline: Baseline, weather: Weather): Signal {
  const current = windowOf(flights(2_000, weather), baseline);
  return dataDriftSignal({ policy: policyWith(), features, baseline, current });
}

const ofAnchor = ({ parts }: Signal) => parts.filter(({ name }) => name.startsWith('anchor:'));

describe('a version that is trained on drifted rows', () => {
  const baseline = retrained({ shift: 0.4 });
  const signal = driftOf(baseline, { shift: 0.4 });

  it('says that its reference has moved from that of the first champion, though it fits what it serves', () => {
    expect(signal).toMatchObject({ verdict: 'ok', score: 0 });
    expect(ofAnchor(signal)).toMatchObject([
      { name: 'anchor:lateRate', verdict: 'warning', n: 4_200 },
      { name: 'anchor:origin', verdict: 'ok' },
    ]);
    expect(signal.reason).toMatch(
      /; the reference of version 7 itself has moved from that of version 1: PSI of lateRate [23]\.\d+ \(/,
    );
  });

  it('is judged as it would be without, whatever it serves', () => {
    const { anchor, ...without } = baseline;
    expect(anchor?.version).toBe(1);
    for (const weather of [{ shift: 0.4 }, { shift: 0.45 }, {}, { origin: 'HNL', missingRatio: 0.3 }]) {
      const [having, lacking] = [driftOf(baseline, weather), driftOf(without, weather)];
      expect(having.parts.some(({ name, verdict }) => name.startsWith('anchor:') && verdict === 'breach')).toBe(false);
      const { reason, parts, ...judged } = having;
      expect(reason.startsWith(lacking.reason)).toBe(true);
      expect({ ...judged, reason: lacking.reason, parts: judgedParts(policyWith(), having) }).toEqual(lacking);
      const [qualified, expected] = [withQValues([having]), withQValues([lacking])];
      expect(judgedParts(policyWith(), qualified[0]!)).toEqual(expected[0]!.parts);
    }
  });

  it('shows values that are missing or new in its reference', () => {
    const parts = ofAnchor(driftOf(retrained({ missingRatio: 0.3, origin: 'HNL' }), {}));
    expect(parts.find(({ name }) => name === 'anchor:lateRate:missing')).toMatchObject({
      verdict: 'warning',
      value: 0.3,
      reference: 0,
      reason: expect.stringContaining('missing rate of lateRate 0.3, 0 in version 1: PSI of the two shares'),
    });
    expect(parts.find(({ name }) => name === 'anchor:origin:unseen')).toMatchObject({ verdict: 'warning', value: 1 });
    // No value that the anchor knows.
    expect(parts.find(({ name }) => name === 'anchor:origin')).toMatchObject({ verdict: 'insufficient-data' });
  });
});

describe('the anchor of a baseline', () => {
  it('adds nothing to the reason while the reference has not moved', () => {
    const signal = driftOf(retrained({}), {});
    expect(ofAnchor(signal).map(({ verdict }) => verdict)).toEqual(['ok', 'ok']);
    expect(signal.reason).not.toContain('itself');
  });

  it('counts only features that both have, of the same type', () => {
    const numeric = { ...first.features, lateRate: { kind: 'categorical', categories: ['a'] } as const };
    expect(Object.keys(retrained({}, { ...first, features: numeric }).anchor!.features)).toEqual(['origin']);
    const { lateRate } = first.features;
    const other = { lateRate: lateRate!, altitude: lateRate! };
    expect(Object.keys(retrained({}, { ...first, features: other }).anchor!.features)).toEqual(['lateRate']);
  });

  it('is given up first when the baseline is too large, which is recorded and said', () => {
    const baseline = retrained({ shift: 0.4 });
    const bytes = packJson(baseline).byteLength;
    expect(fitAnchor(baseline, bytes)).toBe(baseline);
    const fitted = fitAnchor(baseline, bytes - 1);
    expect(fitted).toMatchObject({ anchorOmitted: 1, blocks: baseline.blocks });
    expect(fitted).not.toHaveProperty('anchor');
    const { reason } = driftOf(fitted, { shift: 0.4 });
    expect(reason).toContain('too large to compare its reference with that of version 1');
  });

  it('has parts that are no rates of a feature called anchor', () => {
    expect(['anchor:x', 'anchor:x:missing', 'anchor:missing', 'anchor:unseen', 'x:missing'].map(aboutAnchor)).toEqual([
      'x',
      'x:missing',
      undefined,
      undefined,
      undefined,
    ]);
    const labelOf = (name: string) => breachLimit(policyWith(), 'dataDrift', { name }).label;
    expect(labelOf('anchor:missing')).toBe('PSI of the missing rate of anchor');
    expect(labelOf('anchor:x:missing')).toBe(
      'PSI of the missing rate of x in the reference, against the first champion',
    );
  });
});

describe('an evaluation beside an anchor', () => {
  it('is healthy, says that the reference has moved, and is made again to the last bit', async () => {
    const modelId = definition.name;
    const baseline = { ...retrained({ shift: 0.4 }, { ...first, version: 9 }), version: 1 };
    const world = await givenServingModel();
    await world.baselines.put(baseline);
    const now = '2001-01-31T00:00:00.000Z';
    const hours = hoursOf(deployedAt, now, { shift: 0.4 });
    const history = createMemoryEvaluationStore();
    const ports = { ...world, history, evaluations: history, metrics: recordedMetrics(hours, [baseline]) };
    const evaluation = await evaluateOnSchedule(ports, modelId, now);
    const drift = evaluation.signals.find(({ name }) => name === 'dataDrift')!;
    expect(evaluation).toMatchObject({ verdict: 'healthy', causes: [] });
    expect(drift.reason).toContain('the reference of version 1 itself has moved from that of version 9');
    expect(ofAnchor(drift)[0]).not.toHaveProperty('qValue');
    expect(evaluation.explanation?.wouldChange.join()).not.toContain('first champion');
    const found = await replayEvaluation(ports, { modelId, evaluationId: evaluation.evaluationId });
    expect(found).toMatchObject({ isIdentical: true, differences: [] });
  });
});

describe('the versions of a model', () => {
  const modelId = 'late-basic';
  let world: registry.World;
  beforeEach(async () => {
    world = await registry.createWorld();
    await registry.addVersion(world, 'run-1');
  });
  const deployFirst = () =>
    deployVersion(world, { modelId, version: 1, actor: registry.ada, reason: 'go', now: registry.now });
  const state = async () => (await world.events.head<ModelState>(`model#${modelId}`))!.state;

  it('are held against the first champion, those from before it against none', async () => {
    await registry.addVersion(world, 'run-2');
    expect(await state()).not.toHaveProperty('anchorVersion');
    await deployFirst();
    await registry.addVersion(world, 'run-3');
    expect(await state()).toMatchObject({ anchorVersion: 1 });
    const anchors = await Promise.all([1, 2, 3].map(async (version) => world.baselines.get(modelId, version)));
    expect(anchors.map((baseline) => baseline?.anchor?.version)).toEqual([undefined, undefined, 1]);
    const { anchor, own } = anchors[2]!.anchor!.features.distance!;
    expect(own).toEqual(anchor);
  });

  it('get the same comparison from the job as at once', async () => {
    await deployFirst();
    await registry.addVersion(world, 'run-2');
    const uri = 's3://artifacts/run-3/large.ndjson';
    const note = 'x'.repeat(50_000);
    await world.artifacts.put(uri, registry.ndjson(registry.referenceRows.map((row) => ({ ...row, note }))));
    const trained = await registry.trained(world, 'run-3');
    const large = { ...trained, referenceWindow: { ...trained.referenceWindow, uri } };
    await registerVersion(world, { modelId, definition: large, actor: registry.ada, now: registry.now });
    await buildPendingBaseline(world, { modelId, version: 3 }, registry.later);
    const [atOnce, later] = await Promise.all([2, 3].map(async (version) => world.baselines.get(modelId, version)));
    expect(later?.anchor?.version).toBe(1);
    expect(later).toEqual({ ...atOnce, version: 3 });
  });

  it('of a state from before it was kept are held against the champion of then', async () => {
    const { baselines } = world;
    const champion = { version: 1, since: registry.now, trainingDataEnd: registry.now };
    expect(await anchorOf(baselines, { modelId, champion })).toMatchObject({ version: 1 });
    expect(await anchorOf(baselines, { modelId, champion }, 1)).toBeUndefined();
    expect(await anchorOf(baselines, { modelId })).toBeUndefined();
  });
});
