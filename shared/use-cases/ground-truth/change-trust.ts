import type { WriterCommand } from '../../domain/ground-truth/decide-writer.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { RestatementQueue } from '../../ports/restatement-queue.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { type ChangedWriter, changeWriter } from '../registry/change-writer.ts';

type Ports = { readonly events: EventStore; readonly queue: RestatementQueue };
type TrustCommand = Extract<WriterCommand, { readonly type: 'distrust' | 'trust' }>;

/**
 * Distrusts a writer, or takes that back, and asks for the restatement. A crash in between leaves it to the sweep
 * (`resumeRestatements`). Throws what `changeWriter` throws.
 */
export async function changeTrust(
  { events, queue }: Ports,
  writer: string,
  command: TrustCommand,
  context: ChangeContext & { readonly ifMatch?: number | undefined },
): Promise<ChangedWriter> {
  const changed = await changeWriter(events, writer, command, context);
  await queue.send({ writer, revision: changed.state.trustRevision });
  return changed;
}
