import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entityOf, featureUri, versionUri } from '../../../shared/domain/graph/entities.ts';
import { entityIdSchema, formatEntityRef, parseEntityRef } from '../../../shared/domain/graph/entity-ref.ts';
import { entityTypes } from '../../../shared/domain/graph/entity-types.ts';

const id = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((text) => entityIdSchema.safeParse(text).success);
const ref = fc.record({ type: fc.constantFrom(...entityTypes), platform: fc.constantFrom('registry', 'dbt-2'), id });

describe('an entity’s URI', () => {
  it('gives back what it was made of', () => {
    fc.assert(
      fc.property(ref, (each) => {
        expect(parseEntityRef(formatEntityRef(each))).toEqual(each);
      }),
    );
  });

  it('is one text for one entity', () => {
    fc.assert(
      fc.property(ref, ref, (a, b) => {
        const isSame = a.type === b.type && a.platform === b.platform && a.id === b.id;
        expect(formatEntityRef(a) === formatEntityRef(b)).toBe(isSame);
      }),
    );
  });

  it('keeps slashes readable and encodes the rest', () => {
    expect(formatEntityRef({ type: 'dataset', platform: 'registry', id: 'vega-datasets/flights 3m?' })).toBe(
      'aip://dataset/registry/vega-datasets/flights%203m%3F',
    );
  });

  it.each([
    '',
    'aip://',
    'aip://model/registry',
    'aip://model/registry/',
    'aip://planet/registry/mars',
    'aip://model/Registry/late',
    'http://model/registry/late',
    'aip://model/registry/late basic',
    'aip://model/registry/%6cate',
    'aip://model/registry/%',
    `aip://model/registry/${'a'.repeat(3_000)}`,
  ])('no other text is one: %#', (text) => {
    expect(() => parseEntityRef(text)).toThrow(expect.objectContaining({ code: 'invalid-entity-uri' }));
  });

  it('says the name of what it stands for', () => {
    expect(entityOf(versionUri('late-basic', 3)).name).toBe('late-basic v3');
    expect(entityOf(featureUri('flights', 'distance')).name).toBe('distance');
  });
});
