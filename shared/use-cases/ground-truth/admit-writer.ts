import { RunwayError } from '../../domain/errors.ts';
import { verify, type WireRecord } from '../../domain/ground-truth/wire-format.ts';
import { defaultEventsPerMinute, type WriterState } from '../../domain/ground-truth/writer.ts';
import { expectAccess } from '../../domain/ground-truth/writer-access.ts';
import { writerKey } from '../../domain/ground-truth/writer-key.ts';
import type { Instant } from '../../domain/time.ts';
import type { RootSecret } from '../../ports/root-secret.ts';
import type { WriterDirectory } from '../../ports/writer-directory.ts';
import type { WriterAllowance } from './writer-allowance.ts';

export type Admission = {
  readonly rootSecret: RootSecret;
  readonly writers: WriterDirectory;
  /**
   * Only the join sheds what exceeds a limit. @default any number is taken: the archive keeps it for the batch join
   */
  readonly allowance?: WriterAllowance;
};

/**
 * Who signed the record, if it may be taken; undefined for Runway's own writers. Throws `InvalidSignature` (code
 * `wrong-signature`), `NotAuthorized` (see `expectAccess`), `RateLimited` (code `rate-limited`), `DependencyUnavailable`.
 */
export async function admitWriter(
  { rootSecret, writers, allowance }: Admission,
  wire: WireRecord,
  { id, now: at }: { readonly id: string; readonly now: Instant },
): Promise<WriterState | undefined> {
  // Records of before there were generations name none.
  const { writer, count, keyId = 1 } = wire.header;
  // Before anything is looked up, so that who holds no key costs no read.
  if (!verify(wire, writerKey(await rootSecret.read(), writer, keyId)))
    throw new RunwayError('InvalidSignature', 'wrong-signature', `the signature is not that of writer ${writer}`);
  const state = await writers.find(writer, at);
  expectAccess(state, { writer, keyId, at });
  await allowance?.take({
    id,
    writer,
    events: count,
    eventsPerMinute: state?.eventsPerMinute ?? defaultEventsPerMinute,
    at,
  });
  return state;
}
