import { exactTerms, maskWeights, nameBit, wholeNameBit } from '../../../domain/graph/search/document-terms.ts';
import { allowedEdits, isPrefix, type Reach, type SearchQuery } from '../../../domain/graph/search/search-query.ts';
import { exactness } from '../../../domain/graph/search/search-score.ts';
import { visitTerms } from './find-terms.ts';
import { documentAt, indexOfUri, type Segment, sizeOf } from './segment.ts';
import { countBelow, countOf, textAt } from './text-column.ts';

/** How the documents of a segment answer a question, by their numbers. */
export type SegmentMatch = {
  /** How well the words fit, the mean of all, 0 … 1. */
  readonly means: Float64Array;
  readonly flags: Uint8Array;
};

/** Its words find it; the name alone has every word; it is named exactly so. */
export const foundFlag = 1;
export const namedFlag = 2;
export const exactFlag = 4;

/** By document, how well one word fits; and 1 where it does in the name. */
type Slot = { readonly fits: Float64Array; readonly named: Uint8Array };

export function matchSegment(segment: Segment, query: SearchQuery, reach: Reach): SegmentMatch {
  const size = sizeOf(segment);
  const means = new Float64Array(size);
  const flags = new Uint8Array(size);
  if (query.words.length > 0) matchWords(segment, query, reach, { means, flags });
  for (const i of exactOnes(segment, query)) flags[i]! |= exactFlag | namedFlag;
  return { means, flags };
}

function matchWords(segment: Segment, query: SearchQuery, reach: Reach, { means, flags }: SegmentMatch): void {
  flags.fill(foundFlag | namedFlag);
  const isEvery = reach !== 'any';
  const [{ fits, named }, other] = [emptySlot(means.length), emptySlot(means.length)];
  const fill = (slot: Slot, word: string) => fillSlot(slot, segment, query, word, reach);
  for (const { whole, parts } of query.words) {
    for (const [n, part] of parts.entries())
      if (n === 0) fill({ fits, named }, part);
      else andPart({ fits, named }, fill(other, part), isEvery);
    if (parts.length > 1) for (let i = 0; i < fits.length; i += 1) fits[i]! /= parts.length;
    if (whole !== undefined) orWhole({ fits, named }, fill(other, whole));
    for (let i = 0; i < fits.length; i += 1) {
      means[i]! += fits[i]!;
      if (named[i] === 0) flags[i]! &= ~namedFlag;
      if (isEvery && fits[i] === 0) flags[i]! = 0;
    }
  }
  for (let i = 0; i < means.length; i += 1) {
    if (means[i] === 0) flags[i] = 0;
    means[i]! /= query.words.length;
  }
}

/** Of a word of several parts every part has to be found, unless some of the words are enough. */
function andPart({ fits, named }: Slot, part: Slot, isEvery: boolean): void {
  for (let i = 0; i < fits.length; i += 1) {
    const isMissing = isEvery && (fits[i] === 0 || part.fits[i] === 0);
    fits[i] = isMissing ? 0 : fits[i]! + part.fits[i]!;
    named[i]! &= part.named[i]!;
  }
}

function orWhole({ fits, named }: Slot, whole: Slot): void {
  for (let i = 0; i < fits.length; i += 1) {
    if (whole.fits[i]! > fits[i]!) fits[i] = whole.fits[i]!;
    named[i]! |= whole.named[i]!;
  }
}

function emptySlot(size: number): Slot {
  return { fits: new Float64Array(size), named: new Uint8Array(size) };
}

/** What was in the slot is forgotten: there are as few as can be, for each is as long as the segment. */
function fillSlot(slot: Slot, segment: Segment, query: SearchQuery, word: string, reach: Reach): Slot {
  const { terms, postingStarts, postings, masks } = segment;
  const { fits, named } = slot;
  fits.fill(0);
  named.fill(0);
  const sought = { word, isPrefix: isPrefix(query, word), edits: allowedEdits(word.length, reach) };
  visitTerms(terms, sought, (term, fit, how) => {
    const weights = maskWeights[how];
    const end = postingStarts[term + 1]!;
    for (let k = postingStarts[term]!; k < end; k += 1) {
      const [i, mask] = [postings[k]!, masks[k]!];
      const found = fit * weights[mask]!;
      if (found > fits[i]!) fits[i] = found;
      if (mask & nameBit) named[i] = 1;
    }
  });
  return slot;
}

/** Also those of which nothing is a word, and however many words the name has. */
function exactOnes(segment: Segment, query: SearchQuery): Iterable<number> {
  const found = new Set<number>();
  const pasted = indexOfUri(segment, query.text);
  if (pasted !== undefined) found.add(pasted);
  for (const term of exactTerms(query)) {
    const place = countBelow(segment.terms, term);
    if (place === countOf(segment.terms) || textAt(segment.terms, place) !== term) continue;
    // The term is the whole name as it is compared: none of them has to be looked at.
    const isCertain = term === query.squashed;
    for (let k = segment.postingStarts[place]!; k < segment.postingStarts[place + 1]!; k += 1) {
      const i = segment.postings[k]!;
      if ((segment.masks[k]! & wholeNameBit) === 0) continue;
      if (isCertain || exactness(query, documentAt(segment, i)) > 0) found.add(i);
    }
  }
  return found;
}
