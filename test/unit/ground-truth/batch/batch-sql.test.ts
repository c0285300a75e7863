import { describe, expect, it } from 'vitest';
import {
  type BatchModel,
  longestWindowMinutes,
  typesRelation,
} from '../../../../shared/domain/ground-truth/batch/batch-model.ts';
import { joinSql } from '../../../../shared/domain/ground-truth/batch/join-sql.ts';
import { metricsSql } from '../../../../shared/domain/ground-truth/batch/metrics-sql.ts';
import { doubleLiteral, textLiteral, timestampLiteral } from '../../../../shared/domain/ground-truth/batch/sql-text.ts';
import { unportable } from './sql-rules.ts';

const click = {
  name: 'click',
  kind: 'binary',
  attributionWindowMinutes: 30,
  provenance: 'exact',
  imputedLabel: 0,
} as const;
const churn = { name: 'churn', kind: 'binary', attributionWindowMinutes: 20_160, provenance: 'proxy' } as const;
const models: readonly BatchModel[] = [
  {
    modelId: 'late-live',
    outcomeTypes: [click, churn],
    distrusted: [{ writer: "o'hare/serving", from: 0, to: 1_000 }],
  },
  { modelId: 'plain', outcomeTypes: [click], speedWindowMinutes: 15 },
];
const from = Date.parse('2026-01-31T00:00:00.000Z');
const scope = {
  tables: { predictions: 'raw_predictions', outcomes: 'raw_outcomes' },
  models,
  from,
  to: from + 86_400_000,
  cutoff: Date.parse('2026-02-04T01:00:00.000Z'),
};

describe('the SQL of the batch join', () => {
  it.each([
    ['join', joinSql(scope)],
    ['metrics', metricsSql({ joined: 'joined', models, date: '2026-01-31', settledMinutes: 1_440 })],
  ])('%s uses nothing but what Trino and DuckDB both have', (_, sql) => {
    expect(unportable(sql)).toEqual([]);
  });

  it.each([
    ["SELECT '1'::INTEGER", 'a cast by ::, which only DuckDB knows; CAST(… AS …) is both'],
    ['SELECT list_sum(x) FROM t', 'function list_sum is not reviewed'],
    ['SELECT x FROM t QUALIFY row_number() OVER (ORDER BY x) = 1', 'a word of DuckDB only'],
    ['SELECT 0.5 * x FROM t', 'a decimal; with an exponent it is a double in both'],
    ['SELECT 7 / 2', 'division of whole numbers, which truncates in Trino only'],
    ['SELECT 1; SELECT 2', 'more than one statement'],
    ['SELECT x[1] FROM t', 'a list in brackets, which Trino writes ARRAY[…]'],
  ])('is refused for %s', (sql, reason) => {
    expect(unportable(sql)).toContain(reason);
  });

  it('reads only the hours of arrival in which events of the day can be', () => {
    const hours = [...joinSql(scope).matchAll(/arrival BETWEEN '([^']+)' AND '([^']+)'/g)].map((match) =>
      match.slice(1),
    );
    expect(hours).toHaveLength(3);
    for (const [first, last] of hours) expect([first, last]).toEqual(['2026-01-30T23', '2026-02-04T00']);
  });

  it('reads no further than to the moment the day is sealed', () => {
    const late = joinSql({ ...scope, cutoff: from + 400 * 86_400_000 });
    const lasts = [...late.matchAll(/arrival BETWEEN '[^']+' AND '([^']+)'/g)].map((match) => match[1]);
    // 14 days of window and 7 of grace after the day; later predictions of the same id are made up to 14 days later.
    expect(lasts).toEqual(['2026-02-22T00', '2026-02-22T00', '2026-03-08T00']);
  });

  it('holds what a name contains inside the literal', () => {
    expect(textLiteral("x'; DROP")).toBe("'x''; DROP'");
    expect(joinSql(scope)).toContain(
      "o.writer = 'o''hare/serving' AND o.arrived_at >= TIMESTAMP '1970-01-01 00:00:00.000'",
    );
  });

  it('writes times and numbers as both engines read them', () => {
    expect(timestampLiteral(from + 1)).toBe("TIMESTAMP '2026-01-31 00:00:00.001'");
    expect(doubleLiteral(0.25)).toBe('2.5e-1');
    expect(() => doubleLiteral(Number.NaN)).toThrow('received NaN, expected a finite number');
  });

  it('says of every outcome type when it counts', () => {
    expect(longestWindowMinutes(models)).toBe(20_160);
    const seal = 60 + 20_160 + 7 * 1_440;
    expect(typesRelation(models)).toContain(
      `('late-live', 'churn', false, 'binary', 20160, ${seal}, 20160, 'proxy', CAST(NULL AS DOUBLE))`,
    );
    expect(typesRelation(models)).toContain(
      `('plain', 'click', true, 'binary', 30, ${60 + 30 + 7 * 1_440}, 15, 'exact', CAST(0e+0 AS DOUBLE))`,
    );
    expect(() => typesRelation([])).toThrow('received no model');
  });
});
