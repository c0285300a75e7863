import { type Instant, minuteMillis, toInstant, toMillis } from '../time.ts';
import {
  type ConfidenceLevel,
  type Evaluation,
  type SignalName,
  type SignalVerdict,
  signalNames,
} from './evaluation.ts';
import { worstVerdict } from './severity.ts';

type SignalPoint = {
  readonly verdict: SignalVerdict;
  readonly value: number | null;
  readonly score: number | null;
};

/** What a picture over time needs of one scheduled evaluation: a hundred bytes where the record takes thousands. */
export type TimelinePoint = Pick<Evaluation, 'verdict' | 'stalenessScore' | 'coverageRatio'> & {
  readonly at: Instant;
  readonly confidence: ConfidenceLevel | null;
  /** Of the signals that the evaluation has. */
  readonly signals: Readonly<Partial<Record<SignalName, SignalPoint>>>;
};

/** One step of a timeline; `at` is its start. Verdicts are the worst of the step, everything else its last. */
export type TimelineStep = TimelinePoint & { readonly evaluations: number };

export function timelinePoint(evaluation: Evaluation): TimelinePoint {
  const { evaluatedAt, verdict, stalenessScore, confidence, coverageRatio, signals } = evaluation;
  return {
    at: evaluatedAt,
    verdict,
    stalenessScore: rounded(stalenessScore),
    confidence: confidence.level,
    coverageRatio: rounded(coverageRatio),
    signals: Object.fromEntries(
      signals.map(({ name, verdict: of, value, score }) => [
        name,
        { verdict: of, value: rounded(value), score: rounded(score) },
      ]),
    ),
  };
}

// A picture shows three digits; the record keeps them all.
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(5));
}

type Steps = { readonly from: Instant; readonly stepMinutes: number };

/** Width of the steps that cut a window into at most so many; never shorter than the shortest interval. */
export function stepMinutesOf(from: Instant, to: Instant, points: number): number {
  return Math.max(5, Math.ceil((toMillis(to) - toMillis(from)) / minuteMillis / points));
}

/** Ascending; steps without an evaluation are left out. Points may come in any order. */
export function downsample(points: readonly TimelinePoint[], { from, stepMinutes }: Steps) {
  const start = toMillis(from);
  const width = stepMinutes * minuteMillis;
  const ascending = points.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const steps = Map.groupBy(ascending, ({ at }) => Math.floor((toMillis(at) - start) / width));
  return [...steps].map(([index, members]) => stepOf(toInstant(start + index * width), members));
}

const verdictRank = { 'at-risk': 2, healthy: 1, unknown: 0 } as const;

function stepOf(at: Instant, members: readonly TimelinePoint[]): TimelineStep {
  const last = members.at(-1)!;
  const worst = members.reduce((found, point) =>
    verdictRank[point.verdict] > verdictRank[found.verdict] ? point : found,
  );
  return {
    ...last,
    at,
    evaluations: members.length,
    verdict: worst.verdict,
    signals: Object.fromEntries(
      signalNames.flatMap((name) => {
        const measured = members.flatMap(({ signals }) => signals[name] ?? []);
        const latest = measured.at(-1);
        if (latest === undefined) return [];
        return [[name, { ...latest, verdict: worstVerdict(measured.map(({ verdict }) => verdict)) }]];
      }),
    ),
  };
}
