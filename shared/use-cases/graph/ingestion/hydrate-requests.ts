import { isRunwayError } from '../../../domain/errors.ts';
import { circuitDelay, retryDelay } from '../../../domain/graph/ingestion/hydration.ts';
import type { HydrationRequest } from '../../../domain/graph/ingestion/thin-event.ts';
import type { Instant } from '../../../domain/time.ts';
import { nextAdmission } from './guard-provider.ts';
import { type HydratePorts, type HydrationOutcome, hydrateEntity } from './hydrate-entity.ts';

export type RequestRecord = { readonly id: string; readonly request: HydrationRequest; readonly now: Instant };

export type RequestOptions = {
  /** 0..1 */
  readonly random: () => number;
  readonly tell: (request: HydrationRequest, outcome: HydrationOutcome) => void;
  readonly warn: (request: HydrationRequest, error: unknown) => void;
};

/**
 * Handles a batch: of the same thing once, as of the last time it was told. What failed is asked for again later, spread
 * and rarer and rarer; what failed too often is given up to the dead letters. Gives the ids of those.
 */
export async function hydrateRequests(
  ports: HydratePorts,
  records: readonly RequestRecord[],
  options: RequestOptions,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const same of Map.groupBy(records, keyOf).values()) {
    const last = same.toSorted((a, b) => (a.now < b.now ? -1 : 1)).at(-1);
    // Told by somebody, and referred to: what was told counts.
    const depth = Math.min(...same.map(({ request }) => request.depth));
    if (last !== undefined && !(await handled(ports, { ...last, request: { ...last.request, depth } }, options)))
      failed.push(...same.map(({ id }) => id));
  }
  return failed;
}

async function handled(
  ports: HydratePorts,
  { request, now }: RequestRecord,
  options: RequestOptions,
): Promise<boolean> {
  try {
    options.tell(request, await hydrateEntity(ports, request, now));
    return true;
  } catch (error) {
    options.warn(request, error);
    if (!isRunwayError(error)) return false;
    if (error.name === 'CircuitOpen') {
      const retryAt = (await nextAdmission(ports.providerStore, request.provider, now)) ?? now;
      await ports.hydrationQueue.send([request], circuitDelay(retryAt, now, options.random()));
      return true;
    }
    const delay = retryDelay(request.attempt, options.random());
    if (delay === undefined) return false;
    await ports.hydrationQueue.send([{ ...request, attempt: request.attempt + 1 }], delay);
    return true;
  }
}

function keyOf({ request: { provider, type, id } }: RequestRecord): string {
  return JSON.stringify([provider, type, id]);
}
