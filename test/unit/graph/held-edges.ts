import { type Contribution, holdsAt } from '../../../shared/domain/graph/contribution.ts';
import { minute } from './histories.ts';

/** Edges that hold at a minute, without the constant part of the URIs. */
export function edges({ claims }: Contribution, at?: number): readonly string[] {
  const short = (uri: string) => uri.replace('aip://', '').replace('/registry', '');
  return claims
    .filter((claim) => holdsAt(claim, at === undefined ? undefined : minute(at)))
    .map(({ from, type, to }) => `${short(from)} ${type} ${short(to)}`)
    .toSorted();
}
