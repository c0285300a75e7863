/** A table whose first column is text and the others are figures, unless `align` says otherwise. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], align = ''): string {
  const rule = header.map((_, i) => (i === 0 || align[i] === 'l' ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** USD per million predictions, four digits behind the point. */
export function perMillionText(usd: number): string {
  return usd.toFixed(4);
}

export function dollars(usd: number): string {
  if (usd >= 100) return Math.round(usd).toLocaleString('en');
  return usd.toFixed(usd >= 10 ? 1 : 2);
}

export function countText(count: number): string {
  return count === Number.POSITIVE_INFINITY ? 'none' : Math.round(count).toLocaleString('en');
}

/** `1.2 %` */
export function percentText(ratio: number): string {
  const percent = 100 * ratio;
  return `${percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

export function hoursText(hours: number): string {
  return hours < 48 ? `${hours.toFixed(hours < 10 ? 1 : 0)} h` : `${(hours / 24).toFixed(0)} days`;
}
