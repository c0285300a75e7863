import fc from 'fast-check';
import { createCascadeGraph } from '../../../shared/domain/retraining/cascade/cascade-graph.ts';
import type {
  CascadeModel,
  CascadeRequest,
  CascadeRules,
} from '../../../shared/domain/retraining/cascade/cascade-plan.ts';

export const noon = '2026-03-02T12:00:00.000Z';

export const rules: CascadeRules = {
  cooldownMinutes: 240,
  blastRadius: { dependants: 50, batchSize: 10, window: { from: '22:00', to: '06:00', timeZone: 'UTC' } },
  overall: 50,
  perTeam: { each: 50 },
};

export function modelOf(modelId: string, over: Partial<CascadeModel> = {}): CascadeModel {
  return {
    modelId,
    team: 'flights',
    tier: 2,
    lifecycle: 'active',
    isDeployed: true,
    stalenessScore: null,
    expectedCost: 10,
    trainingMinutes: 60,
    rolloutMinutes: 30,
    cascade: { isOn: true },
    ...over,
  };
}

/** Nodes by name in order of the text, edges as `[dependant, dependency]`; every node whose name has no slash is a model. */
export function requestOf(
  edges: readonly (readonly [string, string])[],
  promoted: readonly string[],
  over: {
    readonly models?: Readonly<Record<string, Partial<CascadeModel>>>;
    readonly rules?: Partial<CascadeRules>;
  } = {},
): CascadeRequest {
  const names = [...new Set([...edges.flat(), ...promoted])].toSorted();
  const numberOf = new Map(names.map((name, index) => [name, index]));
  return {
    graph: createCascadeGraph(names.length, {
      dependantOf: Int32Array.from(edges, ([dependant]) => numberOf.get(dependant)!),
      dependencyOf: Int32Array.from(edges, ([, dependency]) => numberOf.get(dependency)!),
    }),
    nodes: names.map((name) => ({
      uri: name,
      ...(!name.includes('/') && { model: modelOf(name, over.models?.[name]) }),
    })),
    promoted: promoted.map((name) => numberOf.get(name)!),
    rules: { ...rules, ...over.rules },
    now: noon,
  };
}

const windows = fc.constantFrom(
  { from: '22:00', to: '06:00', timeZone: 'UTC' },
  { from: '01:00', to: '02:00', timeZone: 'America/New_York' },
  { from: '12:30', to: '12:30', timeZone: 'Asia/Kathmandu' },
);

const facts: fc.Arbitrary<Partial<CascadeModel>> = fc.record(
  {
    tier: fc.constantFrom(1, 2, 3, 4),
    team: fc.constantFrom('flights', 'fares', 'crew'),
    lifecycle: fc.constantFrom('active', 'active', 'active', 'at-risk', 'deprecated', 'retired'),
    isDeployed: fc.constantFrom(true, true, true, true, false),
    stalenessScore: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    expectedCost: fc.option(fc.integer({ min: 0, max: 100 })),
    trainingMinutes: fc.integer({ min: 1, max: 600 }),
    rolloutMinutes: fc.integer({ min: 0, max: 600 }),
    cooldownEndsAt: fc.constantFrom('2026-03-02T11:00:00.000Z', '2026-03-02T18:00:00.000Z', '2026-04-01T00:00:00.000Z'),
    openRetrain: fc.constant('open-r1'),
    openRollout: fc.constant('open-o1'),
    cascade: fc.record(
      { isOn: fc.constantFrom(true, true, true, false), veto: fc.constant('not before the audit'), offPeak: windows },
      { requiredKeys: ['isOn'] },
    ),
  },
  { requiredKeys: [] },
);

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'feature/x', 'feature/y', 'version/1'];

/** Small graphs with cycles, loops, several roots, and models that may not retrain. */
export const requests: fc.Arbitrary<CascadeRequest> = fc
  .record({
    edges: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 30 }),
    promoted: fc.uniqueArray(fc.constantFrom('a', 'b', 'version/1'), { minLength: 1 }),
    models: fc.dictionary(fc.constantFrom(...names), facts),
    overall: fc.integer({ min: 1, max: 4 }),
    each: fc.integer({ min: 1, max: 3 }),
    dependants: fc.integer({ min: 0, max: 8 }),
    batchSize: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ edges, promoted, models, overall, each, dependants, batchSize }) =>
    requestOf(edges, promoted, {
      models,
      rules: { overall, perTeam: { each }, blastRadius: { ...rules.blastRadius, dependants, batchSize } },
    }),
  );
