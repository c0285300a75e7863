import type { RolloutState } from '../rollout/rollout.ts';
import type { RolloutEvent } from '../rollout/rollout-events.ts';
import type { Instant } from '../time.ts';
import { type Contribution, declareEdges, describe, type Edge } from './contribution.ts';
import { attributesOf, redescribe } from './described.ts';
import { deploymentUri, entityOf, experimentCellUri, experimentUri, modelUri, versionUri } from './entities.ts';
import type { ProjectedEvent } from './projected-event.ts';
import { projectEvaluation } from './rollout-evaluations.ts';

type Of<T extends RolloutEvent['type']> = Extract<RolloutEvent, { type: T }>;
type Ended = Of<'RolloutPromoted' | 'RolloutRefused' | 'RolloutRolledBack' | 'RolloutAborted' | 'RolloutSuperseded'>;

/**
 * What the stream of a rollout says after an event of it; the same object after any other. The rollout is an experiment
 * with a cell for the champion and one for the candidate. What is tested is only while both score the same traffic.
 */
export function projectRolloutEvent(state: Contribution, event: ProjectedEvent, at: Instant): Contribution {
  switch (event.type) {
    case 'RolloutStarted':
      return rolloutStarted(state, event, at);
    case 'LoadabilityChecked':
    case 'ValidationJudged':
    case 'CanaryStepJudged':
      return projectEvaluation(state, event, at);
    case 'CanaryStepStarted':
      return stepStarted(state, event, at);
    case 'RolloutPromoted':
      return ended(state, event, 'promoted', at);
    case 'RolloutRefused':
      return ended(state, event, 'refused', at);
    case 'RolloutRolledBack':
      return ended(state, event, 'rolled-back', at);
    case 'RolloutAborted':
      return ended(state, event, 'aborted', at);
    case 'RolloutSuperseded':
      return ended(state, event, 'superseded', at);
    default:
      return state;
  }
}

function rolloutStarted(state: Contribution, event: Of<'RolloutStarted'>, at: Instant): Contribution {
  const { rolloutId, modelId, champion, candidate, policy, startedAt } = event;
  const experiment = experimentUri(rolloutId);
  const margin = Number((100 * policy.nonInferiorityMarginRatio).toPrecision(6));
  const attributes = {
    status: 'validating' satisfies RolloutState['status'],
    hypothesis: `version ${candidate} loses at most ${margin} % more than version ${champion}`,
    championVersion: champion,
    candidateVersion: candidate,
    startedAt,
  };
  const described = describe(state, {
    ...entityOf(experiment),
    name: `${modelId} v${candidate} against v${champion}`,
    description: `Rollout of version ${candidate} of ${modelId} in place of version ${champion}`,
    attributes,
  });
  const cells = ([1, 2] as const).map((number) => ({
    ...entityOf(experimentCellUri(rolloutId, number)),
    // With the version: a name that all cells share would lead a search to none of them.
    name: number === 1 ? `${modelId} v${champion} (champion)` : `${modelId} v${candidate} (candidate)`,
    attributes: { number },
  }));
  const edges: Edge[] = [
    { from: experiment, type: 'partOf', to: modelUri(modelId) },
    ...cells.map(({ uri }): Edge => ({ from: uri, type: 'partOf', to: experiment })),
  ];
  return declareEdges(cells.reduce(describe, described), () => false, edges, at);
}

function stepStarted(state: Contribution, event: Of<'CanaryStepStarted'>, at: Instant): Contribution {
  const { rolloutId, modelId, percent } = event;
  const experiment = experimentUri(rolloutId);
  const [champion, candidate] = [experimentCellUri(rolloutId, 1), experimentCellUri(rolloutId, 2)];
  const { championVersion, candidateVersion } = attributesOf(state, experiment);
  const [served, tried] = [Number(championVersion), Number(candidateVersion)].map((version) =>
    versionUri(modelId, version),
  ) as [string, string];
  const edges: Edge[] = [
    { from: served, type: 'testedBy', to: champion },
    { from: tried, type: 'testedBy', to: candidate },
    ...[modelUri(modelId), served, tried].map((from): Edge => ({ from, type: 'testedBy', to: experiment })),
    // In shadow it scores and serves nobody.
    ...(percent > 0 ? [{ from: deploymentUri(modelId, 'candidate'), type: 'servedBy' as const, to: tried }] : []),
  ];
  const status: RolloutState['status'] = 'canary';
  const shared = [
    { uri: experiment, attributes: { status } },
    { uri: champion, attributes: { weightPercent: 100 - percent } },
    { uri: candidate, attributes: { weightPercent: percent } },
  ].reduce(redescribe, state);
  return declareEdges(shared, () => false, edges, at);
}

function ended(state: Contribution, event: Ended, status: RolloutState['status'], at: Instant): Contribution {
  const { endedAt } = event;
  const reason = 'reason' in event ? { reason: event.reason } : {};
  const uri = experimentUri(event.rolloutId);
  const told = redescribe(state, { uri, attributes: { status, endedAt, ...reason } });
  return declareEdges(told, ({ type }) => type === 'testedBy' || type === 'servedBy', [], at);
}
