import type { FieldProblem } from '../errors.ts';
import type { Feature } from '../registry/schemas.ts';
import type { Instant } from '../time.ts';
import { problem } from './field-problem.ts';
import { property } from './named-ids.ts';
import type { SageMakerMapping } from './sagemaker-mapping.ts';
import { type PayloadRow, payloadRows } from './sagemaker-payload.ts';

/** Records as their writer would have sent them, to be checked like any other, or why there are none. */
export type SageMakerRecords =
  | { readonly ok: true; readonly records: readonly object[] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

export type CapturedBy = {
  readonly modelId: string;
  readonly modelVersion: number;
  readonly features: readonly Feature[];
  readonly mapping: SageMakerMapping;
};

/**
 * Predictions of a line of data capture (event version 0). A line may hold many rows; the id is `inferenceId`, else
 * `eventId`, with `-<row>` behind it where there are several. Parsed tolerantly: what is not asked for may be anything.
 */
export function capturedPredictions(line: unknown, by: CapturedBy): SageMakerRecords {
  const data = property(line, 'captureData');
  const input = payloadRows(property(data, 'endpointInput'), '/captureData/endpointInput');
  const output = payloadRows(property(data, 'endpointOutput'), '/captureData/endpointOutput');
  if (!input.ok) return input;
  if (!output.ok) return output;
  const scored = rowsOut(output.rows, input.rows.length);
  if (input.rows.length !== scored.length) {
    const reason = `${scored.length} rows came out of ${input.rows.length}`;
    return { ok: false, problems: [problem('/captureData/endpointOutput', 'row-count', reason)] };
  }
  const ids = idsOf(line, input.rows.length);
  const predictedAt = property(property(line, 'eventMetadata'), 'inferenceTime');
  const records: object[] = [];
  for (const [i, row] of input.rows.entries()) {
    const features = featuresOfRow(row, by);
    if ('problems' in features) return { ok: false, problems: features.problems };
    const score = scoreOf(scored[i], by.mapping);
    const { modelId, modelVersion } = by;
    records.push({ predictionId: ids[i], modelId, modelVersion, predictedAt, features: features.values, score });
  }
  return { ok: true, records };
}

/** Outcomes of a line of ground truth; its `eventId` is the capture's `inferenceId` where that had one. */
export function labelledOutcomes(line: unknown, modelId: string, observedAt: Instant): SageMakerRecords {
  const labels = payloadRows(property(line, 'groundTruthData'), '/groundTruthData');
  if (!labels.ok) return labels;
  const ids = idsOf(line, labels.rows.length);
  const records = labels.rows.map((row, i) => ({
    predictionId: ids[i],
    modelId,
    observedAt,
    label: numberOf(Array.isArray(row) ? row[0] : row),
  }));
  return { ok: true, records };
}

/** Several scores on one line, or in one list, are those of as many rows: SageMaker's own algorithms write them so. */
function rowsOut(rows: readonly PayloadRow[], expected: number): readonly PayloadRow[] {
  const [only] = rows;
  return rows.length === 1 && expected > 1 && Array.isArray(only) && only.length === expected ? only : rows;
}

function idsOf(line: unknown, rows: number): readonly unknown[] {
  const metadata = property(line, 'eventMetadata');
  const id = property(metadata, 'inferenceId') ?? property(metadata, 'eventId');
  return rows === 1 || typeof id !== 'string'
    ? Array(rows).fill(id)
    : Array.from({ length: rows }, (_, i) => `${id}-${i}`);
}

type Features = { readonly values: Readonly<Record<string, unknown>> } | { readonly problems: readonly FieldProblem[] };

function featuresOfRow(row: PayloadRow, { features, mapping }: CapturedBy): Features {
  const isObject = typeof row === 'object' && row !== null && !Array.isArray(row);
  if (isObject) return { values: row as Readonly<Record<string, unknown>> };
  const cells: readonly unknown[] = Array.isArray(row) ? row : [row];
  const columns = mapping.columns ?? features.map(({ name }) => name);
  if (cells.length !== columns.length) {
    const reason = `${cells.length} columns, expected ${columns.length}`;
    return { problems: [problem('/captureData/endpointInput/data', 'column-count', reason)] };
  }
  const typeByName = new Map(features.map(({ name, type }) => [name, type]));
  const named = columns.flatMap((name, i) =>
    name === '' ? [] : [[name, featureValue(cells[i], typeByName.get(name))] as const],
  );
  return { values: Object.fromEntries(named) };
}

/** Text of CSV as the feature's type has it; an empty cell is a missing value. */
function featureValue(cell: unknown, type: Feature['type'] | undefined): unknown {
  if (cell === '' || cell === null || cell === undefined) return null;
  if (type === 'categorical') return typeof cell === 'number' ? String(cell) : cell;
  return numberOf(cell);
}

function scoreOf(row: PayloadRow, { score }: SageMakerMapping): unknown {
  if (Array.isArray(row)) return numberOf(row[typeof score === 'number' ? score : 0]);
  if (typeof row !== 'object' || row === null) return numberOf(row);
  return numberOf(property(row, typeof score === 'string' ? score : 'score'));
}

/** What is no number stays as it is, so that the check of the record names it. */
function numberOf(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}
