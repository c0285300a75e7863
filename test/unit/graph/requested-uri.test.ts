import { describe, expect, test } from 'vitest';
import { requestedUri } from '../../../shared/domain/graph/requested-uri.ts';

const person = 'aip://person/registry/ada%40example.com';
const nested = 'aip://dataset/openlineage/s3%3A/bucket/a%2Bb';

describe('the entity that a path names', () => {
  test.each([person, nested, 'aip://model/registry/late-basic'])('is %s however often a gateway decoded it', (uri) => {
    const once = encodeURIComponent(uri);
    expect(requestedUri(uri)).toBe(uri);
    expect(requestedUri(once)).toBe(uri);
    expect(requestedUri(decodeURIComponent(uri))).toBe(uri);
    expect(requestedUri('-', uri)).toBe(uri);
  });

  test('is the one that is meant literally, when a percent sign belongs to its name', () => {
    expect(requestedUri('aip://dataset/files/100%25')).toBe('aip://dataset/files/100%25');
    expect(requestedUri('aip://dataset/files/a%2540b')).toBe('aip://dataset/files/a%2540b');
  });

  test.each([
    ['no-uri', undefined],
    ['-', undefined],
    ['aip://model/registry/a', 'aip://model/registry/a'],
    ['aip://unheard-of/registry/a', undefined],
    ['aip://model/Registry/a', undefined],
    ['aip://model/registry/', undefined],
    ['aip://model/registry/\ud800', undefined],
    ['aip%3A%2F%2Fmodel%2Fregistry%2F%zz', undefined],
    ['-', '<script>'],
    [`aip://model/registry/${'a'.repeat(1_000)}`, undefined],
  ])('is none for %j with %j', (segment, query) => {
    expect(() => requestedUri(segment, query)).toThrow(
      expect.objectContaining({ name: 'InvalidRequest', code: 'invalid-entity-uri' }),
    );
  });
});
