import { describe, expect, it } from 'vitest';
import { addToProfile, emptyProfile, mergeProfiles } from '../../../shared/domain/ground-truth/profile.ts';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import { dataDriftSignal } from '../../../shared/domain/health/data-drift-signal.ts';
import { profileWindow } from '../../../shared/domain/health/profile-window.ts';
import type { ReferenceRow } from '../../../shared/domain/health/reference-row.ts';
import { segmentsOf } from '../../../shared/domain/health/segment-of.ts';
import { testsOfModel } from '../../../shared/domain/health/tests-of-model.ts';
import { withSegments } from '../../../shared/domain/health/with-segments.ts';
import { defaultPolicy } from '../../../shared/domain/registry/policy.ts';
import { featureListSchema, modelDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { viewDrift } from '../../../shared/use-cases/health/view-drift.ts';
import { definition, hoursOf, modelId } from './late-flights.ts';
import { deployedAt, givenServingModel } from './serving-model.ts';
import { seeded } from './statistics/seeded.ts';

const features = featureListSchema.parse([
  { name: 'amount', type: 'numeric' },
  { name: 'country', type: 'categorical' },
]);
const segments = [
  { name: 'small', feature: 'country', values: ['CH'] },
  { name: 'rest', feature: 'country', values: ['DE', 'FR', 'unheard-of'] },
];

/** One row in twenty is from CH; `swissShift` is added to its amount, which is spread over 0..1. */
function payments(count: number, swissShift = 0, seed = 1): readonly ReferenceRow[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const country = i % 20 === 0 ? 'CH' : i % 3 === 0 ? 'FR' : 'DE';
    const amount = random() + (country === 'CH' ? swissShift : 0);
    return { features: { amount, country }, score: Math.min(1, amount / 3) };
  });
}

const window = {
  modelId: 'payments',
  version: 1,
  taskType: 'binary',
  features,
  from: '2001-01-01T00:00:00.000Z',
  to: '2001-01-28T00:00:00.000Z',
} as const;
const start = Date.parse(window.from);
const timed = payments(54_000).map((row, i) => ({ ...row, predictedAtMillis: start + (i % 27) * 86_400_000 }));
const baseline = buildBaseline({ ...window, segments, rows: timed });
const policy = defaultPolicy(1);

describe('segments', () => {
  it('that are disjoint and cover all rows sum to the whole, at the baseline as in production', () => {
    const current = addToProfile(emptyProfile, baseline, payments(3_000, 0.5, 2));
    for (const whole of [baseline.profile, current]) {
      const { segments: held, scoreHistogram: _, ...rows } = whole;
      expect(mergeProfiles(held!.small!, held!.rest!)).toEqual(rows);
    }
    expect(current.segments!.small!.n).toBe(150);
  });

  it('are the same however the rows are cut into batches', () => {
    const rows = payments(2_000, 0, 3);
    const whole = addToProfile(emptyProfile, baseline, rows);
    const cut = addToProfile(addToProfile(emptyProfile, baseline, rows.slice(0, 700)), baseline, rows.slice(700));
    expect(cut).toEqual(whole);
    const merged = mergeProfiles(
      addToProfile(emptyProfile, baseline, rows.slice(0, 700)),
      addToProfile(emptyProfile, baseline, rows.slice(700)),
    );
    expect(merged).toEqual(whole);
  });

  it('that nobody names leave profiles and baselines as they are', () => {
    const plain = buildBaseline({ ...window, rows: payments(1_000) });
    expect(plain).not.toHaveProperty('segments');
    expect(plain.profile).not.toHaveProperty('segments');
    expect(addToProfile(emptyProfile, plain, payments(10))).not.toHaveProperty('segments');
  });

  it('do not count rows whose feature is missing', () => {
    const row = { features: { amount: 1, country: null }, score: 0.1 };
    expect(addToProfile(emptyProfile, baseline, [row]).segments).toMatchObject({ small: { n: 0 }, rest: { n: 0 } });
  });
});

describe('a break in a segment of one row in twenty', () => {
  const judge = (swissShift: number) => {
    const at = (day: number) => new Date(Date.parse('2001-02-01T00:00:00.000Z') + day * 86_400_000).toISOString();
    const stretches = Array.from({ length: 8 }, (_, day) => ({
      from: at(day),
      to: at(day + 1),
      profile: addToProfile(emptyProfile, baseline, payments(4_000, swissShift, 10 + day)),
    }));
    const current = profileWindow(stretches, { from: at(0), to: at(8) });
    const whole = dataDriftSignal({ policy, features, baseline, current });
    const parts = segmentsOf(baseline, current).map(({ name, ...of }) => ({
      segment: name,
      signal: dataDriftSignal({ policy, features, ...of }),
    }));
    return { whole, judged: withSegments(whole, parts) };
  };

  it('is found though the whole does not show it', () => {
    const { whole, judged } = judge(0.6);
    expect(whole.verdict).toBe('ok');
    expect(judged).toMatchObject({
      verdict: 'breach',
      score: expect.any(Number),
      reason: expect.stringMatching(/^in segment small: PSI of amount /),
    });
    const breaching = judged.parts.filter(({ verdict }) => verdict === 'breach');
    expect(breaching.map(({ name, segment }) => [name, segment])).toEqual([['amount', 'small']]);
  });

  it('that is none leaves the signal as it is, with its parts', () => {
    const { whole, judged } = judge(0);
    expect({ ...judged, parts: [] }).toEqual({ ...whole, parts: [] });
    expect(judged.parts.length).toBeGreaterThan(whole.parts.length);
  });

  it('takes its share of the alert budget', () => {
    const taskType = 'binary' as const;
    const [without, having] = [undefined, segments].map((named) =>
      testsOfModel({ features, taskType, ...(named && { segments: named }) }, policy),
    );
    // Two features with three tests each and the output, for two segments more.
    expect(having! - without!).toBe(2 * (2 * 3 + 1));
  });
});

describe('the definition of segments', () => {
  const parse = (named: readonly unknown[]) =>
    modelDefinitionSchema.safeParse({ ...definition, segments: named }).error?.issues.map(({ message }) => message);
  const segment = (index: number) => ({ name: `s${index}`, feature: 'origin', values: ['JFK'] });

  it('names up to ten, of categorical features of the model', () => {
    expect(parse(Array.from({ length: 10 }, (_, i) => segment(i)))).toBeUndefined();
    expect(parse(Array.from({ length: 11 }, (_, i) => segment(i)))).toEqual(['expected at most 10 segments']);
    for (const feature of ['lateRate', 'nothing'])
      expect(parse([{ ...segment(0), feature }])).toEqual([
        `expected a categorical feature of the model, got ${JSON.stringify(feature)}`,
      ]);
    expect(parse([segment(0), segment(0)])).toEqual(['segment names must be unique']);
  });
});

describe('the drift of a segment', () => {
  it('of a model that does not name it is not found', async () => {
    const world = await givenServingModel();
    world.hours.push(...hoursOf(deployedAt, '2001-01-24T00:00:00.000Z'));
    const query = { modelId, now: '2001-01-24T00:00:00.000Z' };
    expect(await viewDrift(world, query)).not.toHaveProperty('segment');
    await expect(viewDrift(world, { ...query, segment: 'JFK' })).rejects.toMatchObject({
      name: 'NotFound',
      code: 'unknown-segment',
    });
  });
});
