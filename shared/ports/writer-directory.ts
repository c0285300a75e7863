import type { WriterState } from '../domain/ground-truth/writer.ts';
import type { Instant } from '../domain/time.ts';

/** Registered writers, remembered for seconds. */
export interface WriterDirectory {
  /** As it was `at` the arrival of a record, or some seconds before; undefined when it is not registered. */
  find(writer: string, at: Instant): Promise<WriterState | undefined>;
}
