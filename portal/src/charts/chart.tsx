import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useMemo, useRef } from 'react';
import { useIsDark } from '../shell/theme.ts';
import { type Colors, readColors } from './colors.ts';
import { init } from './echarts.ts';

/** A picture in the page's colours that follows its width. `label` says in words what it shows. */
export function Chart({
  option,
  height,
  label,
}: {
  /** Stable while nothing changes: what is zoomed stays zoomed. */
  readonly option: (colors: Colors, isNarrow: boolean) => EChartsCoreOption;
  readonly height: number;
  readonly label: string;
}) {
  const element = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are others when it is dark
  const colors = useMemo(readColors, [isDark]);
  useEffect(() => {
    const host = element.current;
    if (host === null) return;
    host.style.height = `${height}px`;
    const chart = init(host, undefined, { renderer: 'svg' });
    chart.setOption(option(colors, host.clientWidth < 640));
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(host);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, colors, height]);
  return <div ref={element} className="chart" role="img" aria-label={label} />;
}

/** A tooltip as elements: the content security policy allows no style in text. */
export function tooltipOf(title: string, lines: readonly (readonly [string, string])[]): HTMLElement {
  const root = document.createElement('div');
  root.className = 'chart-tooltip';
  const head = document.createElement('strong');
  head.textContent = title;
  root.append(head);
  for (const [name, value] of lines) {
    const line = document.createElement('div');
    const label = document.createElement('span');
    label.textContent = name;
    const text = document.createElement('span');
    text.textContent = value;
    line.append(label, text);
    root.append(line);
  }
  return root;
}
