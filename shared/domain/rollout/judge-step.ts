import type { HourlyPaired } from '../ground-truth/aggregates.ts';
import type { ModelDefinition } from '../registry/schemas.ts';
import { hourMillis, hourStart, type Instant, toInstant, toMillis } from '../time.ts';
import { combineVerdicts } from './combine-verdicts.ts';
import { type ErrorCounts, errorGuardrail } from './error-guardrail.ts';
import { candidateLosses } from './loss-blocks.ts';
import { elapsedHours, type Move, nextMove } from './next-move.ts';
import { pairedSequence } from './paired-sequence.ts';
import { canarySteps, type RolloutState, type StepJudgement } from './rollout.ts';
import type { ArmCounts } from './sample-ratio.ts';
import { significancePerMetric } from './significance.ts';
import { judgeArms, sampleRatiosOf } from './step-arms.ts';

export type StepDecision = Move & { readonly judgement: StepJudgement };

export type StepData = Pick<ModelDefinition, 'businessMetric' | 'outcomeDependsOnAction'> & {
  /** Matured hours since the rollout began, see `maturedWindow`. */
  readonly hours: readonly HourlyPaired[];
  /** End of the matured window. */
  readonly maturedUntil: Instant;
  /** Rows of the running step, by the version that served them. */
  readonly counts: { readonly served: ArmCounts; readonly labelled: ArmCounts };
  /** Requests of the running step, where serving reports them. @default no guardrail */
  readonly errors?: { readonly champion: ErrorCounts; readonly candidate: ErrorCounts };
};

/**
 * Judges the running step: `fail` when the paired loss, the business metric of the arms or the errors fail; `pass` when the
 * paired loss passes and the business metric passes, is not required, is not defined, or has run out of time under a policy
 * that then promotes on the paired verdict; else `inconclusive`, which holds until the step's maximum and then rolls back.
 * Where the outcome depends on the action, the business metric alone passes. Every metric is a confidence sequence over the
 * whole rollout, so that looking often is free.
 */
export function judgeStep(rollout: RolloutState, data: StepData, now: Instant): StepDecision {
  const { policy, step } = rollout;
  const outcomeDependsOnAction = data.outcomeDependsOnAction ?? false;
  const significance = significancePerMetric(metricsOf(data));
  const paired = pairedSequence(lossesOf(rollout, data.hours), {
    marginRatio: policy.nonInferiorityMarginRatio,
    significance,
    minimumRows: policy.minimumRowsPerArm,
  });
  // In shadow there is one arm.
  const isShadow = canarySteps(policy)[step] === 0;
  const business = isShadow ? undefined : judgeArms(rollout, data.hours, data.businessMetric, significance);
  const errors =
    data.errors && errorGuardrail(data.errors.champion, data.errors.candidate, significance / stepsOf(rollout));
  const sampleRatio = isShadow ? undefined : sampleRatiosOf(rollout, data.counts);
  const evidence = { paired, business, errors, sampleRatio, outcomeDependsOnAction };
  const { verdict, reason } = combineVerdicts(rollout, {
    ...evidence,
    isFresh: isFresh(rollout, data),
    isTimeUp: elapsedHours(rollout, now) >= policy.maximumHoldHours,
    isShadow,
  });
  const judgement = {
    step,
    percent: canarySteps(policy)[step] ?? 0,
    judgedAt: now,
    verdict,
    paired: paired.paired,
    ...(business && { business: business.evidence }),
    ...(sampleRatio && { sampleRatio }),
    ...(errors && { errors }),
    reason,
  };
  return { judgement, ...nextMove(rollout, verdict, now) };
}

function metricsOf({ businessMetric, outcomeDependsOnAction, errors }: StepData): number {
  return [!outcomeDependsOnAction, businessMetric !== undefined, errors !== undefined].filter(Boolean).length;
}

function stepsOf({ policy }: RolloutState): number {
  return Math.max(1, canarySteps(policy).length);
}

function lossesOf({ champion, candidate }: RolloutState, hours: readonly HourlyPaired[]) {
  const candidateIs = candidate > champion ? 'newer' : 'older';
  return hours.map((hour) => candidateLosses(hour, candidateIs));
}

/** Traffic or outcomes that stopped must not let old evidence pass a new step. */
function isFresh({ policy }: RolloutState, { hours, maturedUntil, outcomeDependsOnAction }: StepData): boolean {
  const since = toInstant(toMillis(maturedUntil) - Math.max(1, policy.holdHours) * hourMillis);
  const hasRows = ({ n, arms }: HourlyPaired['paired']) =>
    outcomeDependsOnAction ? arms.older.n > 0 && arms.newer.n > 0 : n > 0;
  return hours.some(({ hour, paired }) => hourStart(hour) >= since && hasRows(paired));
}
