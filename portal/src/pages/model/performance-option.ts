import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from 'echarts';
import type { EChartsCoreOption } from 'echarts/core';
import type { PerformanceSeries } from '../../api/types.ts';
import { timeAxis } from '../../charts/axes.ts';
import { tooltipOf } from '../../charts/chart.tsx';
import type { Colors } from '../../charts/colors.ts';
import { countText, figureText, percentText } from '../../format/number.ts';
import { windowText } from '../../format/time.ts';

export const performanceHeight = 324;

type Point = PerformanceSeries['points'][number];
const center = ({ from, to }: Point) => (Date.parse(from) + Date.parse(to)) / 2;

/** The value with its interval, paler the fewer outcomes are known; below it coverage. */
export function performanceOption(series: PerformanceSeries, minimumCoverageRatio: number) {
  const { points, reference } = series;
  const range = { from: Date.parse(points[0]?.from ?? ''), to: Date.parse(points.at(-1)?.to ?? '') };
  const versions = [...new Set(points.map(({ version }) => version))];
  return (colors: Colors, isNarrow: boolean): EChartsCoreOption => {
    const axis = timeAxis(colors, range);
    const grid = { left: isNarrow ? 40 : 64, right: 20 };
    const hidden = { show: false } as const;
    const label = { color: colors.muted, fontSize: 12 };
    const split = { lineStyle: { color: colors.line } };
    return {
      useUTC: true,
      animation: false,
      textStyle: { fontFamily: 'inherit', color: colors.ink },
      grid: [
        { ...grid, top: 28, height: 168 },
        { ...grid, top: 236, height: 56 },
      ],
      axisPointer: { link: [{ xAxisIndex: 'all' }], label: hidden, lineStyle: { color: colors['line-strong'] } },
      tooltip: {
        trigger: 'axis',
        backgroundColor: colors.raised,
        borderColor: colors.line,
        confine: true,
        formatter: (items: unknown) => tooltip(items, points),
      },
      xAxis: [
        { ...axis, gridIndex: 0, axisLabel: hidden },
        { ...axis, gridIndex: 1 },
      ],
      yAxis: [
        {
          type: 'value',
          gridIndex: 0,
          ...valueRange(series),
          splitNumber: 4,
          axisLabel: { ...label, formatter: figureText },
          splitLine: split,
        },
        {
          type: 'value',
          gridIndex: 1,
          min: 0,
          max: 1,
          interval: 0.5,
          name: 'Coverage',
          nameGap: 6,
          nameTextStyle: { ...label, align: 'left' },
          axisLabel: { ...label, formatter: percentText },
          splitLine: split,
        },
      ],
      series: [
        {
          type: 'custom',
          xAxisIndex: 0,
          yAxisIndex: 0,
          clip: true,
          encode: { x: 0, y: [2, 3] },
          tooltip: hidden,
          data: points.flatMap((point, index) =>
            point.interval ? [[center(point), index, point.interval.low, point.interval.high]] : [],
          ),
          renderItem: renderInterval(points, colors),
        },
        ...versions.map((version, index) => ({
          type: 'line',
          name: `version ${version}`,
          xAxisIndex: 0,
          yAxisIndex: 0,
          connectNulls: false,
          symbolSize: 5,
          symbol: 'circle',
          lineStyle: { color: colors.ink, width: 1.5 },
          itemStyle: { color: colors.ink },
          endLabel: { show: true, formatter: `v${version}`, color: colors.muted, distance: 4 },
          data: points
            .filter((point) => point.version === version)
            .map((point) => ({
              value: [center(point), point.value],
              symbol: point.matured ? 'circle' : 'emptyCircle',
              itemStyle: { opacity: Math.max(0.35, point.coverageRatio ?? 0.35) },
            })),
          ...(index === 0 && reference !== null && { markLine: referenceLine(reference, colors) }),
        })),
        {
          type: 'custom',
          xAxisIndex: 1,
          yAxisIndex: 1,
          encode: { x: 0, y: 1 },
          data: points.map((point, index) => [center(point), point.labelledRatio, index]),
          renderItem: renderCoverage(points, colors),
          markLine: {
            symbol: 'none',
            silent: true,
            data: [{ yAxis: minimumCoverageRatio }],
            lineStyle: { color: colors.warning, type: 'dashed' },
            label: hidden,
          },
        },
      ],
    };
  };
}

/** Room for what rests on many predictions; a canary's first few may leave the picture, but not the table. */
function valueRange({ points, reference }: PerformanceSeries) {
  const most = Math.max(...points.map(({ attributed }) => attributed));
  const solid = points.filter(({ attributed }) => attributed >= most / 4);
  const values = solid.flatMap(({ value, interval }) => [value, interval?.low ?? null, interval?.high ?? null]);
  const known = [...values, reference].filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = (high - low || Math.abs(high) || 1) * 0.1;
  const step = 10 ** Math.floor(Math.log10(high - low + 2 * room));
  const round = (value: number, by: (value: number) => number) => by(value / step) * step;
  return { min: round(low - room, Math.floor), max: round(high + room, Math.ceil) };
}

function referenceLine(reference: number, colors: Colors) {
  return {
    symbol: 'none',
    silent: true,
    data: [{ yAxis: reference }],
    lineStyle: { color: colors.muted, type: 'dashed' },
    label: { formatter: `reference ${figureText(reference)}`, position: 'insideEndTop', color: colors.muted },
  };
}

function renderInterval(points: readonly Point[], colors: Colors) {
  return (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const point = points[Number(api.value(1))];
    if (point?.interval === undefined) return null;
    const area = params.coordSys as unknown as { readonly width: number };
    const width = Math.max(3, Math.min(28, (area.width / points.length) * 0.7));
    const [x = 0, top = 0] = api.coord([center(point), point.interval.high]);
    const [, bottom = 0] = api.coord([center(point), point.interval.low]);
    return {
      type: 'rect',
      shape: { x: x - width / 2, y: top, width, height: Math.max(1, bottom - top), r: 2 },
      style: { fill: colors.unknown, opacity: 0.06 + 0.24 * (point.matured ? (point.coverageRatio ?? 0) : 0.2) },
    };
  };
}

function renderCoverage(points: readonly Point[], colors: Colors) {
  return (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const point = points[Number(api.value(2))];
    if (point === undefined || point.labelledRatio === null) return null;
    const area = params.coordSys as unknown as { readonly width: number };
    const width = Math.max(2, Math.min(16, (area.width / points.length) * 0.6));
    const [x = 0, top = 0] = api.coord([center(point), point.labelledRatio]);
    const [, bottom = 0] = api.coord([center(point), 0]);
    const bar = {
      type: 'rect' as const,
      shape: { x: x - width / 2, y: top, width, height: bottom - top },
      style: { fill: colors['line-strong'], opacity: point.matured ? 1 : 0.45 },
    };
    const [, expected = 0] = api.coord([center(point), point.expectedRatio ?? 0]);
    const tick = {
      type: 'rect' as const,
      shape: { x: x - width / 2 - 2, y: expected - 1, width: width + 4, height: 2 },
      style: { fill: point.labelSupply === 'short' ? colors.breach : colors.ink },
    };
    return { type: 'group', children: point.expectedRatio === null ? [bar] : [bar, tick] };
  };
}

function tooltip(items: unknown, points: readonly Point[]): HTMLElement | string {
  const [first] = [items].flat() as { readonly axisValue?: number }[];
  const at = points.filter((point) => Math.abs(center(point) - Number(first?.axisValue)) < 3_600_000);
  const [point] = at;
  if (point === undefined) return '';
  return tooltipOf(
    windowText(point),
    at.flatMap((each): [string, string][] => [
      [`Version ${each.version}`, valueText(each)],
      ['Outcomes', `${countText(each.attributed)} of ${countText(each.predictions)}`],
      ['With a label', expectedText(each)],
      ['Maturity', each.maturity === null ? 'not known yet' : percentText(each.maturity)],
      ['Labels', `${supplyWords[each.labelSupply]}, ${labelsText(each)}`],
      ...(each.layer === undefined ? [] : [['Joined by', layerWords[each.layer]] as [string, string]]),
    ]),
  );
}

/** `0.31 (0.28 to 0.34)` */
export function valueText({ value, interval }: Point): string {
  const range = interval === undefined ? '' : ` (${figureText(interval.low)} to ${figureText(interval.high)})`;
  return `${figureText(value)}${range}`;
}

/** `62 %, 64 % expected by now` */
function expectedText({ labelledRatio, expectedRatio }: Point): string {
  return `${percentText(labelledRatio)}${expectedRatio === null ? '' : `, ${percentText(expectedRatio)} expected by now`}`;
}

export const supplyWords: Readonly<Record<Point['labelSupply'], string>> = {
  idle: 'no predictions',
  unknown: 'delays not known yet',
  immature: 'on their way',
  short: 'too few',
  sufficient: 'as expected',
};

export const layerWords: Readonly<Record<NonNullable<Point['layer']>, string>> = {
  speed: 'the stream',
  batch: 'the daily batch',
  mixed: 'both',
};

/** `12 exact, 9 imputed` */
export function labelsText({ provenance }: Pick<Point, 'provenance'>): string {
  const { exact, proxy, imputed } = provenance;
  const kinds = Object.entries({ exact, proxy, imputed }).filter(([, n]) => n > 0);
  return kinds.length === 0 ? 'none' : kinds.map(([kind, n]) => `${countText(n)} ${kind}`).join(', ');
}
