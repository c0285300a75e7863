import { nextExpiry } from '../../domain/graph/contribution.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import type { SearchedStream, StoredStreams } from '../../domain/graph/search/searched-stream.ts';
import { fnv1a } from '../../domain/ground-truth/fnv1a.ts';
import { type Column, decodeColumns, encodeColumns } from './segments/column-file.ts';
import { countBelow, firstWhere, textAt, textColumn } from './segments/text-column.ts';

const mentions = ['describing', 'relating'] as const;

/** As columns: by their ids, and by hashes of the URIs that they describe and that they have edges of. */
export function encodeStreams(streams: Iterable<SearchedStream>): Uint8Array {
  const sorted = [...streams].sort((a, b) => (a.streamId < b.streamId ? -1 : 1));
  const lines = sorted.map((stream) => Buffer.from(JSON.stringify(stream)));
  const ids = textColumn(sorted.map(({ streamId }) => streamId));
  const columns = new Map<string, Column>([
    ['json', Buffer.concat(lines)],
    ['jsonStarts', startsOf(lines.map(({ length }) => length))],
    ['ids.units', ids.units],
    ['ids.starts', ids.starts],
  ]);
  const urisOf = {
    describing: ({ entities }: SearchedStream) => entities.map(({ uri }) => uri),
    relating: ({ edges }: SearchedStream) => edges.flatMap(({ from, to }) => [from, to]),
  };
  for (const name of mentions)
    for (const [part, column] of Object.entries(hashIndex(sorted.map(urisOf[name]))))
      columns.set(`${name}.${part}`, column);
  const expiring = sorted.flatMap(({ edges }, i) => (nextExpiry(edges) === undefined ? [] : [i]));
  return encodeColumns(undefined, columns.set('expiring', Uint32Array.from(expiring)));
}

/** Each stream is made into an object when it is asked for. */
export function decodeStreams(data: Uint8Array): StoredStreams {
  const { bytes, wide, text } = decodeColumns(data);
  const [json, starts, ids] = [bytes('json'), wide('jsonStarts'), text('ids')];
  const streamAt = (i: number): SearchedStream => {
    const line = Buffer.from(json.buffer, json.byteOffset + starts[i]!, starts[i + 1]! - starts[i]!);
    // Written by `encodeStreams`.
    return JSON.parse(line.toString()) as SearchedStream;
  };
  const mentioning = (name: (typeof mentions)[number]) => {
    const [hashes, firsts, numbers] = [wide(`${name}.hashes`), wide(`${name}.starts`), wide(`${name}.streams`)];
    return (uri: EntityUri) => {
      const hash = fnv1a(uri);
      const i = firstWhere(hashes.length, (k) => hashes[k]! >= hash);
      return hashes[i] === hash ? Array.from(numbers.subarray(firsts[i], firsts[i + 1]), streamAt) : [];
    };
  };
  return {
    get(streamId) {
      const i = countBelow(ids, streamId);
      return i < ids.starts.length - 1 && textAt(ids, i) === streamId ? streamAt(i) : undefined;
    },
    describing: mentioning('describing'),
    relating: mentioning('relating'),
    expiring: () => Array.from(wide('expiring'), streamAt),
    *all() {
      for (let i = 0; i + 1 < starts.length; i += 1) yield streamAt(i);
    },
  };
}

/** URIs by their hashes in order: of hash `i` the streams are `streams[starts[i]]` to before `streams[starts[i + 1]]`. */
function hashIndex(urisOfStreams: readonly (readonly EntityUri[])[]) {
  const byHash = new Map<number, number[]>();
  for (const [i, uris] of urisOfStreams.entries())
    for (const hash of new Set(uris.map(fnv1a))) {
      const known = byHash.get(hash);
      if (known === undefined) byHash.set(hash, [i]);
      else known.push(i);
    }
  const sorted = [...byHash].sort(([a], [b]) => a - b);
  return {
    hashes: Uint32Array.from(sorted, ([hash]) => hash),
    starts: startsOf(sorted.map(([, streams]) => streams.length)),
    streams: Uint32Array.from(sorted.flatMap(([, streams]) => streams)),
  };
}

function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) starts[i + 1] = starts[i]! + length;
  return starts;
}
