import type { OutcomeEvent } from '../../shared/domain/ground-truth/labels-as-of.ts';
import type { Cell, Table } from '../../shared/ports/table.ts';
import { unusable } from '../fault.ts';
import { idOf, instantOf, numberOf } from './read-predictions.ts';

export type OutcomeColumns = {
  readonly eventId: string;
  readonly predictionId: string;
  readonly label: string;
  readonly observedAt: string;
};

export type Task = 'binary' | 'regression';

/** All events in file order. Throws `ArtifactUnusable`, also for a label that the task does not have. */
export async function readOutcomes(
  file: string,
  table: Table,
  { eventId, predictionId, label, observedAt }: OutcomeColumns,
  task: Task,
): Promise<readonly OutcomeEvent[]> {
  const events: OutcomeEvent[] = [];
  for await (const batch of table.batches([eventId, predictionId, label, observedAt])) {
    const cells = [eventId, predictionId, label, observedAt].map((name) => batch.column(name));
    for (let i = 0; i < batch.rows; i += 1) {
      const id = idOf(file, eventId, cells[0]![i]!);
      events.push({
        eventId: id,
        predictionId: idOf(file, predictionId, cells[1]![i]!),
        label: labelOf(file, `event ${id}`, label, cells[2]![i]!, task),
        observedAt: instantOf(file, `event ${id}`, observedAt, cells[3]![i]!),
      });
    }
  }
  return events;
}

/** Throws `ArtifactUnusable` for a label that the task does not have. */
export function labelOf(file: string, what: string, column: string, cell: Cell, task: Task): number {
  if (task === 'regression') return numberOf(file, what, column, cell);
  const text = String(cell).toLowerCase();
  if (text === 'true' || Number(cell) === 1) return 1;
  if (text === 'false' || (cell !== null && Number(cell) === 0)) return 0;
  throw unusable(file, `${what} has ${column} ${JSON.stringify(String(cell))}, expected 0 or 1 (or true or false)`);
}
