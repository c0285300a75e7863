import { testsOfModel } from '../health/tests-of-model.ts';
import type { Instant } from '../time.ts';
import type { Lifecycle, ModelState } from './model.ts';
import type { Tier } from './schemas.ts';

/** What a list of all models needs of one: a few hundred bytes where the whole state takes thousands. */
export type ModelRow = {
  readonly modelId: string;
  readonly name: string;
  readonly team: string;
  readonly tier: Tier;
  readonly domain: string;
  readonly lifecycle: Lifecycle;
  readonly registeredAt: Instant;
  readonly evaluationIntervalMinutes: number;
  readonly minimumCoverageRatio: number;
  /** Tests of one evaluation, per window; absent in rows from before it was kept. */
  readonly tests?: number;
  /** Absent when there are none. */
  readonly upstreamModels?: readonly string[];
  /** What the lifecycle rests on, which may be older than the latest evaluation. */
  readonly isAtRisk: boolean;
  readonly champion?: { readonly version: number; readonly since: Instant };
  readonly openRetrain?: { readonly retrainId: string; readonly since: Instant };
  /** `percent`: share of the traffic that the candidate serves, once the canary has begun. */
  readonly openRollout?: { readonly rolloutId: string; readonly percent?: number };
};

/** List of the rows of all models. */
export const modelRows = 'models';

export function modelRow(state: ModelState): ModelRow {
  const { modelId, definition, lifecycle, registeredAt, policy, champion, openRetrain } = state;
  const { name, team, tier, domain, upstreamModels } = definition;
  return {
    modelId,
    name,
    team,
    tier,
    domain,
    lifecycle,
    registeredAt,
    evaluationIntervalMinutes: policy.evaluationIntervalMinutes,
    minimumCoverageRatio: policy.signals.performance.minimumCoverageRatio,
    tests: testsOfModel(definition, policy),
    ...(upstreamModels.length > 0 && { upstreamModels }),
    isAtRisk: state.health.status === 'at-risk',
    ...(champion && { champion: { version: champion.version, since: champion.since } }),
    ...(openRetrain && { openRetrain: { retrainId: openRetrain.retrainId, since: openRetrain.requestedAt } }),
    ...rolloutOf(state),
  };
}

function rolloutOf({ openRollout, routing }: ModelState): Pick<ModelRow, 'openRollout'> {
  if (openRollout === undefined) return {};
  const { rolloutId, candidate } = openRollout;
  const arm = routing?.rolloutId === rolloutId ? routing.arms.find(({ version }) => version === candidate) : undefined;
  return { openRollout: { rolloutId, ...(arm && { percent: arm.weightPercent }) } };
}
