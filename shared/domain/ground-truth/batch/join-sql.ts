import { hourMillis, minuteMillis } from '../../time.ts';
import { sealedAt } from '../attribution-window.ts';
import { type BatchModel, longestWindowMinutes, typesRelation } from './batch-model.ts';
import { arrivalHour, textLiteral, timestampLiteral } from './sql-text.ts';

/** Times in milliseconds since the epoch. */
export type JoinScope = {
  /** Names of the tables of raw predictions and raw outcomes. */
  readonly tables: { readonly predictions: string; readonly outcomes: string };
  readonly models: readonly BatchModel[];
  /** Of `predicted_at`: from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
  /** What arrived from then on is not there. On an hour, so that whole partitions are read. */
  readonly cutoff: number;
};

/** Clocks of producers may be ahead of ours, so an event may arrive in the hour before its own. */
const aheadMillis = hourMillis;

/**
 * Query whose rows are `joinedColumns`: every prediction of the scope once for each outcome type of its model, once more
 * for each further item that has an outcome. The rules are those of `join.ts`, stated over everything at once: of a
 * prediction id in an hour the first prediction by position; of an outcome type and item the outcome observed last, of
 * one moment the first by position; within the attribution window; arrived before the hour was sealed. An outcome that
 * does not say when its prediction was made goes to the newest hour that has the id and fits.
 * Trino (Athena) and DuckDB run the same text, see `docs/adr/0029-batch-join.md`.
 */
export function joinSql(scope: JoinScope): string {
  const { tables, models, from, to } = scope;
  const latest = to + longestWindowMinutes(models) * minuteMillis;
  const ofDay = `predicted_at >= ${timestampLiteral(from)} AND predicted_at < ${timestampLiteral(to)}`;
  return `WITH ${typesRelation(models)},
all_predictions AS (
  SELECT model_id, model_version, prediction_id, predicted_at, score, sampling_ratio, in_sample, segments, items, position
  FROM ${tables.predictions}
  WHERE ${arrived(scope, to)} AND ${ofDay}
),
predictions AS (
  SELECT model_id, model_version, prediction_id, predicted_at, score, sampling_ratio, in_sample, segments, items
  FROM (
    SELECT *, row_number() OVER (
      PARTITION BY model_id, prediction_id, date_trunc('hour', predicted_at) ORDER BY position
    ) AS nth
    FROM all_predictions
  ) AS numbered_predictions
  WHERE nth = 1
),
outcomes AS (
  SELECT o.model_id, o.prediction_id, o.outcome_type, o.item_id, o.predicted_at, o.observed_at, o.label,
    o.business_value, o.writer, o.arrived_at, o.position, t.window_minutes, t.seal_minutes
  FROM ${tables.outcomes} AS o
  JOIN types AS t ON t.model_id = o.model_id AND t.outcome_type = o.outcome_type
  WHERE ${arrived(scope, to, 'o.')}
    AND (o.predicted_at IS NULL OR (o.predicted_at >= ${timestampLiteral(hourOf(from))}
      AND o.predicted_at < ${timestampLiteral(hourOf(to - 1) + hourMillis)}))
    AND o.observed_at >= ${timestampLiteral(from)} AND o.observed_at <= ${timestampLiteral(latest)}${trusted(models)}
),
unnamed AS (
  SELECT * FROM outcomes WHERE predicted_at IS NULL
),
candidates AS (
  SELECT model_id, prediction_id, predicted_at
  FROM (
    SELECT p.model_id, p.prediction_id, p.predicted_at, row_number() OVER (
      PARTITION BY p.model_id, p.prediction_id, date_trunc('hour', p.predicted_at) ORDER BY p.position
    ) AS nth
    FROM ${tables.predictions} AS p
    JOIN (SELECT DISTINCT model_id, prediction_id FROM unnamed) AS u
      ON u.model_id = p.model_id AND u.prediction_id = p.prediction_id
    WHERE ${arrived(scope, latest, 'p.')}
      AND p.predicted_at >= ${timestampLiteral(from)} AND p.predicted_at <= ${timestampLiteral(latest)}
  ) AS numbered_candidates
  WHERE nth = 1
),
found AS (
  SELECT c.predicted_at AS found_at, u.*, row_number() OVER (
    PARTITION BY u.model_id, u.prediction_id, u.position ORDER BY c.predicted_at DESC
  ) AS nth
  FROM unnamed AS u
  JOIN candidates AS c ON c.model_id = u.model_id AND c.prediction_id = u.prediction_id AND ${fits('c', 'u')}
),
matched AS (
  SELECT p.predicted_at AS found_at, o.model_id, o.prediction_id, o.outcome_type, o.item_id, o.observed_at, o.label,
    o.business_value, o.writer, o.arrived_at, o.position
  FROM all_predictions AS p
  JOIN outcomes AS o ON o.model_id = p.model_id AND o.prediction_id = p.prediction_id
    AND date_trunc('hour', o.predicted_at) = date_trunc('hour', p.predicted_at) AND ${fits('p', 'o')}
  UNION ALL
  SELECT found_at, model_id, prediction_id, outcome_type, item_id, observed_at, label, business_value, writer,
    arrived_at, position
  FROM found
  WHERE nth = 1 AND found_at < ${timestampLiteral(to)}
),
truths AS (
  SELECT *, row_number() OVER (
    PARTITION BY model_id, prediction_id, found_at, outcome_type ORDER BY item_id NULLS FIRST
  ) AS nth_item
  FROM (
    SELECT *, row_number() OVER (
      PARTITION BY model_id, prediction_id, found_at, outcome_type, item_id ORDER BY observed_at DESC, position
    ) AS nth, min(arrived_at) OVER (
      PARTITION BY model_id, prediction_id, found_at, outcome_type
    ) AS first_arrived_at
    FROM matched
  ) AS numbered_truths
  WHERE nth = 1
)
SELECT p.model_id, p.model_version, p.prediction_id, p.predicted_at, p.score,
  coalesce(p.sampling_ratio, 1e0) AS sampling_ratio, coalesce(p.in_sample, true) AS in_sample, p.segments,
  t.outcome_type, r.item_id, r.observed_at, r.first_arrived_at, r.business_value, r.writer,
  CASE WHEN r.position IS NOT NULL THEN r.label WHEN ${isClosed(scope)} THEN t.imputed_label END AS label,
  CASE
    WHEN r.position IS NOT NULL THEN t.provenance
    WHEN ${isClosed(scope)} AND t.imputed_label IS NOT NULL THEN 'imputed'
  END AS provenance,
  CASE WHEN r.position IS NOT NULL THEN 'attributed' WHEN ${isClosed(scope)} THEN 'expired' ELSE 'pending' END AS status,
  coalesce(r.nth_item, 1) = 1 AS is_first,
  CASE WHEN t.is_primary AND coalesce(r.nth_item, 1) = 1 THEN p.items END AS items
FROM predictions AS p
JOIN types AS t ON t.model_id = p.model_id
LEFT JOIN truths AS r ON r.model_id = p.model_id AND r.prediction_id = p.prediction_id
  AND r.found_at = p.predicted_at AND r.outcome_type = t.outcome_type`;
}

const hourOf = (millis: number) => Math.floor(millis / hourMillis) * hourMillis;

/** Partitions and rows in which events of up to `latest` may have arrived. */
function arrived({ models, from, cutoff }: JoinScope, latest: number, of = ''): string {
  const first = textLiteral(arrivalHour(from - aheadMillis));
  const sealed = sealedAt(latest, longestWindowMinutes(models));
  const last = textLiteral(arrivalHour(Math.min(cutoff, sealed) - 1));
  return `${of}arrival BETWEEN ${first} AND ${last} AND ${of}arrived_at < ${timestampLiteral(cutoff)}`;
}

function trusted(models: readonly BatchModel[]): string {
  const conditions = models.flatMap(({ modelId, distrusted = [] }) =>
    distrusted.map(({ writer, from, to }) => {
      const since = from === undefined ? '' : ` AND o.arrived_at >= ${timestampLiteral(from)}`;
      const until = to === undefined ? '' : ` AND o.arrived_at < ${timestampLiteral(to)}`;
      return `\n    AND NOT (o.model_id = ${textLiteral(modelId)} AND o.writer = ${textLiteral(writer)}${since}${until})`;
    }),
  );
  return conditions.join('');
}

/** Of a prediction and an outcome: in the window, and arrived before the hour was sealed. */
function fits(prediction: string, outcome: string): string {
  const at = `${prediction}.predicted_at`;
  const minutes = (column: string) => `${outcome}.${column} * INTERVAL '1' MINUTE`;
  return `${outcome}.observed_at >= ${at} AND ${outcome}.observed_at <= ${at} + ${minutes('window_minutes')}
    AND ${outcome}.arrived_at < date_trunc('hour', ${at}) + ${minutes('seal_minutes')}`;
}

function isClosed({ cutoff }: JoinScope): string {
  return `p.predicted_at + t.window_minutes * INTERVAL '1' MINUTE < ${timestampLiteral(cutoff)}`;
}
