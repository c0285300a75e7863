import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import type { ProviderId } from '../../../domain/graph/provider-contribution.ts';
import type { HydrationQueue } from '../../../ports/hydration-queue.ts';
import type { HydrationStore } from '../../../ports/hydration-store.ts';
import type { Provider } from '../../../ports/provider.ts';

/** Readings that began after ticket `since`. */
export type ReadMeanwhile = { readonly provider: ProviderId; readonly since: number };

type Ports = { readonly hydrations: HydrationStore; readonly hydrationQueue: HydrationQueue };

/** Those of the subjects that somebody has begun to read since. */
export async function readSince(
  { hydrations }: Pick<Ports, 'hydrations'>,
  { provider, since }: ReadMeanwhile,
  subjects: ReadonlySet<EntityUri>,
): Promise<ReadonlySet<EntityUri>> {
  const records = await hydrations.find(provider, [...subjects]);
  return new Set([...records].filter(([, { ticket }]) => ticket > since).map(([subject]) => subject));
}

/** What was written may be older than what somebody read meanwhile: that is read once more. */
export async function readAgain(
  ports: Ports,
  source: Provider,
  meanwhile: ReadMeanwhile,
  subjects: ReadonlySet<EntityUri>,
): Promise<void> {
  await askFor(ports, source, meanwhile.provider, [...(await readSince(ports, meanwhile, subjects))]);
}

export async function askFor(
  { hydrationQueue }: Pick<Ports, 'hydrationQueue'>,
  source: Provider,
  provider: ProviderId,
  subjects: readonly EntityUri[],
): Promise<void> {
  const refs = subjects.map((subject) => source.refOf(subject)).filter((ref) => ref !== undefined);
  if (refs.length > 0) await hydrationQueue.send(refs.map((ref) => ({ provider, ...ref, depth: 0, attempt: 0 })));
}
