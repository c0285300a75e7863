import { type Instant, minuteMillis, toMillis } from '../../time.ts';

/** That a provider's configuration was deleted, by whom, and how far what it said is retired. Kept as a record. */
export type ProviderDeletion = {
  readonly deletedBy: string;
  readonly deletedAt: Instant;
  readonly status: 'retiring' | 'done';
  /** Contributions that were retired. */
  readonly retired: number;
};

/** Who had begun to read when it was deleted has written or given up by then. */
const lateMinutes = 15;

/** After a look at everything that found so much to retire. */
export function looked(deletion: ProviderDeletion, retired: number, now: Instant): ProviderDeletion {
  const isOver = retired === 0 && toMillis(now) - toMillis(deletion.deletedAt) >= lateMinutes * minuteMillis;
  return { ...deletion, retired: deletion.retired + retired, status: isOver ? 'done' : 'retiring' };
}
