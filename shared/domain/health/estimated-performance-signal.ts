import { type Performance, type Profile, scoreBins } from '../ground-truth/aggregates.ts';
import type { Policy } from '../registry/policy.ts';
import { dayCohorts } from './day-cohorts.ts';
import { calibrationError, unsupportedRatio } from './estimation/binned-calibration.ts';
import {
  type AucReference,
  aucReference,
  type EstimatedAuc,
  estimatedRocAuc,
  trackRecord,
} from './estimation/estimated-roc-auc.ts';
import type { Signal } from './evaluation.ts';
import { countText, figure, neededRowsText } from './figures.ts';
import { matureCohorts } from './mature-cohorts.ts';
import type { RealizedPerformance } from './performance-signal.ts';
import { scoreOf } from './severity.ts';
import { insufficientSignal } from './signal.ts';

/** Assumptions without which an estimate is not shown. */
const maximumUnsupportedRatio = 0.1;
const maximumCalibrationError = 0.05;

/**
 * ROC AUC of the window without its labels, from all its scores and the baseline's calibration. It warns when it is below
 * the baseline by the policy's `aucDrop` and its band, and else says `ok`, which confirms nothing: concept drift is what
 * it cannot see. It is withdrawn, `insufficient-data`, when an assumption fails or the mature cohorts of the last days,
 * each alone and all together, show that one of their AUCs was outside its band. Undefined where the baseline has no
 * labels of both classes or the policy asks for no AUC: there it does not apply.
 */
export function estimatedPerformanceSignal(
  policy: Policy,
  baseline: Performance | undefined,
  profile: Profile,
  realized: RealizedPerformance,
): Signal | undefined {
  const { aucDrop } = policy.signals.performance;
  const reference = baseline?.kind === 'binary' ? aucReference(baseline) : undefined;
  if (reference === undefined || aucDrop === null) return undefined;
  const counts = new Float64Array(scoreBins);
  for (let bin = 0; bin < scoreBins; bin += 1) counts[bin] = profile.scoreHistogram?.[bin] ?? 0;
  const n = counts.reduce((sum, count) => sum + count, 0);
  const base = { name: 'estimatedPerformance', unit: 'AUC', n, nNeeded: policy.minimumRows } as const;
  if (n < policy.minimumRows) return insufficientSignal({ ...base, reason: neededRowsText(policy.minimumRows, n) });
  const record = recordOf(reference, realized);
  const estimate = estimatedRocAuc(reference, counts);
  const doubt = doubtOf(reference, counts, record);
  if (estimate === undefined || doubt !== undefined)
    return insufficientSignal({ ...base, reason: doubt ?? 'one class only is expected' });
  return signalOf(base, { estimate, reference, aucDrop, record });
}

type TrackRecord = ReturnType<typeof trackRecord>;

function recordOf(reference: AucReference, { hours, window }: RealizedPerformance): TrackRecord {
  const { blocks, performance: whole } = matureCohorts(dayCohorts(hours, window.to));
  const cohorts = [...blocks, ...(blocks.length > 1 && whole !== undefined ? [whole] : [])];
  return trackRecord(
    reference,
    cohorts.filter((cohort) => cohort.kind === 'binary'),
  );
}

function doubtOf({ calibration }: AucReference, counts: Float64Array, record: TrackRecord): string | undefined {
  const unsupported = unsupportedRatio(calibration, counts);
  if (unsupported > maximumUnsupportedRatio)
    return `the baseline hardly has scores like ${figure(100 * unsupported)} % of these, so that nothing can be estimated`;
  const error = calibrationError(calibration, counts);
  if (error > maximumCalibrationError)
    return `the baseline's labels tell a probability to ±${figure(error)} only (needs ±${maximumCalibrationError})`;
  return record.missed > 0 ? `missed ${record.missed} of ${record.windows} matured windows: withdrawn` : undefined;
}

type Estimated = {
  readonly estimate: EstimatedAuc;
  readonly reference: AucReference;
  readonly aucDrop: number;
  readonly record: TrackRecord;
};

function signalOf(
  base: Pick<Signal, 'name' | 'unit' | 'n' | 'nNeeded'>,
  { estimate, reference, aucDrop, record }: Estimated,
): Signal {
  const { value, drop, band } = estimate;
  const verdict = drop >= aucDrop && drop > band ? 'warning' : 'ok';
  const tried =
    record.windows === 0 ? 'not tried on any matured window' : `held in all ${record.windows} matured windows`;
  const reason = `AUC is estimated at ${figure(value)} ± ${figure(band)}, ${figure(reference.realized)} on the baseline (warns ${aucDrop} below it, confirms nothing), ${tried}, n ${countText(base.n)}`;
  const part = {
    name: 'auc',
    value,
    reference: reference.realized,
    evidence: null,
    verdict,
    reason,
    effect: drop / aucDrop,
    interval: { low: drop - band, high: drop + band },
    n: base.n,
  } as const;
  // Half a score is a warning; more it never gives.
  const score = verdict === 'warning' ? 0.5 : Math.min(0.49, scoreOf(drop, { warning: aucDrop, breach: 2 * aucDrop }));
  return { ...base, value, score, evidence: null, effect: drop / aucDrop, verdict, reason, parts: [part] };
}
