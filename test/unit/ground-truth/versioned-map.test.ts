import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VersionedMap } from '../../../shared/domain/ground-truth/versioned-map.ts';

const anyChange = fc.record({
  // Of which version so far, so that some have several successors.
  of: fc.nat(),
  changed: fc.array(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.nat()), { maxLength: 6 }),
});

describe('versions of a map', () => {
  it('stay as they were, whichever is asked and in whatever order', () => {
    const law = fc.property(
      fc.array(anyChange, { minLength: 1, maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      (all, asked) => {
        const versions = [{ map: new VersionedMap<number>(), copy: new Map<string, number>() }];
        for (const { of, changed } of all) {
          const { map, copy } = versions[of % versions.length]!;
          const top = new Map(changed);
          const befores = [...top.keys()].map((key) => copy.get(key));
          versions.push({ map: map.with(top, befores), copy: new Map([...copy, ...top]) });
          const one = versions[asked.next().value % versions.length]!;
          expect(one.map.size).toBe(one.copy.size);
          for (const key of 'abcdefgh') expect(one.map.get(key)).toBe(one.copy.get(key));
          expect([...one.map.values()].sort()).toEqual([...one.copy.values()].sort());
        }
      },
    );
    fc.assert(law, { numRuns: 200 });
  });
});
