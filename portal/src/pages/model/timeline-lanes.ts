import type { ModelVersion, Retrain, Rollout, Timeline } from '../../api/types.ts';
import type { StateKind } from '../../format/state-kind.ts';
import { momentText } from '../../format/time.ts';
import { causeWords, signalVerdictWords, signalWords, verdictWords } from '../../format/words.ts';
import { kindOf } from '../../parts/state.tsx';

/** A stretch of one lane in one state. Times in milliseconds. */
export type Segment = {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  readonly kind: StateKind;
  readonly text: string;
};

export const lanes = [
  'Verdict',
  signalWords.performance,
  signalWords.dataDrift,
  signalWords.predictionDrift,
  signalWords.age,
  'Retrains',
  'Rollouts',
] as const;
const signalLanes = ['performance', 'dataDrift', 'predictionDrift', 'age'] as const;

type Point = Timeline['points'][number];

/**
 * Equal neighbours become one stretch. A point holds until the next evaluation, but not for longer than twice the
 * interval between evaluations: after that nothing is known.
 */
export function segmentsOf(timeline: Timeline, intervalMinutes: number): readonly Segment[] {
  const longest = 2 * Math.max(intervalMinutes, timeline.stepMinutes) * 60_000;
  const end = Date.parse(timeline.to);
  const until = (index: number) => {
    const at = Date.parse(timeline.points[index]?.at ?? timeline.to);
    const next = timeline.points[index + 1];
    return Math.min(next === undefined ? end : Date.parse(next.at), at + longest);
  };
  const laneOf = (lane: number, stateOf: (point: Point) => readonly [StateKind, string]) =>
    timeline.points.reduce<Segment[]>((segments, point, index) => {
      const [kind, text] = stateOf(point);
      const from = Date.parse(point.at);
      const last = segments.at(-1);
      if (last !== undefined && last.kind === kind && last.text === text && last.to === from) {
        segments[segments.length - 1] = { ...last, to: until(index) };
      } else {
        segments.push({ lane, from, to: until(index), kind, text });
      }
      return segments;
    }, []);
  return [
    ...laneOf(0, ({ verdict }) => [kindOf(verdict), verdictWords[verdict]]),
    ...signalLanes.flatMap((name, index) =>
      laneOf(index + 1, ({ signals }) => {
        const verdict = signals[name]?.verdict ?? 'insufficient-data';
        return [kindOf(verdict), signalVerdictWords[verdict]];
      }),
    ),
  ];
}

/** Retrains and rollouts as bars, from their beginning to their end or to now. */
export function workOf(retrains: readonly Retrain[], rollouts: readonly Rollout[], now: number): readonly Segment[] {
  const end = (instant: string | undefined) => (instant === undefined ? now : Date.parse(instant));
  return [
    ...retrains.map(
      ({ requestedAt, endedAt, status, triggers, retrainId }): Segment => ({
        lane: lanes.indexOf('Retrains'),
        from: Date.parse(requestedAt),
        to: end(endedAt),
        kind: kindOf(status),
        text: `${retrainId}: ${status}; ${triggers.map(({ cause }) => causeWords[cause].toLowerCase()).join(', ')}`,
      }),
    ),
    ...rollouts.map(
      ({ startedAt, endedAt, status, rolloutId, candidate }): Segment => ({
        lane: lanes.indexOf('Rollouts'),
        from: Date.parse(startedAt),
        to: end(endedAt),
        kind: kindOf(status),
        text: `${rolloutId}: version ${candidate} ${status.replace('-', ' ')}`,
      }),
    ),
  ];
}

export type Release = { readonly at: number; readonly version: number };

/** When each version began to serve as champion: of a rollout its promotion, of the first version its deployment. */
export function releasesOf(versions: readonly ModelVersion[], rollouts: readonly Rollout[]): readonly Release[] {
  const promoted = rollouts.flatMap(({ status, endedAt, candidate }): Release[] =>
    status === 'promoted' && endedAt !== undefined ? [{ at: Date.parse(endedAt), version: candidate }] : [],
  );
  const first = versions.flatMap(({ version, deployedAt }): Release[] =>
    deployedAt !== undefined && !rollouts.some(({ candidate }) => candidate === version)
      ? [{ at: Date.parse(deployedAt), version }]
      : [],
  );
  return [...first, ...promoted].toSorted((a, b) => a.at - b.at);
}

/** `3 May 2001, 12:00 UTC – 4 May 2001, 00:00 UTC` */
export function spanText({ from, to }: Segment): string {
  return `${momentText(new Date(from).toISOString())} – ${momentText(new Date(to).toISOString())}`;
}
