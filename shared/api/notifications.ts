import { incidentCauses, severities } from '../domain/notifications/incident.ts';
import { notificationSettingsSchema } from '../domain/notifications/notification-targets.ts';
import { modelIdSchema, teamSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const incidentId = z.string().regex(/^(circuit\.)?[a-z][a-z0-9-]{0,62}-i\d{1,9}$/, 'expected the id of an incident');
const notificationId = z
  .string()
  .regex(/^(circuit\.)?[a-z][a-z0-9-]{0,62}-i\d{1,9}-n\d{1,9}$/, 'expected the id of a notification');
const teamParams = z.strictObject({ team: teamSchema });
const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(1_000).optional(),
};

const incident = z
  .object({
    incidentId,
    team: teamSchema,
    /** A model's id, or `circuit.<connection>`. */
    subject: z.string(),
    modelId: modelIdSchema.optional(),
    cause: z.enum(incidentCauses),
    severity: z.enum(severities),
    status: z.enum(['open', 'acknowledged', 'recovered']),
    title: z.string(),
    detail: z.string(),
    openedAt: instantSchema,
    updatedAt: instantSchema,
    /** How often something new was found. */
    occurrences: z.number().int(),
    /** How often somebody was told. */
    notifications: z.number().int(),
    acknowledgement: z.object({ by: z.string(), at: instantSchema, comment: z.string().optional() }).optional(),
    recoveredAt: instantSchema.optional(),
  })
  .meta({ id: 'Incident' });

const notification = z
  .object({
    /** Receivers see it as `webhook-id`, and the same in every attempt and replay. */
    notificationId,
    team: teamSchema,
    createdAt: instantSchema,
    message: z.object({
      notificationId,
      change: z.enum(['opened', 'updated', 'acknowledged', 'recovered']),
      occurredAt: instantSchema,
      incident: incident.omit({ notifications: true }),
    }),
    deliveries: z.array(
      z.object({
        target: z.string(),
        kind: z.enum(['webhook', 'slack', 'teams', 'pagerduty', 'sns']),
        status: z.enum(['pending', 'delivered', 'failed', 'superseded']),
        /** Of the next attempt while it is pending. */
        dueAt: instantSchema,
        /** Waits for the end of quiet hours. */
        isQuiet: z.boolean().optional(),
        tries: z.number().int(),
        replays: z.number().int(),
        /** The last 20, oldest first. */
        attempts: z.array(
          z.object({
            at: instantSchema,
            outcome: z.enum(['delivered', 'failed']),
            /** Of the HTTP answer. */
            status: z.number().int().optional(),
            error: z.string().optional(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Notification' });

const teamSettings = notificationSettingsSchema.extend({ team: teamSchema }).meta({ id: 'TeamNotificationSettings' });

export const getNotificationTargets = operation({
  id: 'getNotificationTargets',
  summary: "Who is told of a team's incidents, and when not. Secrets are names only.",
  params: teamParams,
  response: teamSettings,
});

export const setNotificationTargets = operation({
  id: 'setNotificationTargets',
  summary:
    "Set who is told of a team's incidents: SNS topics, signed webhooks, Slack, Teams, PagerDuty; and the hours in which only pages are sent.",
  params: teamParams,
  body: notificationSettingsSchema,
  response: teamSettings,
  errors: ['precondition-failed'],
});

export const listIncidents = operation({
  id: 'listIncidents',
  summary: "A team's incidents, those that are open or acknowledged first.",
  params: teamParams,
  query: z.strictObject({
    /** `open`: acknowledged ones too. @default all */
    status: z.enum(['open', 'recovered']).optional(),
    ...pageQuery,
  }),
  response: z.object({ items: z.array(incident), cursor: z.string().optional() }),
  errors: ['invalid-cursor'],
});

export const acknowledgeIncident = operation({
  id: 'acknowledgeIncident',
  summary: 'Take an incident on: nobody is told again until it gets graver or recovers.',
  params: z.strictObject({ incidentId }),
  body: z.strictObject({ comment: z.string().min(1).max(1_000).optional() }),
  response: incident,
  errors: ['unknown-incident', 'illegal-transition'],
});

export const listNotifications = operation({
  id: 'listNotifications',
  summary: 'What a team was told, newest first, with every attempt to tell it.',
  params: teamParams,
  query: z.strictObject(pageQuery),
  response: z.object({ items: z.array(notification), cursor: z.string().optional() }),
  errors: ['invalid-cursor'],
});

export const replayNotification = operation({
  id: 'replayNotification',
  summary: 'Send a notification again, under the same id, to one of its targets or to all.',
  params: z.strictObject({ team: teamSchema, notificationId }),
  body: z.strictObject({ target: z.string().min(1).max(32).optional() }),
  response: notification,
  errors: ['unknown-notification', 'unknown-target', 'illegal-transition'],
});
