import type { BinaryPerformance, Performance } from '../ground-truth/aggregates.ts';
import type { Policy } from '../registry/policy.ts';
import { dayCohorts } from './day-cohorts.ts';
import { type BinnedCalibration, binnedCalibration } from './estimation/binned-calibration.ts';
import type { Signal } from './evaluation.ts';
import {
  calibrationVariance,
  type ExcessKind,
  type ExcessLoss,
  excessKinds,
  excessLoss,
  mergeExcessLoss,
} from './excess-loss.ts';
import { countText, figure, neededRowsText, pValueText } from './figures.ts';
import { matureCohorts } from './mature-cohorts.ts';
import type { RealizedPerformance } from './performance-signal.ts';
import { limitsOf, worstVerdict } from './severity.ts';
import { insufficientSignal, type JudgedPart, leadingPart, reasonOf, withoutJudgement } from './signal.ts';
import { effectSpread } from './verdict/effect-spread.ts';
import { judgeDegradation } from './verdict/judge-degradation.ts';

/** More of the rows than this where the baseline has no labels, and the others do not speak for them. */
const maximumUnsupportedRatio = 0.5;

const unit = 'share of the expected loss';

/**
 * Do the scores still mean what they meant? Realised loss and calibration of the mature cohorts against those expected
 * under the baseline's calibration at the scores that came, so that a shift of the inputs alone is no concept drift. What
 * is compared is P(label | score): a change of P(label | features) that no score shows is not seen. Either test breaches
 * alone, when it exceeds what is expected by `lossIncreaseRatio`. For binary models with labels in the baseline.
 */
export function conceptDriftSignal(
  policy: Policy,
  baseline: Performance | undefined,
  realized: RealizedPerformance,
): Signal {
  const cohorts = matureCohorts(dayCohorts(realized.hours, realized.window.to));
  const { blocks, performance, attributed: n, maturity } = cohorts;
  const rowsNeeded = { n, nNeeded: policy.minimumRows, ...(maturity !== null && { maturity }) };
  const base = { name: 'conceptDrift', unit, ...rowsNeeded } as const;
  const calibration = baseline?.kind === 'binary' ? binnedCalibration(baseline) : undefined;
  if (calibration === undefined)
    return insufficientSignal({ ...base, reason: 'the baseline has no labels of both classes' });
  if (n < policy.minimumRows || performance?.kind !== 'binary')
    return insufficientSignal({ ...base, reason: `${neededRowsText(policy.minimumRows, n)} with an outcome` });
  const days = blocks.flatMap((block) => (block.kind === 'binary' ? [excessLoss(calibration, block)] : []));
  const total = days.reduce(mergeExcessLoss);
  const unsupported = total.unsupportedRows / n;
  if (unsupported > maximumUnsupportedRatio) {
    const reason = `the baseline hardly has scores like ${figure(100 * unsupported)} % of these, so that it says nothing of their labels`;
    return insufficientSignal({ ...base, reason });
  }
  const judged = excessKinds.map((kind) => judgeExcess(policy, kind, { total, days, calibration, performance }));
  return signalOf(base, judged, unsupported);
}

function signalOf(
  base: Pick<Signal, 'name' | 'unit' | 'n' | 'nNeeded'>,
  judged: readonly JudgedPart[],
  unsupported: number,
): Signal {
  const parts = judged.map(withoutJudgement);
  const verdict = worstVerdict(judged.map((part) => part.verdict));
  const leading = leadingPart(judged);
  const abstaining = judged.find((part) => part.verdict === 'insufficient-data');
  if (leading === undefined || (verdict !== 'breach' && verdict !== 'warning' && abstaining !== undefined))
    return insufficientSignal({ ...base, parts, reason: (abstaining ?? leading)?.reason ?? 'nothing is expected' });
  const left =
    unsupported === 0 ? '' : `, ${figure(100 * unsupported)} % of the rows left out where the baseline has no labels`;
  return {
    ...base,
    value: parts[0]?.value ?? null,
    score: Math.max(...judged.map((part) => part.score ?? 0)),
    evidence: leading.evidence,
    effect: leading.effect,
    verdict,
    reason: `${reasonOf(judged)}${left}`,
    parts,
  };
}

type Judged = {
  readonly total: ExcessLoss;
  /** In the order of time. */
  readonly days: readonly ExcessLoss[];
  readonly calibration: BinnedCalibration;
  readonly performance: BinaryPerformance;
};

function judgeExcess(policy: Policy, kind: ExcessKind, facts: Judged): JudgedPart {
  const { significance: alpha } = policy;
  const { total, days, calibration, performance } = facts;
  const { excess, expected, variance: variancePerRows } = total[kind];
  const name = labels[kind].name;
  const nothing = { value: null, reference: 0, evidence: null, score: null, effect: null } as const;
  if (!(expected > 0))
    return { name, ...nothing, verdict: 'insufficient-data', reason: `${name}: no loss is expected` };
  const effect = excess / expected;
  const statistic = (part: ExcessLoss) => (part[kind].expected > 0 ? part[kind].excess / part[kind].expected : null);
  const spread = effectSpread({ blocks: days, merge: mergeExcessLoss, statistic }, variancePerRows / expected ** 2);
  if ('reason' in spread)
    return { name, ...nothing, value: effect, verdict: 'insufficient-data', reason: `${name}: ${spread.reason}` };
  const limit = policy.signals.conceptDrift.lossIncreaseRatio;
  const { alternative, sentence } = labels[kind];
  const judged = judgeDegradation({
    effect,
    alternative,
    limits: limitsOf(limit),
    alpha,
    variance: {
      reference: calibrationVariance(calibration, performance, kind) / expected ** 2,
      current: spread.variance,
    },
    degreesOfFreedom: spread.degreesOfFreedom,
    n: total.rows,
    blocks: days.length,
  });
  const { verdict, pValue, interval, nNeeded, lacking } = judged;
  const figures = `${sentence(effect)} (limit ${figure(100 * limit)} %, ${pValueText(pValue)} over ${days.length} day blocks, n ${countText(total.rows)})`;
  return {
    name,
    value: effect,
    reference: 0,
    evidence: pValue,
    score: verdict === 'insufficient-data' ? null : judged.score,
    effect: (alternative === 'greater' ? effect : Math.abs(effect)) / limit,
    verdict,
    reason: lacking === undefined ? figures : `${figures}: ${lacking}`,
    interval,
    n: total.rows,
    nNeeded,
    designEffect: variancePerRows > 0 ? (spread.variance * expected ** 2) / variancePerRows : 1,
    blocks: { reference: 0, current: days.length },
    alpha,
  };
}

const side = (effect: number) => (effect < 0 ? 'below' : 'above');

const labels = {
  logLoss: {
    name: 'logLoss',
    alternative: 'greater',
    sentence: (effect: number) =>
      `log loss is ${figure(Math.abs(100 * effect))} % ${side(effect)} what these scores cost on the baseline`,
  },
  calibration: {
    name: 'calibration',
    alternative: 'two-sided',
    sentence: (effect: number) =>
      `labels scatter ${figure(Math.abs(100 * effect))} % ${side(effect)} what the baseline's calibration expects`,
  },
} as const;
