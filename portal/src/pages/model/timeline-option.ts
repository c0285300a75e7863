import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from 'echarts';
import type { EChartsCoreOption } from 'echarts/core';
import type { Timeline } from '../../api/types.ts';
import { dayText, timeAxis } from '../../charts/axes.ts';
import { tooltipOf } from '../../charts/chart.tsx';
import type { Colors } from '../../charts/colors.ts';
import { scoreText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { signalVerdictWords, signalWords, verdictWords } from '../../format/words.ts';
import { lanes, type Release, type Segment } from './timeline-lanes.ts';

const laneHeight = 24;
const lanesTop = 24;
const lanesHeight = lanes.length * laneHeight;
const scoreHeight = 96;
export const timelineHeight = lanesTop + lanesHeight + 24 + scoreHeight + 72;

// As in the strip: the worse, the taller.
const heights: Readonly<Record<Segment['kind'], number>> = {
  healthy: 6,
  warning: 12,
  breach: 18,
  unknown: 6,
  progress: 12,
};

export type TimelineData = {
  readonly timeline: Timeline;
  readonly segments: readonly Segment[];
  readonly releases: readonly Release[];
};

/** Lanes of states over one line of staleness, on one time axis that can be narrowed. */
export function timelineOption({ timeline, segments, releases }: TimelineData) {
  const range = { from: Date.parse(timeline.from), to: Date.parse(timeline.to) };
  return (colors: Colors, isNarrow: boolean): EChartsCoreOption => {
    const left = isNarrow ? 12 : 120;
    const axis = timeAxis(colors, range);
    const hidden = { show: false } as const;
    return {
      useUTC: true,
      animation: false,
      textStyle: { fontFamily: 'inherit', color: colors.ink },
      grid: [
        { left, right: 20, top: lanesTop, height: lanesHeight },
        { left, right: 20, top: lanesTop + lanesHeight + 24, height: scoreHeight },
      ],
      axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: colors['line-strong'] }, label: hidden },
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'line' },
        backgroundColor: colors.raised,
        borderColor: colors.line,
        confine: true,
        formatter: (items: unknown) => tooltip(items, timeline, segments),
      },
      dataZoom: [
        {
          type: 'inside',
          xAxisIndex: [0, 1],
          zoomOnMouseWheel: 'ctrl',
          moveOnMouseMove: false,
          preventDefaultMouseMove: false,
        },
        {
          type: 'slider',
          xAxisIndex: [0, 1],
          height: 20,
          bottom: 8,
          left,
          right: 20,
          brushSelect: true,
          showDataShadow: false,
          borderColor: colors.line,
          fillerColor: colors.selected,
          handleStyle: { color: colors.paper, borderColor: colors.accent },
          moveHandleStyle: { color: colors['line-strong'] },
          textStyle: { color: colors.muted },
          labelFormatter: dayText,
        },
      ],
      xAxis: [
        { ...axis, gridIndex: 0, axisLabel: hidden, axisLine: hidden },
        { ...axis, gridIndex: 1 },
      ],
      yAxis: [
        {
          type: 'category',
          gridIndex: 0,
          data: [...lanes],
          inverse: true,
          axisLine: hidden,
          axisTick: hidden,
          axisLabel: isNarrow
            ? { color: colors.muted, inside: true, align: 'left', verticalAlign: 'bottom', fontSize: 10, z: 9 }
            : { color: colors.muted, fontSize: 12 },
          splitLine: { show: true, lineStyle: { color: colors.line } },
        },
        {
          type: 'value',
          gridIndex: 1,
          min: 0,
          max: 1,
          interval: 0.5,
          name: 'Staleness',
          nameTextStyle: { color: colors.muted, align: isNarrow ? 'left' : 'right', fontSize: 12 },
          nameGap: 8,
          axisLabel: { color: colors.muted, show: !isNarrow },
          splitLine: { lineStyle: { color: colors.line } },
        },
      ],
      series: [
        {
          type: 'custom',
          xAxisIndex: 0,
          yAxisIndex: 0,
          clip: true,
          encode: { x: [0, 1], y: 2 },
          data: segments.map((segment, index) => [segment.from, segment.to, segment.lane, index]),
          renderItem: renderSegment(segments, colors),
          markLine: releaseLines(releases, range, colors),
        },
        {
          type: 'line',
          xAxisIndex: 1,
          yAxisIndex: 1,
          symbol: 'none',
          step: 'end',
          lineStyle: { color: colors.ink, width: 1.5 },
          data: timeline.points.map(({ at, stalenessScore }) => [Date.parse(at), stalenessScore]),
          markLine: {
            symbol: 'none',
            silent: true,
            data: [{ yAxis: timeline.threshold }],
            lineStyle: { color: colors.breach, type: 'dashed' },
            label: {
              formatter: `at risk above ${timeline.threshold}`,
              position: 'insideEndTop',
              color: colors.breach,
            },
          },
        },
      ],
    };
  };
}

function releaseLines(
  releases: readonly Release[],
  range: { readonly from: number; readonly to: number },
  colors: Colors,
) {
  return {
    symbol: 'none',
    silent: true,
    lineStyle: { color: colors.ink, type: 'solid', width: 1 },
    label: { formatter: ({ name }: { readonly name: string }) => name, color: colors.ink, position: 'start' },
    data: releases
      .filter(({ at }) => at >= range.from && at <= range.to)
      .map(({ at, version }) => ({ name: `v${version}`, xAxis: at })),
  };
}

function renderSegment(segments: readonly Segment[], colors: Colors) {
  return (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const segment = segments[Number(api.value(3))];
    if (segment === undefined) return null;
    const [fromX = 0, centerY = 0] = api.coord([segment.from, segment.lane]);
    const [toX = 0] = api.coord([segment.to, segment.lane]);
    const area = params.coordSys as unknown as { readonly x: number; readonly width: number };
    const x = Math.max(fromX, area.x);
    const width = Math.min(Math.max(toX, fromX + 3), area.x + area.width) - x;
    if (width <= 0) return null;
    const height = heights[segment.kind];
    const isOutline = segment.kind === 'unknown';
    const color = colors[segment.kind];
    return {
      type: 'rect',
      shape: { x, y: centerY - height / 2, width, height, r: 1 },
      style: isOutline
        ? { fill: 'none', stroke: color, lineWidth: 1, lineDash: [3, 2] }
        : { fill: color, opacity: segment.kind === 'healthy' ? 0.75 : 1 },
    };
  };
}

function tooltip(items: unknown, timeline: Timeline, segments: readonly Segment[]): HTMLElement | string {
  const [first] = [items].flat() as { readonly axisValue?: number }[];
  const time = Number(first?.axisValue);
  if (!Number.isFinite(time)) return '';
  const point = timeline.points.findLast(({ at }) => Date.parse(at) <= time) ?? timeline.points[0];
  const under = segments.filter(
    ({ from, to, lane }) => lane > 4 && from <= time && time <= Math.max(to, from + 21_600_000),
  );
  if (point === undefined) return '';
  const { verdict, stalenessScore, confidence, signals } = point;
  return tooltipOf(momentText(point.at), [
    ['Verdict', `${verdictWords[verdict]}${confidence === null ? '' : `, confidence ${confidence}`}`],
    ['Staleness', scoreText(stalenessScore)],
    ...(Object.keys(signalWords) as (keyof typeof signalWords)[]).flatMap((name): [string, string][] => {
      const signal = signals[name];
      return signal === undefined ? [] : [[signalWords[name], signalVerdictWords[signal.verdict]]];
    }),
    ...under.map((segment): [string, string] => [lanes[segment.lane] ?? '', segment.text]),
  ]);
}
