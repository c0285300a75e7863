import { RunwayError } from '../../domain/errors.ts';
import { webhookFault, webhookKey } from '../../domain/notifications/standard-webhooks.ts';
import { type Instant, toMillis } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { Secret } from '../../ports/secret.ts';
import { teamOf } from '../registry/team-of.ts';

export type WebhookDependencies = {
  readonly events: EventStore;
  readonly secretOf: (team: string, modelId: string) => Secret;
};

export type Webhook = {
  readonly modelId: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it came. */
  readonly body: string;
};

/**
 * The id of a webhook whose sender holds the key that the model's team keeps for it. Throws `NotAuthorized`: of a model
 * that does not exist or takes no webhooks with the same words as for a wrong signature, so that nobody learns which.
 */
export async function admitWebhook(
  { events, secretOf }: WebhookDependencies,
  { modelId, headers, body }: Webhook,
  now: Instant,
): Promise<string> {
  const key = await keyOf(await teamOf(events, modelId), modelId, secretOf);
  const fault = key === undefined ? 'the signature does not match' : webhookFault(key, headers, body, toMillis(now));
  const id = headers['webhook-id'];
  if (fault === undefined && id !== undefined) return id;
  throw new RunwayError('NotAuthorized', 'webhook-not-authorized', fault ?? 'expected the header webhook-id');
}

async function keyOf(
  team: string | undefined,
  modelId: string,
  secretOf: WebhookDependencies['secretOf'],
): Promise<Uint8Array | undefined> {
  if (team === undefined) return undefined;
  try {
    return webhookKey(await secretOf(team, modelId).read());
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
