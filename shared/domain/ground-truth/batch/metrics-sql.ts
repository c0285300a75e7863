import { scoreBins } from '../aggregates.ts';
import { type BatchModel, typesRelation } from './batch-model.ts';
import { listSums, listsSql, pointOfDay } from './lists-sql.ts';
import { textLiteral } from './sql-text.ts';

export type MetricsScope = {
  /** Name of the table of joined rows. */
  readonly joined: string;
  readonly models: readonly BatchModel[];
  /** `2026-01-31`, the partition. */
  readonly date: string;
  /** How long after the end of the date events were taken in; models that need longer are left to the stream's join. */
  readonly settledMinutes: number;
};

/** Keeps the log loss of a certain but wrong score finite; the same as in `loss.ts`. */
const clip = '1e-15';

const probability = `least(1e0 - ${clip}, greatest(${clip}, score))`;

/** Sums by origin of the label; the names are those of `BinaryPerformance` and `RegressionPerformance`. */
const sums = {
  n: 'count(used_label)',
  positives: 'sum(CASE WHEN used_label = 1e0 THEN 1 ELSE 0 END)',
  sum_score: 'sum(score)',
  sum_log_loss: 'sum(log_loss)',
  sum_squared_error: 'sum(error * error)',
  correct: 'sum(CASE WHEN (score >= 5e-1) = (used_label = 1e0) THEN 1 ELSE 0 END)',
  sum_error: 'sum(error)',
  sum_absolute_error: 'sum(abs(error))',
  sum_label: 'sum(used_label)',
  sum_squared_label: 'sum(used_label * used_label)',
} as const;

type SumName = keyof typeof sums;
export const sumNames = Object.keys(sums) as readonly SumName[];
const histograms = ['positive_scores', 'negative_scores'] as const;
export const origins = ['recorded', 'imputed'] as const;

/**
 * Query of one row per (model, versions, kind): everything about a date, as JSON arrays that are parallel to `points`, the
 * five-minute points of the day (0 to 287) that have predictions, ascending. `versions` is `<version>`,
 * `<version>~<outcome type>` or `<version>@<segment>`. The sums are those of the stream's layer, the rows without a record
 * of an imputed type apart (`imputed_…`).
 */
export function metricsSql({ joined, models, date, settledMinutes }: MetricsScope): string {
  const rows = `${joined} AS j
  JOIN types AS t ON t.model_id = j.model_id AND t.outcome_type = j.outcome_type
  WHERE j."date" = ${textLiteral(date)} AND t.settle_minutes <= ${Math.floor(settledMinutes)}`;
  return `WITH ${typesRelation(models)},
day_rows AS (
  SELECT j.model_id, j.model_version, j.outcome_type, t.is_primary, t.kind, j.segments, j.in_sample, j.is_first,
    j.sampling_ratio, j.score, ${pointOfDay} AS point,
    CASE WHEN j.status = 'attributed' THEN 'recorded' ELSE 'imputed' END AS origin,
    CASE WHEN j.item_id IS NOT NULL THEN NULL WHEN j.status = 'attributed' THEN j.label ELSE t.imputed_label END AS used_label,
    CASE WHEN j.is_first THEN date_diff('millisecond', j.predicted_at, j.first_arrived_at) / 6e4 END AS delay_minutes
  FROM ${rows}
),
measured AS (
  SELECT day_rows.*, score - used_label AS error,
    CASE WHEN kind = 'binary' AND used_label IS NOT NULL
      THEN least(${scoreBins - 1}, CAST(floor(score * ${scoreBins}) AS INTEGER)) END AS score_bin,
    CASE WHEN kind <> 'binary' THEN NULL WHEN used_label = 1e0 THEN -ln(${probability}) ELSE -ln(1e0 - ${probability}) END AS log_loss,
    CASE WHEN delay_minutes >= 1e0 THEN 1 + CAST(floor(4e0 * log2(delay_minutes)) AS INTEGER)
      WHEN delay_minutes IS NOT NULL THEN 0 END AS near_delay_bin
  FROM day_rows
),
counted AS (
  SELECT measured.*,
    CASE WHEN near_delay_bin = 0 THEN 0
      WHEN power(2e0, near_delay_bin / 4e0) <= delay_minutes THEN near_delay_bin + 1
      WHEN power(2e0, (near_delay_bin - 1) / 4e0) > delay_minutes THEN near_delay_bin - 1
      ELSE near_delay_bin END AS delay_bin
  FROM measured
),
cells AS (
  SELECT CASE WHEN is_primary THEN CAST(model_version AS VARCHAR)
    ELSE concat(CAST(model_version AS VARCHAR), '~', outcome_type) END AS versions, counted.*
  FROM counted
  WHERE in_sample
  UNION ALL
  SELECT concat(CAST(model_version AS VARCHAR), '@', s.segment) AS versions, counted.*
  FROM counted
  CROSS JOIN UNNEST(regexp_extract_all(segments, '"([^"]+)"', 1)) AS s (segment)
  WHERE is_primary AND segments IS NOT NULL
),
points AS (
  SELECT model_id, versions, kind, point,
    count(*) FILTER (WHERE is_first) AS predictions,
    sum(CASE WHEN is_first AND in_sample THEN 1e0 / sampling_ratio ELSE 0e0 END) AS served,
    histogram(delay_bin) AS delays,
    ${origins.flatMap(pointMeasures).join(',\n    ')}
  FROM cells
  GROUP BY model_id, versions, kind, point
),
${listsSql(rows)},
points_with_lists AS (
  SELECT p.*, ${Object.keys(listSums)
    .map((name) => `r.${name}`)
    .join(', ')}
  FROM points AS p
  LEFT JOIN list_points AS r ON r.model_id = p.model_id AND r.versions = p.versions AND r.point = p.point
)
SELECT model_id, versions, kind,
  ${['point', 'predictions', 'served', 'delays', ...origins.flatMap(measureNames), ...Object.keys(listSums)].map(asArray).join(',\n  ')}
FROM points_with_lists
GROUP BY model_id, versions, kind`;
}

function measureNames(origin: string): readonly string[] {
  return [...sumNames, ...histograms].map((name) => `${origin}_${name}`);
}

function pointMeasures(origin: string): readonly string[] {
  const where = `FILTER (WHERE origin = ${textLiteral(origin)} AND used_label IS NOT NULL)`;
  const bins = (condition: string) =>
    `histogram(score_bin) FILTER (WHERE origin = ${textLiteral(origin)} AND ${condition})`;
  return [
    ...sumNames.map((name) => `${sums[name]} ${where} AS ${origin}_${name}`),
    `${bins('used_label = 1e0')} AS ${origin}_positive_scores`,
    `${bins('used_label <> 1e0')} AS ${origin}_negative_scores`,
  ];
}

function asArray(name: string): string {
  return `json_format(CAST(array_agg(${name} ORDER BY point) AS JSON)) AS ${name === 'point' ? 'points' : name}`;
}
