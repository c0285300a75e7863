import { countingSort } from '../../counting-sort.ts';
import type { Contribution, EdgeClaim } from '../contribution.ts';
import type { Entity } from '../entities.ts';
import { type GraphColumns, noEnd } from './graph-columns.ts';
import { createTextNumbers } from './text-numbers.ts';

type Contributions = Iterable<readonly [streamId: string, Contribution]>;

/** The same columns whatever the order of the contributions. Each stream at most once. O(n log n). */
export function buildColumns(change: number, contributions: Contributions): GraphColumns {
  const { texts, claims, entities } = numbered(contributions);
  const uris = texts.uris.sorted();
  const streams = texts.streams.sorted();
  const instants = texts.instants.sorted();
  const edgeTypes = texts.edgeTypes.sorted();
  const sayings = texts.sayings.sorted();
  const descriptions = texts.descriptions.sorted();
  const [from, to] = [ranks(claims.from, uris), ranks(claims.to, uris)];
  const [claimStream, saying] = [ranks(claims.stream, streams), ranks(claims.saying, sayings)];
  const validFrom = ranks(claims.validFrom, instants);
  const [node, entityStream] = [ranks(entities.node, uris), ranks(entities.stream, streams)];
  // Of one stream no two claims have the same ends, type and beginning, and no two entities the same URI.
  const byClaim = sortedBy([ranks(claims.type, edgeTypes), validFrom, to, claimStream, from]);
  const byEntity = sortedBy([entityStream, node]);
  const firstOf = (sorted: Uint32Array) => rowStarts(sorted, uris.rankOf.length);
  return {
    change,
    uris: uris.table,
    streams: streams.table,
    instants: instants.table,
    edgeTypes: edgeTypes.table,
    sayings: sayings.table,
    descriptions: descriptions.table,
    claimFirst: firstOf(ordered(from, byClaim)),
    claimTo: ordered(to, byClaim),
    claimType: Uint8Array.from(ordered(ranks(claims.type, edgeTypes), byClaim)),
    claimStream: ordered(claimStream, byClaim),
    claimSaying: ordered(saying, byClaim),
    claimValidFrom: ordered(validFrom, byClaim),
    claimValidTo: ordered(ranks(claims.validTo, instants), byClaim),
    entityFirst: firstOf(ordered(node, byEntity)),
    entityStream: ordered(entityStream, byEntity),
    entityDescription: ordered(ranks(entities.description, descriptions), byEntity),
  };
}

function numbered(contributions: Contributions) {
  const texts = {
    uris: createTextNumbers(),
    streams: createTextNumbers(),
    instants: createTextNumbers(),
    edgeTypes: createTextNumbers(),
    sayings: createTextNumbers(),
    descriptions: createTextNumbers(),
  };
  const claims = { from: none(), to: none(), type: none(), stream: none(), saying: none(), ...times() };
  const entities = { node: none(), stream: none(), description: none() };
  for (const [streamId, contribution] of contributions) {
    const stream = texts.streams.numberOf(streamId);
    for (const claim of contribution.claims) {
      claims.from.push(texts.uris.numberOf(claim.from));
      claims.to.push(texts.uris.numberOf(claim.to));
      claims.type.push(texts.edgeTypes.numberOf(claim.type));
      claims.stream.push(stream);
      claims.saying.push(texts.sayings.numberOf(sayingOf(claim)));
      claims.validFrom.push(texts.instants.numberOf(claim.validFrom));
      claims.validTo.push(claim.validTo === undefined ? noEnd : texts.instants.numberOf(claim.validTo));
    }
    for (const entity of contribution.entities) {
      entities.node.push(texts.uris.numberOf(entity.uri));
      entities.stream.push(stream);
      entities.description.push(texts.descriptions.numberOf(descriptionOf(entity)));
    }
  }
  return { texts, claims, entities };
}

const none = (): number[] => [];
const times = () => ({ validFrom: none(), validTo: none() });

function sayingOf({ from: _from, to: _to, type: _type, validFrom: _begin, validTo: _end, ...said }: EdgeClaim): string {
  return JSON.stringify(said);
}

function descriptionOf({ uri: _uri, type: _type, ...said }: Entity): string {
  return JSON.stringify(said);
}

function ranks(numbers: readonly number[], { rankOf }: { readonly rankOf: Uint32Array }): Uint32Array {
  return Uint32Array.from(numbers, (number) => (number === noEnd ? noEnd : rankOf[number]!));
}

/** Positions by the last key, then the one before it, and so on. */
function sortedBy(keys: readonly Uint32Array[]): Int32Array {
  let order: Int32Array | undefined;
  for (const key of keys)
    order = countingSort(key.reduce((most, each) => Math.max(most, each), 0) + 1, key, order).order;
  return order ?? new Int32Array();
}

function ordered(values: Uint32Array, order: Int32Array): Uint32Array {
  return Uint32Array.from(order, (position) => values[position]!);
}

function rowStarts(sorted: Uint32Array, rowCount: number): Uint32Array {
  return Uint32Array.from(countingSort(rowCount, sorted).first);
}
