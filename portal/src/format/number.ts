const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const figures = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, signDisplay: 'negative' });

/** `11,213` */
export function countText(count: number): string {
  return counts.format(count);
}

/** `1 model`, `2 models` */
export function countedText(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** Three significant digits with a real minus sign; `–` for what cannot be measured. */
export function figureText(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(0).replace('-', '−');
  return figures.format(value).replace('-', '−');
}

/** `0.42`, always two digits after the point. */
export function scoreText(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(2).replace('-', '−');
}

/** `98 %` of 0.98 */
export function percentText(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined) return '–';
  const percent = ratio * 100;
  return `${percent > 0 && percent < 1 ? figureText(percent) : Math.round(percent)} %`;
}
