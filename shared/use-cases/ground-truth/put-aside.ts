import type { RunwayError } from '../../domain/errors.ts';
import type { FailureStore } from '../../ports/failure-store.ts';
import type { RejectedLine, StreamRecord } from './open-record.ts';

const source = 'ground-truth-join-events';

/** Keeps a record that is unusable as a whole. */
export async function putPoison(failures: FailureStore, record: StreamRecord, error: RunwayError): Promise<void> {
  await failures.put({ ...failureOf(record), cause: { code: error.code, reason: error.message } });
}

/** Keeps a record some of whose lines are unusable; does nothing when all are good. */
export async function putRejectedLines(
  failures: FailureStore,
  record: StreamRecord,
  lines: readonly RejectedLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const reason = `${lines.length} of its lines do not fit the model`;
  await failures.put({ ...failureOf(record), cause: { code: 'invalid-lines', reason }, lines });
}

function failureOf({ id, now, partitionKey, data }: StreamRecord) {
  return { source, id, failedAt: now, partitionKey, data };
}
