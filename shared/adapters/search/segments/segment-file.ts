import { type FacetName, facetNames } from '../../../domain/graph/search/search-facets.ts';
import { type Column, decodeColumns, encodeColumns } from './column-file.ts';
import type { Segment } from './segment.ts';

type About = {
  readonly values: Readonly<Record<FacetName, readonly string[]>>;
  readonly ownerNames: readonly string[];
};

const plain = ['json', 'jsonStarts', 'byUri', 'states', 'postingStarts', 'masks'] as const;
const texts = ['uris', 'names', 'squashedNames', 'terms'] as const;

export function encodeSegment(segment: Segment): Uint8Array {
  const about = {
    values: Object.fromEntries(facetNames.map((name) => [name, segment.facets[name].values])),
    ownerNames: segment.ownerNames,
  };
  const columns = new Map<string, Column>(plain.map((name) => [name, segment[name]]));
  for (const name of texts) {
    columns.set(`${name}.units`, segment[name].units);
    columns.set(`${name}.starts`, segment[name].starts);
  }
  for (const name of facetNames) {
    columns.set(`${name}.starts`, segment.facets[name].starts);
    columns.set(`${name}.ids`, segment.facets[name].ids);
  }
  columns.set('postings', differences(segment.postings));
  return encodeColumns(about, columns);
}

export function decodeSegment(data: Uint8Array): Segment {
  const { about, bytes, wide, text } = decodeColumns(data);
  // Written by `encodeSegment`.
  const { values, ownerNames } = about as About;
  const facet = (name: FacetName) => ({
    values: values[name],
    starts: wide(`${name}.starts`),
    ids: wide(`${name}.ids`),
  });
  return {
    json: bytes('json'),
    jsonStarts: wide('jsonStarts'),
    uris: text('uris'),
    byUri: wide('byUri'),
    names: text('names'),
    squashedNames: text('squashedNames'),
    states: bytes('states'),
    facets: { type: facet('type'), tag: facet('tag'), owner: facet('owner'), platform: facet('platform') },
    ownerNames,
    terms: text('terms'),
    postingStarts: wide('postingStarts'),
    postings: sums(wide('postings')),
    masks: bytes('masks'),
  };
}

/** Small numbers, which take little room when they are compressed; after a larger one modulo 2³². */
function differences(numbers: Uint32Array): Uint32Array {
  return numbers.map((number, i) => (i === 0 ? number : number - numbers[i - 1]!));
}

function sums(read: Uint32Array): Uint32Array {
  const numbers = read.slice();
  for (let i = 1; i < numbers.length; i += 1) numbers[i]! += numbers[i - 1]!;
  return numbers;
}
