import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEntityRef } from '../../../../shared/domain/graph/entity-ref.ts';
import { canonicalDataset } from '../../../../shared/domain/graph/openlineage/canonical-name.ts';
import { parseEventTime } from '../../../../shared/domain/graph/openlineage/event-time.ts';
import { datasetKey, ownerUri, uriOfKey } from '../../../../shared/domain/graph/openlineage/node-key.ts';

describe('a dataset’s canonical name', () => {
  test.each([
    ['postgres://DB.example.com/', 'shop.public.orders', 'postgres://db.example.com:5432', 'shop.public.orders'],
    ['postgresql://db:5432', 'shop.public.orders', 'postgres://db:5432', 'shop.public.orders'],
    ['postgres://ada:secret@db:6543', 't', 'postgres://db:6543', 't'],
    ['mysql://db', 'shop.orders', 'mysql://db:3306', 'shop.orders'],
    ['kafka://b1:9093,B2', 'clicks', 'kafka://b1:9093,b2:9092', 'clicks'],
    ['s3a://Bucket/', '/raw/day=1/', 's3://bucket', 'raw/day=1'],
    ['abfss://Container@acct.dfs.core.windows.net', '/x', 'abfss://container@acct.dfs.core.windows.net', 'x'],
    ['hdfs://nn:8020/', '/user/x/', 'hdfs://nn:8020', '/user/x'],
    ['file', '/tmp/rows', 'file', '/tmp/rows'],
    ['file', '/', 'file', '/'],
    ['arn:aws:glue:eu-west-1:123', 'table/db/t', 'arn:aws:glue:eu-west-1:123', 'table/db/t'],
    ['bigquery', 'Project.set.Table', 'bigquery', 'Project.set.Table'],
    ['food_delivery', 'public.orders', 'food_delivery', 'public.orders'],
  ])('of %s %s is %s %s', (namespace, name, canonicalNamespace, canonicalName) => {
    expect(canonicalDataset({ namespace, name })).toEqual({ namespace: canonicalNamespace, name: canonicalName });
  });

  test('is its own canonical name, and always makes a URI', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 400 })
      .filter((name) => /^[^\p{Cc}\p{Cs}]+$/u.test(name) && name.trim() !== '');
    fc.assert(
      fc.property(text, text, (namespace, name) => {
        const once = canonicalDataset({ namespace, name });
        expect(canonicalDataset(once)).toEqual(once);
        const uri = uriOfKey(datasetKey(once));
        expect(parseEntityRef(uri)).toMatchObject({ type: 'dataset', platform: 'openlineage' });
        expect(uri.length).toBeLessThanOrEqual(850);
      }),
      { seed: 46 },
    );
  });
});

test.each([
  ['team:ranking', 'aip://team/registry/ranking'],
  ['user:ada', 'aip://person/registry/ada'],
  ['application:loader', 'aip://service/registry/loader'],
  ['ada@example.com', 'aip://person/registry/ada%40example.com'],
  ['data platform', 'aip://team/registry/data%20platform'],
  ['constructor:x', 'aip://team/registry/constructor%3Ax'],
])('the owner %s is %s', (owner, uri) => {
  expect(ownerUri(owner)).toBe(uri);
});

describe('the time of an event', () => {
  test.each([
    ['2020-12-28T19:52:00.001+10:00', '2020-12-28T09:52:00.001000000Z'],
    ['2020-12-28T19:51:01.641499', '2020-12-28T19:51:01.641499000Z'],
    ['2020-12-28T19:51:01.641499123Z', '2020-12-28T19:51:01.641499123Z'],
    ['2026-11-20T23:16:34.167927+00:00', '2026-11-20T23:16:34.167927000Z'],
    ['2020-02-22T22:42:42Z[UTC]', '2020-02-22T22:42:42.000000000Z'],
    ['2020-02-22T22:42', '2020-02-22T22:42:00.000000000Z'],
    ['2020-02-22T22:42:42-0330', '2020-02-23T02:12:42.000000000Z'],
  ])('%s is %s', (written, parsed) => {
    expect(parseEventTime(written)).toBe(parsed);
  });

  test.each(['', 'yesterday', '2020-13-01T00:00:00Z', '20-01-01T00:00:00Z', 'any-string', '1577836800'])(
    '%j is none',
    (written) => {
      expect(parseEventTime(written)).toBeUndefined();
    },
  );
});
