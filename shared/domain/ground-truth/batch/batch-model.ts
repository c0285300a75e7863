import { sealedAt } from '../attribution-window.ts';
import type { OutcomeType } from '../outcome-types.ts';
import { doubleLiteral, textLiteral } from './sql-text.ts';

/** Whose outcomes are not there, by arrival: from inclusive, to exclusive, milliseconds since the epoch. */
export type DistrustedWriter = { readonly writer: string; readonly from?: number; readonly to?: number };

/** What the batch join has to know of a model. */
export type BatchModel = {
  readonly modelId: string;
  /** At least one; the first is the primary one. */
  readonly outcomeTypes: readonly OutcomeType[];
  /** Later outcomes are not joined by the stream. @default the attribution windows */
  readonly speedWindowMinutes?: number;
  readonly distrusted?: readonly DistrustedWriter[];
};

/** Longest attribution window of all, in minutes; 0 of none. */
export function longestWindowMinutes(models: readonly BatchModel[]): number {
  return models.reduce((longest, { outcomeTypes }) => Math.max(longest, ...outcomeTypes.map(windowOf)), 0);
}

function windowOf({ attributionWindowMinutes }: OutcomeType): number {
  return attributionWindowMinutes;
}

/**
 * Rows `(model, type)` as a common table expression. `seal_minutes`: what arrives later than this after the hour of the
 * prediction began counts no more, as in the stream's join. `settle_minutes`: how long after a prediction the stream's
 * join may know more of the model than what has been joined here. Throws a RangeError without any model.
 */
export function typesRelation(models: readonly BatchModel[]): string {
  const rows = models.flatMap((model) => model.outcomeTypes.map((type, index) => typeRow(model, type, index)));
  if (rows.length === 0) throw new RangeError('received no model, expected at least one');
  return `types (model_id, outcome_type, is_primary, kind, window_minutes, seal_minutes, settle_minutes, provenance, imputed_label) AS (
  VALUES ${rows.join(', ')}
)`;
}

function typeRow(model: BatchModel, type: OutcomeType, index: number): string {
  const { name, kind, attributionWindowMinutes, provenance, imputedLabel } = type;
  const sealMinutes = sealedAt(0, longestWindowMinutes([model])) / 60_000;
  const cells = [
    textLiteral(model.modelId),
    textLiteral(name),
    String(index === 0),
    textLiteral(kind),
    attributionWindowMinutes,
    sealMinutes,
    Math.min(attributionWindowMinutes, model.speedWindowMinutes ?? attributionWindowMinutes),
    textLiteral(provenance),
    `CAST(${imputedLabel === undefined ? 'NULL' : doubleLiteral(imputedLabel)} AS DOUBLE)`,
  ];
  return `(${cells.join(', ')})`;
}
