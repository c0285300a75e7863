import type { RolloutEvent } from '../rollout/rollout-events.ts';
import type { Instant } from '../time.ts';
import { type Contribution, declareEdges } from './contribution.ts';
import { attributesOf, redescribe } from './described.ts';
import { type Attributes, evaluationUri, experimentUri, versionUri } from './entities.ts';

type Judged = Extract<RolloutEvent, { type: 'LoadabilityChecked' | 'ValidationJudged' | 'CanaryStepJudged' }>;

/** One thing that the candidate was judged by. The value is that of a verdict: an inconclusive look has none yet. */
type Evaluation = {
  readonly part: string;
  readonly metric: string;
  readonly status: string;
  readonly value?: number | null | undefined;
  readonly facts: Attributes;
};

/** (candidate - champion) / champion loss, as `PairedEvidence` has it. */
const relativeDifference = 'relativeDifference';

/**
 * As many evaluations as a rollout has gates, however often it is looked at: one of whether it loads, one of the
 * hold-out, one for each gate of the policy, and one each of the canary's loss and business metric, whose evidence is a
 * sequence over all steps. A look that reaches no other verdict in the same step gives the same object back.
 */
export function projectEvaluation(state: Contribution, event: Judged, at: Instant): Contribution {
  const { rolloutId, modelId } = event;
  const experiment = experimentUri(rolloutId);
  const candidate = versionUri(modelId, Number(attributesOf(state, experiment).candidateVersion));
  return evaluationsOf(event).reduce((said, { part, metric, status, value, facts }) => {
    const uri = evaluationUri(rolloutId, part);
    const known = attributesOf(said, uri);
    if (known.status === status && known.step === facts.step) return said;
    const figure = status === 'inconclusive' || value === null ? undefined : value;
    const told = redescribe(said, { uri, attributes: { metric, status, value: figure, ...facts } });
    return declareEdges(
      told,
      () => false,
      [
        { from: uri, type: 'evaluates', to: candidate },
        { from: uri, type: 'partOf', to: experiment },
      ],
      at,
    );
  }, state);
}

function evaluationsOf(event: Judged): readonly Evaluation[] {
  switch (event.type) {
    case 'LoadabilityChecked': {
      const { verdict: status, reason, checkedAt: judgedAt } = event;
      return [{ part: 'loadability', metric: 'loadability', status, facts: { reason, judgedAt } }];
    }
    case 'ValidationJudged': {
      const { verdict: status, paired, reason, judgedAt, gates = [] } = event;
      const value = paired.relativeDifference;
      return [
        { part: 'validation', metric: relativeDifference, status, value, facts: { n: paired.n, reason, judgedAt } },
        ...gates.map(({ metric, verdict, improvement, n, reason: why }, index) => ({
          part: `gate-${index + 1}`,
          metric,
          status: verdict,
          value: improvement,
          facts: { n, reason: why, judgedAt },
        })),
      ];
    }
    case 'CanaryStepJudged': {
      const { step, percent, judgedAt, verdict: status, paired, business, reason } = event.judgement;
      const facts = { step, percent, judgedAt };
      const value = paired.relativeDifference;
      const loss = { part: 'canary', metric: relativeDifference, status, value, facts: { ...facts, reason } };
      if (business === undefined) return [loss];
      const { metric, relativeChange, verdict } = business;
      return [loss, { part: 'business-metric', metric, status: verdict, value: relativeChange, facts }];
    }
  }
}
