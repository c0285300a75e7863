import type { ReactNode } from 'react';
import type { SearchHit } from '../../api/graph-types.ts';

/** The text with what was typed marked in it, as the API found it. */
export function marked({ highlights }: Pick<SearchHit, 'highlights'>, field: string, text: string): ReactNode {
  const found = highlights.find((highlight) => highlight.field === field && highlight.text === text);
  if (found === undefined) return text;
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [begin = at, end = begin] of found.ranges) {
    parts.push(text.slice(at, begin), <mark key={begin}>{text.slice(begin, end)}</mark>);
    at = end;
  }
  return [...parts, text.slice(at)];
}
