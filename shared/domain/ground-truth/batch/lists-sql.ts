import { rankingDepth } from '../ranked-list.ts';
import { textLiteral } from './sql-text.ts';

/** Of a point, by their names in `Ranking`; null where it has no list. */
export const listSums = {
  lists: 'count(*)',
  judged_lists: 'count(relevant)',
  hits: 'sum(CASE WHEN found > 0 THEN 1 ELSE 0 END)',
  sum_ndcg: 'sum(gained / best)',
  sum_recall: 'sum(found / CAST(relevant AS DOUBLE))',
  sum_precision: `sum(found / ${rankingDepth}e0)`,
  sum_average_precision: `sum(precisions / least(${rankingDepth}, relevant))`,
  sum_reciprocal_rank: 'sum(CASE WHEN found > 0 THEN 1e0 / first_place ELSE 0e0 END)',
} as const;

/** The five-minute point of its day, 0 to 287, of a joined row `j`. */
export const pointOfDay =
  'CAST(floor((extract(HOUR FROM j.predicted_at) * 60 + extract(MINUTE FROM j.predicted_at)) / 5e0) AS INTEGER)';

const aboutItem = textLiteral(String.raw`"itemId":"((?:[^"\\]|\\.)*)"`);
/** As JSON writes it; ids have no control characters that anybody would miss. */
const itemAsJson = String.raw`replace(replace(d.item_id, '\', '\\'), '"', '\"')`;
const gain = "CASE WHEN l.kind = 'binary' THEN 1e0 ELSE power(2e0, least(1e2, d.label)) - 1e0 END";
const sameList = (left: string, right: string) =>
  `${left}.model_id = ${right}.model_id AND ${left}.prediction_id = ${right}.prediction_id AND ${left}.predicted_at = ${right}.predicted_at`;

/**
 * Common table expressions, the last of them `list_points`: the sums of `listSums` by model, versions and point. Each list
 * is judged as by `judgementOf`: by what stands of its items under the primary outcome type. `rows` is what follows `FROM`:
 * the joined rows `j` of a date with their types `t`. It is read again for lists and for items, so that an engine may skip
 * the rows that have none instead of keeping ids and lists of all rows at hand.
 */
export function listsSql(rows: string): string {
  return `lists AS (
  SELECT j.model_id, j.model_version, j.prediction_id, j.predicted_at, j.segments, j.in_sample, t.kind,
    ${pointOfDay} AS point, j.items
  FROM ${rows} AND t.is_primary AND j.is_first AND j.items IS NOT NULL
),
item_labels AS (
  SELECT j.model_id, j.prediction_id, j.predicted_at, j.item_id, j.label
  FROM ${rows} AND t.is_primary AND j.item_id IS NOT NULL AND j.label > 0e0
),
listed AS (
  SELECT l.model_id, l.prediction_id, l.predicted_at, i.item, min(i.place) AS place
  FROM lists AS l
  CROSS JOIN UNNEST(regexp_extract_all(l.items, ${aboutItem}, 1)) WITH ORDINALITY AS i (item, place)
  WHERE i.place <= ${rankingDepth}
  GROUP BY l.model_id, l.prediction_id, l.predicted_at, i.item
),
relevant_items AS (
  SELECT l.model_id, l.prediction_id, l.predicted_at, k.place, ${gain} AS gain,
    row_number() OVER (
      PARTITION BY l.model_id, l.prediction_id, l.predicted_at ORDER BY d.label DESC
    ) AS best_place,
    row_number() OVER (
      PARTITION BY l.model_id, l.prediction_id, l.predicted_at ORDER BY k.place NULLS LAST
    ) AS nth_found
  FROM lists AS l
  JOIN item_labels AS d ON ${sameList('d', 'l')}
  LEFT JOIN listed AS k ON ${sameList('k', 'l')} AND k.item = ${itemAsJson}
),
judged_lists AS (
  SELECT model_id, prediction_id, predicted_at, count(*) AS relevant, count(place) AS found, min(place) AS first_place,
    sum(CASE WHEN place IS NOT NULL THEN gain / log2(place + 1) ELSE 0e0 END) AS gained,
    sum(CASE WHEN best_place <= ${rankingDepth} THEN gain / log2(best_place + 1) ELSE 0e0 END) AS best,
    sum(CASE WHEN place IS NOT NULL THEN nth_found / CAST(place AS DOUBLE) ELSE 0e0 END) AS precisions
  FROM relevant_items
  GROUP BY model_id, prediction_id, predicted_at
),
list_figures AS (
  SELECT l.*, j.relevant, j.found, j.first_place, j.gained, j.best, j.precisions
  FROM lists AS l
  LEFT JOIN judged_lists AS j ON ${sameList('j', 'l')}
),
list_cells AS (
  SELECT CAST(model_version AS VARCHAR) AS versions, list_figures.*
  FROM list_figures
  WHERE in_sample
  UNION ALL
  SELECT concat(CAST(model_version AS VARCHAR), '@', s.segment) AS versions, list_figures.*
  FROM list_figures
  CROSS JOIN UNNEST(regexp_extract_all(segments, '"([^"]+)"', 1)) AS s (segment)
  WHERE segments IS NOT NULL
),
list_points AS (
  SELECT model_id, versions, point,
    ${Object.entries(listSums)
      .map(([name, sum]) => `${sum} AS ${name}`)
      .join(',\n    ')}
  FROM list_cells
  GROUP BY model_id, versions, point
)`;
}
