import type { SearchDocument } from './search-document.ts';
import type { Reach, SearchQuery } from './search-query.ts';
import { fitOf, mistypedFields, type SearchField } from './search-score.ts';
import { chunksOf } from './tokens.ts';

/** What was found in a field. */
export type Highlight = {
  readonly field: SearchField;
  /** Of a long description the part around what was found. */
  readonly text: string;
  /** Begin and end, in UTF-16 code units of `text`, in order and apart. */
  readonly ranges: readonly (readonly [number, number])[];
};

type Range = readonly [number, number];

/** Texts that are shown of one hit. */
const maximumHighlights = 8;
const shownDescription = 200;
const beforeFound = 40;

export function highlightsOf(document: SearchDocument, query: SearchQuery, reach: Reach): readonly Highlight[] {
  const words = new Set(query.words.flatMap(({ whole, parts }) => [...parts, ...(whole === undefined ? [] : [whole])]));
  const fitsIn = (field: SearchField) => {
    const own = mistypedFields.includes(field) ? reach : 'written';
    return (term: string) => [...words].some((word) => fitOf(word, term, own) > 0);
  };
  return textsOf(document)
    .flatMap(({ field, text }) => {
      const ranges = rangesIn(text, fitsIn(field));
      if (ranges.length === 0) return [];
      return [field === 'description' ? { field, ...excerpt(text, ranges) } : { field, text, ranges }];
    })
    .slice(0, maximumHighlights);
}

function textsOf({ name, id, description, tags, owners, related }: SearchDocument) {
  const texts = (field: SearchField, all: readonly (string | undefined)[]) =>
    all.filter((text) => text !== undefined).map((text) => ({ field, text }));
  return [
    ...texts('name', [name]),
    ...texts('id', [id]),
    ...texts('description', [description]),
    ...texts('tags', tags),
    ...texts(
      'owners',
      owners.map((owner) => owner.name),
    ),
    ...texts('related', related),
  ];
}

function rangesIn(text: string, fits: (term: string) => boolean): readonly Range[] {
  const ranges: Range[] = [];
  for (const { whole, parts } of chunksOf(text)) {
    const found = parts.filter(({ term }) => fits(term));
    const asWhole = found.length === 0 && whole !== undefined && fits(whole.term) ? [whole] : [];
    ranges.push(...[...found, ...asWhole].map(({ start, end }): Range => [start, end]));
  }
  return ranges;
}

function excerpt(text: string, ranges: readonly Range[]): Pick<Highlight, 'text' | 'ranges'> {
  if (text.length <= shownDescription) return { text, ranges };
  const start = Math.max(0, (ranges[0]?.[0] ?? 0) - beforeFound);
  const shown = text.slice(start, start + shownDescription);
  const inside = ranges.filter(([, end]) => end <= start + shownDescription);
  return { text: shown, ranges: inside.map(([from, to]): Range => [from - start, to - start]) };
}
