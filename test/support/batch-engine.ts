import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { trinoMacros } from '../../local/athena/trino-macros.ts';
import type { BatchModel } from '../../shared/domain/ground-truth/batch/batch-model.ts';
import { joinSql } from '../../shared/domain/ground-truth/batch/join-sql.ts';
import { type DayMetrics, dayMetricsOf } from '../../shared/domain/ground-truth/batch/metric-rows.ts';
import { metricsSql } from '../../shared/domain/ground-truth/batch/metrics-sql.ts';
import { arrivalHour } from '../../shared/domain/ground-truth/batch/sql-text.ts';
import type { Outcome, Prediction } from '../../shared/domain/ground-truth/records.ts';
import { dayMillis } from '../../shared/domain/time.ts';

/** Where and when a record of the stream arrived; `position` orders as text. */
type Arrival = { readonly arrivedAt: number; readonly position: string; readonly writer?: string };
export type RawPrediction = Prediction &
  Arrival & { readonly segments?: readonly string[]; readonly isInSample?: boolean };
export type RawOutcome = Outcome & Arrival;

export type JoinedRow = {
  readonly model_id: string;
  readonly prediction_id: string;
  readonly outcome_type: string;
  readonly item_id: string | null;
  readonly label: number | null;
  readonly score: number;
  readonly status: string;
  readonly provenance: string | null;
};

const predictionColumns = `model_id VARCHAR, prediction_id VARCHAR, model_version INTEGER, predicted_at TIMESTAMP, score DOUBLE,
  sampling_ratio DOUBLE, in_sample BOOLEAN, segments VARCHAR, items VARCHAR, writer VARCHAR, arrived_at TIMESTAMP, position VARCHAR, arrival VARCHAR`;
const outcomeColumns = `model_id VARCHAR, prediction_id VARCHAR, outcome_type VARCHAR, item_id VARCHAR, predicted_at TIMESTAMP,
  observed_at TIMESTAMP, label DOUBLE, business_value DOUBLE, writer VARCHAR, arrived_at TIMESTAMP, position VARCHAR, arrival VARCHAR`;

/** The batch join's own SQL on DuckDB in memory, as the embedded Athena runs it. */
export async function startBatchEngine() {
  const folder = mkdtempSync(join(tmpdir(), 'runway-batch-'));
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: folder, threads: '1' });
  const db = await instance.connect();
  for (const macro of trinoMacros) await db.run(macro);

  async function load(
    models: readonly BatchModel[],
    raw: { predictions: readonly RawPrediction[]; outcomes: readonly RawOutcome[] },
  ) {
    await db.run(`CREATE OR REPLACE TABLE raw_predictions (${predictionColumns})`);
    await db.run(`CREATE OR REPLACE TABLE raw_outcomes (${outcomeColumns})`);
    await append(db, 'raw_predictions', raw.predictions.map(predictionCells));
    const primary = new Map(models.map(({ modelId, outcomeTypes }) => [modelId, outcomeTypes[0]!.name]));
    await append(
      db,
      'raw_outcomes',
      raw.outcomes.map((outcome) => outcomeCells(outcome, primary)),
    );
  }

  return {
    load,
    /** Joins the days of the scope one by one, as the workflow does, or longer stretches as if they were days. */
    async join(
      scope: {
        readonly models: readonly BatchModel[];
        readonly from: number;
        readonly to: number;
        readonly cutoff: number;
      },
      stretchMillis = dayMillis,
    ) {
      const tables = { predictions: 'raw_predictions', outcomes: 'raw_outcomes' };
      await db.run('DROP TABLE IF EXISTS joined');
      const metrics: DayMetrics[] = [];
      for (let from = scope.from; from < scope.to; from += stretchMillis) {
        const date = new Date(from).toISOString().slice(0, 10);
        const sql = joinSql({ ...scope, tables, from, to: from + stretchMillis });
        const select = `SELECT *, '${date}' AS "date" FROM (${sql})`;
        await db.run(from === scope.from ? `CREATE TABLE joined AS ${select}` : `INSERT INTO joined ${select}`);
        const rows = await db.runAndReadAll(
          metricsSql({ joined: 'joined', models: scope.models, date, settledMinutes: Number.MAX_SAFE_INTEGER }),
        );
        metrics.push(...rows.getRowObjectsJson().map((row) => dayMetricsOf(row, date)));
      }
      return metrics;
    },
    async rows(): Promise<readonly JoinedRow[]> {
      const read = await db.runAndReadAll(
        'SELECT * FROM joined ORDER BY model_id, prediction_id, outcome_type, item_id',
      );
      return read.getRowObjectsJson() as unknown as readonly JoinedRow[];
    },
    stop() {
      db.closeSync();
      instance.closeSync();
      rmSync(folder, { recursive: true });
    },
  };
}

type Cell = string | number | boolean | undefined;

function predictionCells(row: RawPrediction): readonly Cell[] {
  const {
    modelId,
    predictionId,
    modelVersion,
    predictedAt,
    score,
    samplingRatio = 1,
    isInSample = true,
    segments,
    items,
    writer,
  } = row;
  return [
    modelId,
    predictionId,
    modelVersion,
    time(predictedAt),
    score,
    samplingRatio,
    isInSample,
    segments && JSON.stringify(segments),
    items && JSON.stringify(items),
    writer ?? 'flights/serving',
    ...arrivalCells(row),
  ];
}

function outcomeCells(row: RawOutcome, primary: ReadonlyMap<string, string>): readonly Cell[] {
  const {
    modelId,
    predictionId,
    outcomeType = primary.get(modelId),
    itemId,
    predictedAt,
    observedAt,
    label,
    businessValue,
    writer,
  } = row;
  return [
    modelId,
    predictionId,
    outcomeType,
    itemId,
    predictedAt && time(predictedAt),
    time(observedAt),
    label,
    businessValue,
    writer ?? 'flights/serving',
    ...arrivalCells(row),
  ];
}

function arrivalCells({ arrivedAt, position }: Arrival): readonly Cell[] {
  return [time(new Date(arrivedAt).toISOString()), position, arrivalHour(arrivedAt)];
}

function time(instant: string): string {
  return instant.replace('T', ' ').replace('Z', '');
}

async function append(db: DuckDBConnection, table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 2_000) {
    const values = rows.slice(start, start + 2_000).map((cells) => `(${cells.map(literal).join(',')})`);
    await db.run(`INSERT INTO ${table} VALUES ${values.join(',')}`);
  }
}

function literal(cell: Cell): string {
  if (cell === undefined) return 'NULL';
  if (typeof cell === 'string') return `'${cell.replaceAll("'", "''")}'`;
  // Without an exponent it would be a decimal, which is cut.
  return typeof cell === 'number' ? cell.toExponential() : String(cell);
}
