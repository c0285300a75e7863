import type { Instant } from '../../time.ts';
import type { EdgeClaim } from '../contribution.ts';
import type { EdgeType } from '../edge-types.ts';
import type { Entity } from '../entities.ts';
import { type EntityUri, parseEntityRef } from '../entity-ref.ts';
import type { Direction } from '../walk.ts';
import { dependency, edge, indexClaims, present } from './claim-index.ts';
import { type GraphColumns, noEnd } from './graph-columns.ts';
import { indexStreams, type StreamIndex } from './stream-index.ts';
import { countBelow, indexOfText, textAt } from './string-table.ts';

/** The columns as they are asked; what a stream says can be taken out of them and nothing put in. */
export interface BaseGraph {
  readonly nodeCount: number;
  readonly streamCount: number;
  nodeOf(uri: EntityUri): number | undefined;
  uriOf(node: number): EntityUri;
  streamIdOf(stream: number): string;
  /** Undefined of a stream that says nothing here, or was taken out. */
  streamOf(streamId: string): number | undefined;
  isTakenOut(stream: number): boolean;
  takeOut(stream: number): void;
  /** Whether any stream that is still here describes or names it. */
  isSaid(node: number): boolean;
  /** Visits the other ends of the node's dependencies that hold at `asOf`. */
  each(asOf: Instant | undefined, direction: Direction): (node: number, visit: (next: number) => void) => void;
  aliases(asOf: Instant | undefined): Iterable<readonly [number, number]>;
  /** Without suppressions; these suppress nothing yet. */
  claims(node: number, direction: Direction): Iterable<EdgeClaim>;
  suppressions(): readonly EdgeClaim[];
  /** Streams with overrides that stand and are to end; some several times. */
  expiringStreams(): readonly number[];
  entities(node: number): Iterable<readonly [streamId: string, Entity]>;
  claimsOfStream(stream: number): readonly EdgeClaim[];
  entitiesOfStream(stream: number): readonly Entity[];
}

type Saying = Omit<EdgeClaim, 'from' | 'to' | 'type' | 'validFrom' | 'validTo'>;

export function createBaseGraph(columns: GraphColumns): BaseGraph {
  const { uris, streams, claimFirst, claimTo, claimStream, claimValidFrom, claimValidTo } = columns;
  const { entityFirst, entityStream } = columns;
  const { claimFrom, backFirst, backClaim, backFrom, state, backState, aliasClaims, suppressions, expiring } =
    indexClaims(columns);
  const isTakenOut = new Uint8Array(streams.ends.length);
  const edgeTypeNames = Array.from(
    columns.edgeTypes.ends,
    (_end, index) => textAt(columns.edgeTypes, index) as EdgeType,
  );
  const sayings = new Map<number, Saying>();
  let byStream: StreamIndex | undefined;
  let placeOf: Uint32Array | undefined;

  const streamIndex = () => (byStream ??= indexStreams(columns));
  const uriOf = (node: number) => textAt(uris, node);

  function places(): Uint32Array {
    if (placeOf !== undefined) return placeOf;
    placeOf = new Uint32Array(backClaim.length);
    for (const [place, claim] of backClaim.entries()) placeOf[claim] = place;
    return placeOf;
  }

  function sayingOf(claim: number): Saying {
    const number = columns.claimSaying[claim]!;
    const known = sayings.get(number);
    if (known !== undefined) return known;
    const said = JSON.parse(textAt(columns.sayings, number)) as Saying;
    sayings.set(number, said);
    return said;
  }

  function claimAt(claim: number): EdgeClaim {
    const validTo = claimValidTo[claim]!;
    return {
      from: uriOf(claimFrom[claim]!),
      type: edgeTypeNames[columns.claimType[claim]!]!,
      to: uriOf(claimTo[claim]!),
      ...sayingOf(claim),
      validFrom: textAt(columns.instants, claimValidFrom[claim]!),
      ...(validTo !== noEnd && { validTo: textAt(columns.instants, validTo) }),
    };
  }

  function entityAt(node: number, position: number): Entity {
    const uri = uriOf(node);
    const said = JSON.parse(textAt(columns.descriptions, columns.entityDescription[position]!));
    return { uri, type: parseEntityRef(uri).type, ...said };
  }

  /** Instants up to `asOf` have smaller numbers than this, later ones do not. */
  const momentOf = (asOf: Instant) => countBelow(columns.instants, `${asOf} `);

  function eachPresent(first: ArrayLike<number>, ends: Uint32Array, states: Uint8Array) {
    const wanted = edge | dependency | present;
    return (node: number, visit: (next: number) => void) => {
      const last = first[node + 1]!;
      for (let i = first[node]!; i < last; i += 1) if (states[i] === wanted) visit(ends[i]!);
    };
  }

  function holdsAt(claim: number, moment: number): boolean {
    return claimValidFrom[claim]! < moment && claimValidTo[claim]! >= moment;
  }

  function eachAt(moment: number, direction: Direction) {
    const [first, ends, states] =
      direction === 'upstream' ? [claimFirst, claimTo, state] : [backFirst, backFrom, backState];
    return (node: number, visit: (next: number) => void) => {
      const last = first[node + 1]!;
      for (let i = first[node]!; i < last; i += 1)
        if ((states[i]! & dependency) !== 0 && holdsAt(direction === 'upstream' ? i : backClaim[i]!, moment))
          visit(ends[i]!);
    };
  }

  return {
    nodeCount: uris.ends.length,
    streamCount: streams.ends.length,
    nodeOf: (uri) => indexOfText(uris, uri),
    uriOf,
    streamIdOf: (stream) => textAt(streams, stream),
    streamOf(streamId) {
      const stream = indexOfText(streams, streamId);
      return stream === undefined || isTakenOut[stream] === 1 ? undefined : stream;
    },
    isTakenOut: (stream) => isTakenOut[stream] === 1,
    takeOut(stream) {
      isTakenOut[stream] = 1;
      for (const claim of streamIndex().claimsOf(stream)) {
        state[claim] = 0;
        backState[places()[claim]!] = 0;
      }
    },
    isSaid(node) {
      for (let i = entityFirst[node]!; i < entityFirst[node + 1]!; i += 1)
        if (!isTakenOut[entityStream[i]!]) return true;
      return (
        state.subarray(claimFirst[node], claimFirst[node + 1]).some((bits) => bits !== 0) ||
        backState.subarray(backFirst[node], backFirst[node + 1]).some((bits) => bits !== 0)
      );
    },
    each(asOf, direction) {
      if (asOf !== undefined) return eachAt(momentOf(asOf), direction);
      return direction === 'upstream'
        ? eachPresent(claimFirst, claimTo, state)
        : eachPresent(backFirst, backFrom, backState);
    },
    *aliases(asOf) {
      const moment = asOf === undefined ? undefined : momentOf(asOf);
      for (const claim of aliasClaims) {
        const isHeld = moment === undefined ? (state[claim]! & present) !== 0 : holdsAt(claim, moment);
        if (state[claim] !== 0 && isHeld) yield [claimFrom[claim]!, claimTo[claim]!];
      }
    },
    suppressions: () =>
      suppressions.filter((claim) => isTakenOut[claimStream[claim]!] === 0).map((claim) => claimAt(claim)),
    expiringStreams: () => expiring.map((claim) => claimStream[claim]!),
    *claims(node, direction) {
      const first = direction === 'upstream' ? claimFirst : backFirst;
      for (let i = first[node]!; i < first[node + 1]!; i += 1) {
        const claim = direction === 'upstream' ? i : backClaim[i]!;
        if (state[claim] !== 0) yield claimAt(claim);
      }
    },
    *entities(node) {
      for (let i = entityFirst[node]!; i < entityFirst[node + 1]!; i += 1) {
        const stream = entityStream[i]!;
        if (isTakenOut[stream] === 0) yield [textAt(streams, stream), entityAt(node, i)];
      }
    },
    claimsOfStream: (stream) => Array.from(streamIndex().claimsOf(stream), claimAt),
    entitiesOfStream: (stream) =>
      Array.from(streamIndex().entitiesOf(stream), (position) => entityAt(nodeOfRow(entityFirst, position), position)),
  };
}

/** The row in which the position is. O(log rows). */
function nodeOfRow(first: Uint32Array, position: number): number {
  let [low, high] = [0, first.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (first[middle + 1]! <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
