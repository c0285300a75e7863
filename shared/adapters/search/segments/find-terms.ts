import { mistypedFit, prefixFit } from '../../../domain/graph/search/search-score.ts';
import { countBelow, countOf, endOfPrefix, lengthAt, type TextColumn, textAt, textColumn } from './text-column.ts';

/** A term that a word may mean: its number, how well it fits, and whether only fields count in which words may be mistyped. */
export type VisitTerm = (term: number, fit: number, how: 'written' | 'mistyped') => void;

export type TermSearch = { readonly word: string; readonly isPrefix: boolean; readonly edits: number };

/** Every term of a sorted column that the word is, begins, or becomes by so many edits. */
export function visitTerms(terms: TextColumn, { word, isPrefix, edits }: TermSearch, visit: VisitTerm): void {
  const first = countBelow(terms, word);
  const isThere = first < countOf(terms) && textAt(terms, first).startsWith(word);
  const prefixEnd = isThere ? endOfPrefix(terms, first, word.length, first) : first;
  const isExact = isThere && lengthAt(terms, first) === word.length;
  const end = isPrefix ? prefixEnd : first + Number(isExact);
  for (let i = first; i < end; i += 1) visit(i, prefixFit(word.length, lengthAt(terms, i)), 'written');
  if (edits === 0) return;
  visitSimilar(terms, word, edits, (i, distance) => {
    // What begins with the word is written as it was asked for.
    if (i < first || i >= prefixEnd) visit(i, mistypedFit(distance), 'mistyped');
  });
}

/**
 * Terms within a distance (as `editDistance` measures it) of a word. Rows of the table of distances are kept for the
 * beginning that a term shares with the one before, and terms of which the beginning is too far already are passed over.
 */
export function visitSimilar(
  terms: TextColumn,
  word: string,
  limit: number,
  visit: (term: number, distance: number) => void,
): void {
  const asked = textColumn([word]).units;
  const width = asked.length + 1;
  const rows = [Uint16Array.from({ length: width }, (_, j) => j)];
  const { units, starts } = terms;
  const count = countOf(terms);
  // Rows up to this one are those of the beginning of term `last`.
  let depth = 0;
  let last = 0;
  for (let i = 0; i < count; ) {
    const length = lengthAt(terms, i);
    let d = 0;
    while (d < depth && d < length && units[starts[i]! + d] === units[starts[last]! + d]) d += 1;
    let isFar = false;
    const deepest = Math.min(length, asked.length + limit + 1);
    for (; d < deepest && !isFar; d += 1) isFar = fillRow(rows, d + 1, units, starts[i]!, asked) > limit;
    depth = d;
    last = i;
    const distance = rows[d]![width - 1]!;
    if (d === length && !isFar && distance <= limit) visit(i, distance);
    i = isFar ? endOfPrefix(terms, i, d, i) : i + 1;
  }
}

/** The smallest distance in the row, which no row after it goes below. */
function fillRow(rows: Uint16Array[], d: number, units: Uint16Array, start: number, asked: Uint16Array): number {
  const row = rows[d] ?? new Uint16Array(asked.length + 1);
  rows[d] = row;
  const last = rows[d - 1]!;
  const code = units[start + d - 1]!;
  const previous = d > 1 ? units[start + d - 2]! : -1;
  row[0] = d;
  let least = d;
  for (let j = 1; j <= asked.length; j += 1) {
    const other = asked[j - 1]!;
    let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (code === other ? 0 : 1));
    if (j > 1 && previous === other && code === asked[j - 2]!) cost = Math.min(cost, rows[d - 2]![j - 2]! + 1);
    row[j] = cost;
    if (cost < least) least = cost;
  }
  return least;
}
