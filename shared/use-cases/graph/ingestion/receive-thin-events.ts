import { RunwayError } from '../../../domain/errors.ts';
import type { ProviderRef } from '../../../domain/graph/ingestion/thin-event.ts';
import type { ProviderId } from '../../../domain/graph/provider-contribution.ts';
import { webhookFault, webhookKey } from '../../../domain/notifications/standard-webhooks.ts';
import { type Instant, toMillis } from '../../../domain/time.ts';
import type { HydrationQueue } from '../../../ports/hydration-queue.ts';
import type { Secret } from '../../../ports/secret.ts';

export type ReceivePorts = {
  readonly hydrationQueue: HydrationQueue;
  readonly secretOf: (provider: ProviderId) => Secret;
};

export type ProviderWebhook = {
  readonly provider: ProviderId;
  readonly events: readonly ProviderRef[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it came. */
  readonly body: string;
};

/**
 * Has read what a webhook tells of, when its sender holds the provider's key. Throws `NotAuthorized`: of a provider without
 * a key with the same words as for a wrong signature, so that nobody learns which there are.
 */
export async function receiveThinEvents(
  { hydrationQueue, secretOf }: ReceivePorts,
  { provider, events, headers, body }: ProviderWebhook,
  now: Instant,
): Promise<number> {
  const key = await keyOf(secretOf(provider));
  const fault = key === undefined ? 'the signature does not match' : webhookFault(key, headers, body, toMillis(now));
  if (fault !== undefined) throw new RunwayError('NotAuthorized', 'webhook-not-authorized', fault);
  await hydrationQueue.send(events.map((event) => ({ provider, ...event, depth: 0, attempt: 0 })));
  return events.length;
}

async function keyOf(secret: Secret): Promise<Uint8Array | undefined> {
  try {
    return webhookKey(await secret.read());
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
