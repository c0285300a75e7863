import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildColumns } from '../../../shared/domain/graph/snapshot/build-columns.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../shared/domain/graph/snapshot/snapshot-codec.ts';
import { graphHistories } from './graph-histories.ts';

const histories = graphHistories(['consumes', 'versionOf', 'aliasOf']);
const saidIn = (history: Parameters<Parameters<typeof histories.map>[0]>[0]) => [
  ...new Map(history.filter((happening) => happening !== 'compact')),
];

describe('a snapshot', () => {
  it('is read as it was written, whatever the order of what it was made from', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const columns = buildColumns(7, saidIn(history));
        const bytes = encodeSnapshot(columns);
        expect(decodeSnapshot(bytes)).toEqual(columns);
        expect(Buffer.compare(encodeSnapshot(buildColumns(7, saidIn(history).toReversed())), bytes)).toBe(0);
      }),
    );
  });

  it('is refused when a byte differs, when it is cut, and in another version', () => {
    const [history] = fc.sample(histories, { numRuns: 1, seed: 3 });
    const bytes = encodeSnapshot(buildColumns(7, saidIn(history!)));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at]! ^= flip;
        expect(() => decodeSnapshot(damaged)).toThrow(Error);
        expect(() => decodeSnapshot(bytes.subarray(0, at))).toThrow(Error);
      }),
    );
    const next = Uint8Array.from(bytes);
    next[4] = 2;
    expect(() => decodeSnapshot(next)).toThrow('received version 2, expected 1');
  });
});
