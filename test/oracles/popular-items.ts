import type { Table } from './data.ts';

/** The items most often rated while the model was trained; the oracles call every other item by one name. */
export function popularItems(rows: Table): (item?: string) => string {
  const counts = new Map<string, number>();
  for (const { item = '', window } of rows) if (window === 'train') counts.set(item, (counts.get(item) ?? 0) + 1);
  const popular = new Set(
    [...counts]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, 100)
      .map(([item]) => item),
  );
  return (item = '') => (popular.has(item) ? item : '__other__');
}
