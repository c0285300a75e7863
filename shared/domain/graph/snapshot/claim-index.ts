import { countingSort } from '../../counting-sort.ts';
import type { EdgeClaim } from '../contribution.ts';
import { edgeTypes, isEdgeType } from '../edge-types.ts';
import { type GraphColumns, noEnd } from './graph-columns.ts';
import { textAt } from './string-table.ts';

/** Bits of a claim's state. */
export const dependency = 1;
export const present = 2;
export const alias = 4;
/** It is an edge at all; a suppression is none, and neither is what its stream no longer says. */
export const edge = 8;

/** What is derived from the columns when they are loaded, so that a walk reads arrays one after the other. */
export type ClaimIndex = {
  readonly claimFrom: Uint32Array;
  /** Claims that lead to node `n`: `backClaim[backFirst[n]]` to before `backClaim[backFirst[n + 1]]`. */
  readonly backFirst: Int32Array;
  readonly backClaim: Int32Array;
  readonly backFrom: Uint32Array;
  /** By claim; 0 once its stream says something else. */
  readonly state: Uint8Array;
  /** The same by place in `backClaim`. */
  readonly backState: Uint8Array;
  readonly aliasClaims: readonly number[];
  /** Claims that suppress an edge. */
  readonly suppressions: readonly number[];
  /** Overrides that stand and are to end. */
  readonly expiring: readonly number[];
};

/** O(claims + nodes). */
export function indexClaims(columns: GraphColumns): ClaimIndex {
  const { claimFirst, claimTo, claimType, claimSaying, claimValidTo } = columns;
  const nodeCount = claimFirst.length - 1;
  const claimFrom = new Uint32Array(claimTo.length);
  for (let node = 0; node < nodeCount; node += 1) claimFrom.fill(node, claimFirst[node], claimFirst[node + 1]);
  const bits = bitsOfTypes(columns);
  const suppressing = sayingsWith(columns, 'suppresses');
  const ending = sayingsWith(columns, 'expiresAt');
  const state = new Uint8Array(claimType.length);
  const aliasClaims: number[] = [];
  const suppressions: number[] = [];
  const expiring: number[] = [];
  for (const [claim, type] of claimType.entries()) {
    if (suppressing.has(claimSaying[claim]!)) suppressions.push(claim);
    else state[claim] = bits[type]! | edge | (claimValidTo[claim] === noEnd ? present : 0);
    if ((state[claim]! & alias) !== 0) aliasClaims.push(claim);
    if (claimValidTo[claim] === noEnd && ending.has(claimSaying[claim]!)) expiring.push(claim);
  }
  const { order: backClaim, first: backFirst } = countingSort(nodeCount, claimTo);
  const backFrom = new Uint32Array(backClaim.length);
  const backState = new Uint8Array(backClaim.length);
  for (const [place, claim] of backClaim.entries()) {
    backFrom[place] = claimFrom[claim]!;
    backState[place] = state[claim]!;
  }
  return { claimFrom, backFirst, backClaim, backFrom, state, backState, aliasClaims, suppressions, expiring };
}

function sayingsWith({ sayings }: GraphColumns, field: 'suppresses' | 'expiresAt'): ReadonlySet<number> {
  // Whoever writes these words as evidence is found out by the parser.
  if (!sayings.bytes.includes(Buffer.from(field))) return new Set();
  const found = Array.from(sayings.ends, (_end, index) => index).filter((index) => {
    const said = JSON.parse(textAt(sayings, index)) as Partial<EdgeClaim>;
    return said[field] !== undefined;
  });
  return new Set(found);
}

function bitsOfTypes({ edgeTypes: names }: GraphColumns): readonly number[] {
  return Array.from(names.ends, (_end, index) => {
    const type = textAt(names, index);
    const isDependency = isEdgeType(type) && edgeTypes[type].isDependency;
    return (isDependency ? dependency : 0) | (type === 'aliasOf' ? alias : 0);
  });
}
