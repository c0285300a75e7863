import { versionConflict } from '../../../domain/errors.ts';
import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import { isCovered } from '../../../domain/graph/ingestion/hydration.ts';
import type { HydrationRequest } from '../../../domain/graph/ingestion/thin-event.ts';
import type { Instant } from '../../../domain/time.ts';
import type { GraphStore } from '../../../ports/graph-store.ts';
import type { Hydrated, Provider } from '../../../ports/provider.ts';
import type { ProviderStore } from '../../../ports/provider-store.ts';
import { makeStatements } from '../make-statements.ts';
import { type FollowPorts, followReferences } from './follow-references.ts';
import { guardProvider } from './guard-provider.ts';

export type HydratePorts = FollowPorts & {
  readonly graph: Pick<GraphStore, 'getMany' | 'putMany'>;
  readonly providerStore: ProviderStore;
};

/** `covered`: read since it was told. `unknown`: no provider has such things. */
export type HydrationOutcome = {
  readonly outcome: 'written' | 'same' | 'gone' | 'covered' | 'unknown';
  readonly followed: number;
};

/** Readings of the same thing by several at a time. */
const maximumReadings = 3;

/**
 * Reads the full current state of a thing and puts it in place of what the provider said of it. Of several readings that
 * overlap the last one begun is what stays: whoever sees a later one begun reads again. Throws `CircuitOpen`,
 * `DependencyUnavailable`; `MalformedRecord` when the answer cannot be understood; `VersionConflict` when it was overtaken
 * too often. Each time all of it can be done again.
 */
export async function hydrateEntity(
  ports: HydratePorts,
  request: HydrationRequest,
  now: Instant,
): Promise<HydrationOutcome> {
  const provider = await ports.providers.find(request.provider);
  const subject = provider?.subjectOf(request);
  if (provider === undefined || subject === undefined) return { outcome: 'unknown', followed: 0 };
  const record = (await ports.hydrations.find(request.provider, [subject])).get(subject);
  if (isCovered(record, now)) return { outcome: 'covered', followed: 0 };
  for (let reading = 1; reading <= maximumReadings; reading += 1) {
    const ticket = await ports.hydrations.begin(request.provider, subject);
    const said = await read(ports, provider, { request, subject, reading, now });
    const changed = await write(ports, request.provider, subject, said, now);
    const latest = (await ports.hydrations.find(request.provider, [subject])).get(subject);
    if (latest !== undefined && latest.ticket > ticket) continue;
    // Before it counts as done: who is interrupted here follows the references the next time.
    const followed = said === 'gone' ? 0 : await followReferences(ports, said, request.depth + 1);
    const isGone = said === 'gone';
    await ports.hydrations.complete(request.provider, subject, { coveredUntil: now, isGone });
    return { outcome: isGone ? 'gone' : changed > 0 ? 'written' : 'same', followed };
  }
  throw versionConflict(subject, maximumReadings);
}

type Reading = {
  readonly request: HydrationRequest;
  readonly subject: EntityUri;
  readonly reading: number;
  readonly now: Instant;
};

function read(ports: HydratePorts, provider: Provider, { request, subject, reading, now }: Reading): Promise<Hydrated> {
  const { type, id, depth } = request;
  // Somebody said that it changed, so that no answer from before will do.
  const fresh = depth === 0 || reading > 1;
  return guardProvider(ports.providerStore, { provider: request.provider, callId: subject, now }, () =>
    provider.hydrate({ type, id }, { now, fresh }),
  );
}

async function write(
  { graph }: HydratePorts,
  provider: string,
  subject: EntityUri,
  said: Hydrated,
  now: Instant,
): Promise<number> {
  const { changed } = await makeStatements(graph, {
    provider,
    now,
    ...(said === 'gone' ? { retired: [subject] } : { statements: said }),
  });
  return changed;
}
