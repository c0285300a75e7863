import type { Evaluation, Signal, SignalName } from '../../../shared/domain/health/evaluation.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import { defaultPolicy, type Policy } from '../../../shared/domain/registry/policy.ts';
import { type ModelDefinition, modelDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { dayMillis, type Instant, toInstant, toMillis } from '../../../shared/domain/time.ts';

export const registeredAt: Instant = '2001-01-22T00:00:00.000Z';

/** `registeredAt` plus so many days. */
export function day(days: number): Instant {
  return toInstant(toMillis(registeredAt) + days * dayMillis);
}

export const lateBasic: ModelDefinition = modelDefinitionSchema.parse({
  name: 'late-basic',
  domain: 'flights',
  team: 'punctuality',
  tier: 2,
  taskType: 'binary',
  features: [
    { name: 'hour', type: 'categorical' },
    { name: 'logDistance', type: 'numeric' },
  ],
  businessMetric: { name: 'minutesSaved', direction: 'higher-is-better' },
});

export function policyWith(change: (policy: Policy) => Partial<Policy> = () => ({})): Policy {
  const policy = defaultPolicy(2);
  return { ...policy, ...change(policy) };
}

/** `late-basic`, deployed at its registration with training data up to that moment. */
export function deployedModel(overrides: Partial<ModelState> = {}): ModelState {
  return {
    modelId: 'late-basic',
    definition: lateBasic,
    policy: defaultPolicy(2),
    policyVersion: 1,
    lifecycle: 'monitoring',
    lifecycleSince: registeredAt,
    registeredAt,
    health: { status: 'healthy', since: registeredAt },
    versionCount: 1,
    champion: { version: 1, since: registeredAt, trainingDataEnd: registeredAt },
    routing: {
      modelId: 'late-basic',
      generation: 1,
      changedAt: registeredAt,
      arms: [{ version: 1, role: 'champion', weightPercent: 100 }],
      shadows: [],
    },
    retrainCount: 0,
    rolloutCount: 0,
    ...overrides,
  };
}

export function signal(name: SignalName, overrides: Partial<Signal> = {}): Signal {
  return {
    name,
    value: 0.1,
    unit: 'ratio',
    score: 0.1,
    evidence: 0.5,
    effect: 0,
    n: 11_000,
    nNeeded: 500,
    verdict: 'ok',
    reason: `${name} is ok`,
    parts: [],
    ...overrides,
  };
}

export function breach(name: SignalName): Signal {
  return signal(name, { verdict: 'breach', score: 1, evidence: 1e-12, reason: `${name} is in breach` });
}

/** A scheduled evaluation of version 1 that finds the model at risk when any of the signals is in breach. */
export function evaluationOf(
  signals: readonly Signal[],
  evaluatedAt: Instant,
  overrides: Partial<Evaluation> = {},
): Evaluation {
  const causes = signals.filter(({ verdict }) => verdict === 'breach').map(({ name }) => name);
  return {
    evaluationId: `late-basic-${evaluatedAt}`,
    modelId: 'late-basic',
    version: 1,
    evaluatedAt,
    kind: 'scheduled',
    window: { from: toInstant(toMillis(evaluatedAt) - 7 * dayMillis), to: evaluatedAt },
    policyVersion: 1,
    policy: defaultPolicy(2),
    signals,
    stalenessScore: causes.length > 0 ? 0.8 : 0.1,
    verdict: causes.length > 0 ? 'at-risk' : 'healthy',
    confidence: { level: 'high', reasons: [] },
    causes,
    coverageRatio: 0.97,
    summary: causes.length > 0 ? `at risk by ${causes.join(', ')}` : 'healthy',
    ...overrides,
  };
}
