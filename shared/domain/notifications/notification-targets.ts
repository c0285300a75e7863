import { offPeakSchema } from '../retraining/rules/retraining-windows.ts';
import * as z from '../zod.ts';
import { severities } from './incident.ts';

/** In Secrets Manager, or in SNS, under the prefix of the stage and the team. */
const ownedName = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'expected 1 to 48 lower-case letters, digits or hyphens');

const common = {
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected 1 to 32 lower-case letters, digits or hyphens'),
  /** What it is told. */
  severities: z
    .array(z.enum(severities))
    .min(1)
    .max(2)
    .default([...severities]),
};

const httpsUrl = z.string().max(500).refine(isPlainHttps, 'expected an https URL without user, password and fragment');

export const notificationTargetSchema = z
  .discriminatedUnion('kind', [
    /** Signed with the key in the secret, see docs/notifications.md. */
    z.strictObject({ kind: z.literal('webhook'), ...common, url: httpsUrl, secret: ownedName }),
    /** The secret is the address of an incoming webhook. */
    z.strictObject({ kind: z.literal('slack'), ...common, secret: ownedName }),
    /** The secret is the address of a workflow that posts what it receives. */
    z.strictObject({ kind: z.literal('teams'), ...common, secret: ownedName }),
    /** The secret is the routing key of a service's Events API v2 integration. */
    z.strictObject({
      kind: z.literal('pagerduty'),
      ...common,
      secret: ownedName,
      region: z.enum(['us', 'eu']).default('us'),
    }),
    z.strictObject({ kind: z.literal('sns'), ...common, topic: ownedName }),
  ])
  .meta({ id: 'NotificationTarget' });

export type NotificationTarget = z.infer<typeof notificationTargetSchema>;

export const notificationSettingsSchema = z
  .strictObject({
    targets: z
      .array(notificationTargetSchema)
      .max(10)
      .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'names of targets must be unique'),
    /** What informs waits until they are over; what pages does not. */
    quietHours: offPeakSchema.optional(),
  })
  .meta({ id: 'NotificationSettings' });

export type NotificationSettings = z.infer<typeof notificationSettingsSchema>;

/** Head of the stream `notification-targets#<team>`. */
export type TargetsState = NotificationSettings & { readonly team: string };

export type TargetsEvent = { readonly type: 'NotificationTargetsSet'; readonly schemaVersion: 1 } & TargetsState;

export function newTargets(team: string): TargetsState {
  return { team, targets: [] };
}

export function evolveTargets({ type: _, schemaVersion: __, ...state }: TargetsEvent): TargetsState {
  return state;
}

function isPlainHttps(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === '';
}
