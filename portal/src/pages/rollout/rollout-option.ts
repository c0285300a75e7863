import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from 'echarts';
import type { EChartsCoreOption } from 'echarts/core';
import type { Rollout } from '../../api/types.ts';
import { timeAxis } from '../../charts/axes.ts';
import { tooltipOf } from '../../charts/chart.tsx';
import type { Colors } from '../../charts/colors.ts';
import { figureText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { boundedText, changeText, type Look, limitOf } from './rollout-facts.ts';

/** One picture above the other: what is looked at, its bounds, and the limit that decides. */
type Panel = {
  readonly title: string;
  readonly of: (look: Look) => { readonly value: number | null; readonly interval: readonly [number, number] | null };
  readonly limit: number | undefined;
};

const panelHeight = 148;
const gap = 64;

/** `higherIsBetter`: of the business metric. */
export function panelsOf(rollout: Rollout, higherIsBetter: boolean): readonly Panel[] {
  const drop = limitOf(rollout, 'businessDropRatio');
  const metric = rollout.judgements.find(({ business }) => business !== undefined)?.business?.metric;
  const loss: Panel = {
    title: 'Loss of the candidate against the champion’s, on the same requests',
    of: ({ paired }) => ({ value: paired.relativeDifference, interval: paired.interval }),
    limit: limitOf(rollout, 'nonInferiorityMarginRatio'),
  };
  if (metric === undefined) return [loss];
  const arms: Panel = {
    title: `${metric} of the candidate’s arm against the champion’s`,
    of: ({ business }) => ({ value: business?.relativeChange ?? null, interval: business?.interval ?? null }),
    limit: drop === undefined || !higherIsBetter ? drop : -drop,
  };
  return [loss, arms];
}

export function heightOf(panels: readonly unknown[]): number {
  return panels.length * (panelHeight + gap);
}

/** Estimates with bounds that hold at every moment one looks, over time; a line where each step began. */
export function rolloutOption(rollout: Rollout, panels: readonly Panel[]) {
  const { judgements, startedAt, endedAt } = rollout;
  const [from, last] = [Date.parse(startedAt), Date.parse(judgements.at(-1)?.judgedAt ?? startedAt)];
  const end = Math.max(last, Date.parse(endedAt ?? startedAt));
  // The last bound stands inside of the picture.
  const range = { from, to: end + (end - from) * 0.02 };
  return (colors: Colors, isNarrow: boolean): EChartsCoreOption => {
    const grid = { left: isNarrow ? 52 : 72, right: isNarrow ? 24 : 84, height: panelHeight };
    const label = { color: colors.muted, fontSize: 12 };
    return {
      useUTC: true,
      animation: false,
      textStyle: { fontFamily: 'inherit', color: colors.ink },
      grid: panels.map((_, index) => ({ ...grid, top: 28 + index * (panelHeight + gap) })),
      axisPointer: {
        link: [{ xAxisIndex: 'all' }],
        label: { show: false },
        lineStyle: { color: colors['line-strong'] },
      },
      tooltip: {
        trigger: 'axis',
        backgroundColor: colors.raised,
        borderColor: colors.line,
        confine: true,
        formatter: (items: unknown) => tooltip(items, rollout, panels),
      },
      xAxis: panels.map((_, gridIndex) => ({ ...timeAxis(colors, range), gridIndex })),
      yAxis: panels.map((panel, gridIndex) => ({
        type: 'value',
        gridIndex,
        ...rangeOf(judgements, panel),
        splitNumber: 4,
        axisLabel: { ...label, formatter: changeText, showMinLabel: false, showMaxLabel: false },
        splitLine: { lineStyle: { color: colors.line } },
      })),
      series: panels.flatMap((panel, index) => seriesOf(rollout, panel, index, { colors, isNarrow })),
    };
  };
}

function seriesOf(
  rollout: Rollout,
  panel: Panel,
  index: number,
  { colors, isNarrow }: { readonly colors: Colors; readonly isNarrow: boolean },
) {
  const looks = rollout.judgements.map((look) => ({ at: Date.parse(look.judgedAt), look, ...panel.of(look) }));
  const axes = { xAxisIndex: index, yAxisIndex: index };
  const mark = { symbol: 'none', silent: true } as const;
  const limit =
    panel.limit === undefined
      ? []
      : [
          {
            yAxis: panel.limit,
            lineStyle: { color: colors.breach, type: 'dashed' },
            label: { show: !isNarrow, formatter: `limit ${changeText(panel.limit)}`, color: colors.breach },
          },
        ];
  const steps = (rollout.stepStarts ?? []).map((start, step) => ({
    xAxis: Date.parse(start),
    lineStyle: { color: colors['line-strong'], type: 'solid' },
    label: {
      formatter: `${looks.find(({ look }) => look.step === step)?.look.percent ?? ''} %`,
      position: 'end',
      align: 'left',
      rotate: 0,
      color: colors.muted,
    },
  }));
  return [
    {
      type: 'custom',
      ...axes,
      clip: true,
      encode: { x: 0, y: [1, 2] },
      data: looks.flatMap(({ at, interval }) => (interval ? [[at, interval[0], interval[1]]] : [])),
      renderItem: renderBound(colors),
      markLine: { ...mark, data: steps },
    },
    {
      type: 'line',
      ...axes,
      name: panel.title,
      symbol: 'circle',
      symbolSize: 6,
      lineStyle: { color: colors.ink, width: 1.5 },
      data: looks.map(({ at, value, look }) => ({
        value: [at, value],
        itemStyle: {
          color: look.verdict === 'fail' ? colors.breach : look.verdict === 'pass' ? colors.healthy : colors.unknown,
        },
      })),
      markLine: {
        ...mark,
        data: [
          { yAxis: 0, lineStyle: { color: colors['line-strong'], type: 'solid' }, label: { show: false } },
          ...limit,
        ],
      },
    },
  ];
}

/** Room for the bounds of all but the widest looks: the first ones may reach beyond the picture. */
function rangeOf(judgements: readonly Look[], panel: Panel): { readonly min: number; readonly max: number } {
  const known = judgements.map(panel.of);
  const widths = known
    .flatMap(({ interval }) => (interval ? [interval[1] - interval[0]] : []))
    .toSorted((a, b) => a - b);
  const widest = widths[Math.floor(widths.length * 0.8)] ?? Number.POSITIVE_INFINITY;
  const shown = known.flatMap(({ value, interval }) => [
    value,
    ...(interval && interval[1] - interval[0] <= widest ? interval : []),
  ]);
  const values = [...shown, 0, panel.limit ?? 0].filter((value) => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low || 0.01) * 0.12;
  return { min: low - room, max: high + room };
}

function renderBound(colors: Colors) {
  return (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const [x, low] = api.coord([api.value(0), api.value(1)]);
    const [, high] = api.coord([api.value(0), api.value(2)]);
    const line = (x1: number, y1: number, x2: number, y2: number) =>
      ({
        type: 'line',
        shape: { x1, y1, x2, y2 },
        style: { stroke: colors.progress, lineWidth: 2, opacity: 0.6 },
      }) as const;
    if (x === undefined || low === undefined || high === undefined) return null;
    return {
      type: 'group',
      children: [line(x, low, x, high), line(x - 4, low, x + 4, low), line(x - 4, high, x + 4, high)],
    };
  };
}

function tooltip(items: unknown, { judgements }: Rollout, panels: readonly Panel[]): HTMLElement | string {
  const [first] = Array.isArray(items) ? (items as { readonly dataIndex: number }[]) : [];
  const look = first && judgements[first.dataIndex];
  if (look === undefined) return '';
  const { business, verdict, percent } = look;
  return tooltipOf(`${momentText(look.judgedAt)}, ${percent} %: ${verdict}`, [
    ...panels.map((panel): readonly [string, string] => {
      const { value, interval } = panel.of(look);
      return [panel.title, boundedText(value, interval)];
    }),
    ...(business
      ? ([
          ['Champion', figureText(business.champion.mean)],
          ['Candidate', figureText(business.candidate.mean)],
        ] as const)
      : []),
  ]);
}
