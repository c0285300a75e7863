import type { WriterSettings } from '../../domain/ground-truth/writer.ts';
import { lineageKey, writerKey } from '../../domain/ground-truth/writer-key.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { RootSecret } from '../../ports/root-secret.ts';
import type { ChangeContext } from './change-model.ts';
import { type ChangedWriter, changeWriter } from './change-writer.ts';

type Ports = { readonly events: EventStore; readonly rootSecret: RootSecret };

export type IssuedKey = ChangedWriter & {
  readonly key: string;
  /** Of a writer that may send OpenLineage events. */
  readonly lineageKey?: string;
};

/**
 * Registers the writer, or changes those settings that are given, and issues its present key: the same until it is
 * rotated. Throws what `changeWriter` throws.
 */
export async function issueWriterKey(
  { events, rootSecret }: Ports,
  { writer, ...settings }: WriterSettings & { readonly writer: string },
  context: ChangeContext,
): Promise<IssuedKey> {
  const changed = await changeWriter(events, writer, { type: 'register', settings }, context);
  return withKey(rootSecret, changed);
}

type RotationRequest = {
  readonly writer: string;
  readonly overlapHours: number;
  /** The same again issues nothing more and answers the present key. @default each request rotates */
  readonly requestId?: string | undefined;
};

/**
 * Issues a new key; what is signed with the former is taken until `overlapHours` from now. Throws what `changeWriter`
 * throws.
 */
export async function rotateWriterKey(
  { events, rootSecret }: Ports,
  { writer, ...rotation }: RotationRequest,
  context: ChangeContext & { readonly ifMatch?: number | undefined },
): Promise<IssuedKey> {
  const changed = await changeWriter(events, writer, { type: 'rotateKey', ...rotation }, context);
  return withKey(rootSecret, changed);
}

async function withKey(rootSecret: RootSecret, changed: ChangedWriter): Promise<IssuedKey> {
  const { writer, keyId, scopes } = changed.state;
  const root = await rootSecret.read();
  return {
    ...changed,
    key: writerKey(root, writer, keyId),
    ...(scopes.includes('lineage') && { lineageKey: lineageKey(root, writer, keyId) }),
  };
}
