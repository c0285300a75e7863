import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readNdjsonBody } from '../../../shared/runtime/ndjson-body.ts';

const limits = { maxBodyBytes: 1_000, maxUnpackedBytes: 50_000 };
const line = '{"entity":{"uri":"aip://dataset/dbt/a"}}\n';
const request = (bytes: Uint8Array, headers: Record<string, string> = {}) => ({
  headers: { 'content-type': 'application/x-ndjson', ...headers },
  bytes,
  body: '',
});
const read = (bytes: Uint8Array, headers?: Record<string, string>) => readNdjsonBody(request(bytes, headers), limits);

describe('a body of lines', () => {
  test.each(['application/x-ndjson', 'application/jsonl; charset=utf-8', 'application/NDJSON'])('may be %s', (type) => {
    const { packed, bytes } = read(Buffer.from(line), { 'content-type': type });
    expect(gunzipSync(packed).toString()).toBe(line);
    expect(bytes).toBe(line.length);
  });

  test('may be packed, and stays as it is', () => {
    const packed = gzipSync(line);
    expect(read(packed, { 'content-encoding': 'GZIP' })).toEqual({ packed, bytes: line.length });
  });

  test.each<[string, Uint8Array, Record<string, string>, object]>([
    ['JSON', Buffer.from('{}'), { 'content-type': 'application/json' }, { code: 'unsupported-content-type' }],
    ['of no type', Buffer.from(line), { 'content-type': '' }, { code: 'unsupported-content-type' }],
    ['packed otherwise', Buffer.from(line), { 'content-encoding': 'br' }, { code: 'unsupported-content-type' }],
    ['empty', Buffer.of(), {}, { code: 'empty-body' }],
    ['too large', Buffer.alloc(1_001), {}, { name: 'PayloadTooLarge' }],
    ['no gzip', Buffer.from(line), { 'content-encoding': 'gzip' }, { code: 'malformed-gzip' }],
    ['cut off', gzipSync(line).subarray(0, 20), { 'content-encoding': 'gzip' }, { code: 'malformed-gzip' }],
    ['a bomb', gzipSync(Buffer.alloc(100_000)), { 'content-encoding': 'gzip' }, { name: 'PayloadTooLarge' }],
  ])('is refused when it is %s', (_what, bytes, headers, problem) => {
    expect(() => read(bytes, headers)).toThrow(expect.objectContaining(problem));
  });
});
