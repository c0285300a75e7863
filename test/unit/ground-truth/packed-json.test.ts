import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packJson, unpackJson } from '../../../shared/domain/ground-truth/packed-json.ts';

const long = { counts: Object.fromEntries(Array.from({ length: 2_000 }, (_, bin) => [bin, bin % 7])) };

test.each([{ kind: 'short' }, long])('what was packed is unpacked as it was', (value) => {
  expect(unpackJson(packJson(value))).toEqual(value);
});

test('long JSON takes a third of its bytes at most', () => {
  expect(packJson(long).byteLength).toBeLessThan(JSON.stringify(long).length / 3);
});

test('what was deflated by former releases is read', () => {
  const bytes = Buffer.concat([Buffer.of(1), deflateRawSync(JSON.stringify(long))]);
  expect(unpackJson(bytes)).toEqual(long);
});

test('an unknown format is refused by name', () => {
  expect(() => unpackJson(Buffer.of(9))).toThrow('received format 9, expected 0, 1 or 2');
});
