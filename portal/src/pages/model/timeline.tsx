import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { modelOptions, useNow } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Model } from '../../api/types.ts';
import { Chart } from '../../charts/chart.tsx';
import { countedText } from '../../format/number.ts';
import { momentText, windowText } from '../../format/time.ts';
import { AsTable } from '../../parts/as-table.tsx';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { lanes, releasesOf, segmentsOf, spanText, workOf } from './timeline-lanes.ts';
import { timelineHeight, timelineOption } from './timeline-option.ts';

const ranges = [7, 30, 90] as const;

/** Days back from now, in the address. */
export function useDays(): readonly [number, (days: number) => void] {
  const [parameters, setParameters] = useSearchParams();
  const days = ranges.find((range) => String(range) === parameters.get('days')) ?? 30;
  const set = (next: number) =>
    setParameters((current) => {
      if (next === 30) current.delete('days');
      else current.set('days', String(next));
      return current;
    });
  return [days, set];
}

/** Verdict, signals, retrains, rollouts and releases on one time axis. */
export function TimelineSection({ model }: { readonly model: Model }) {
  const [days, setDays] = useDays();
  const data = useTimeline(model, days);
  return (
    <>
      <div className="range">
        <div className="switches">
          {ranges.map((range) => (
            <button
              key={range}
              type="button"
              className="switch"
              aria-pressed={range === days}
              onClick={() => setDays(range)}
            >
              {range} days
            </button>
          ))}
        </div>
        <span className="muted">Drag over the bar below the picture to look closer. Times in UTC.</span>
      </div>
      {data.error !== null && <ProblemNotice what="The timeline" error={data.error} />}
      {data.isPending && <Skeleton lines={8} label="Loading the timeline" />}
      {data.picture && <Picture picture={data.picture} />}
    </>
  );
}

function useTimeline(model: Model, days: number) {
  const runway = useRunway();
  const now = useNow();
  const timeline = useQuery(modelOptions.timeline(runway, model.modelId, days, now));
  const retrains = useQuery(modelOptions.retrains(runway, model.modelId));
  const rollouts = useQuery(modelOptions.rollouts(runway, model.modelId));
  const versions = useQuery(modelOptions.versions(runway, model.modelId));
  const interval = model.policy.evaluationIntervalMinutes;
  const picture = useMemo(() => {
    if (!timeline.data || !retrains.data || !rollouts.data || !versions.data) return undefined;
    const from = Date.parse(timeline.data.from);
    const work = workOf(retrains.data.items, rollouts.data.items, Date.parse(timeline.data.to));
    return {
      timeline: timeline.data,
      segments: [...segmentsOf(timeline.data, interval), ...work.filter(({ to }) => to >= from)],
      releases: releasesOf(versions.data.items, rollouts.data.items),
    };
  }, [timeline.data, retrains.data, rollouts.data, versions.data, interval]);
  const error = timeline.error ?? retrains.error ?? rollouts.error ?? versions.error;
  return { picture, error, isPending: picture === undefined && error === null };
}

type PictureData = Parameters<typeof timelineOption>[0];

function Picture({ picture }: { readonly picture: PictureData }) {
  const option = useMemo(() => timelineOption(picture), [picture]);
  const { timeline, segments, releases } = picture;
  if (timeline.points.length === 0 && segments.length === 0) {
    return (
      <Empty
        title={`Nothing was evaluated in ${windowText(timeline)}`}
        command="POST /v1/models/{modelId}/versions/{version}/deployment"
      >
        A model is evaluated on its schedule from the moment a version serves.
      </Empty>
    );
  }
  const evaluations = timeline.points.reduce((sum, point) => sum + point.evaluations, 0);
  const label = `Health from ${momentText(timeline.from)} to ${momentText(timeline.to)}: ${countedText(evaluations, 'evaluation')}, ${countedText(segments.filter(({ lane, kind }) => lane === 0 && kind === 'breach').length, 'stretch', 'stretches')} at risk, ${countedText(releases.length, 'release')}. The table below says the same.`;
  return (
    <>
      <Chart option={option} height={timelineHeight} label={label} />
      <AsTable
        caption="Timeline of the model's health"
        rows={segments.toSorted((a, b) => b.from - a.from)}
        columns={[
          { head: 'From – to', cell: spanText },
          { head: 'Lane', cell: ({ lane }) => lanes[lane] },
          { head: 'State', cell: ({ text }) => text },
        ]}
      />
    </>
  );
}
