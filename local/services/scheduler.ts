import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Journal } from '../journal.ts';
import type { Clock, Deliveries, ResolvedResource, WorkSource } from '../types.ts';
import { requireDeliverable } from './deliveries.ts';
import { parseProperties, unsupported } from './properties.ts';

export type SchedulerOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Resources of type `AWS::Scheduler::Schedule`. */
  readonly schedules: readonly ResolvedResource[];
  readonly deliveries: Deliveries;
};

type Schedule = {
  readonly arn: string;
  readonly name: string;
  readonly intervalMilliseconds: number;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input: string;
  readonly deadLetterArn: string | undefined;
  readonly maximumRetryAttempts: number | undefined;
};

const scheduleProperties = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: z.object({ Mode: z.literal('OFF') }),
  Target: z.object({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string(),
    RetryPolicy: z.object({ MaximumRetryAttempts: z.number().optional() }).optional(),
    DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  }),
});

const millisecondsByUnit: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * EventBridge Scheduler for `rate(…)`: first one interval after the schedule was first seen, then every interval.
 * Of firings missed while nothing ran, the latest is made up for; the pump's steps through virtual time miss none.
 */
export function createScheduler(options: SchedulerOptions): WorkSource {
  const { journal, clock, deliveries } = options;
  journal.db.exec('CREATE TABLE IF NOT EXISTS schedules (name TEXT PRIMARY KEY, last_at INTEGER NOT NULL)');
  const create = journal.db.prepare('INSERT OR IGNORE INTO schedules (name, last_at) VALUES (?, ?)');
  const select = journal.db.prepare('SELECT last_at FROM schedules WHERE name = ?');
  const update = journal.db.prepare('UPDATE schedules SET last_at = ? WHERE name = ?');

  const schedules = options.schedules.flatMap(readSchedule);
  const lastAtByName = new Map<string, number>();
  for (const { name } of schedules) {
    create.run(name, clock.now());
    lastAtByName.set(name, Number(select.get(name)?.last_at));
  }
  const lastAt = (schedule: Schedule) => lastAtByName.get(schedule.name) ?? 0;

  function fire(schedule: Schedule, scheduledAt: number): void {
    const { targetArn, deadLetterArn, maximumRetryAttempts } = schedule;
    journal.transaction(() => {
      deliveries.enqueue({
        targetArn,
        by: { principal: schedule.roleArn },
        payload: substitute(schedule, scheduledAt),
        ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
        ...(maximumRetryAttempts === undefined ? {} : { maximumRetryAttempts }),
      });
      update.run(scheduledAt, schedule.name);
    });
    lastAtByName.set(schedule.name, scheduledAt);
  }

  return {
    name: 'scheduler',
    async pump() {
      const now = clock.now();
      const due = schedules.filter((schedule) => lastAt(schedule) + schedule.intervalMilliseconds <= now);
      for (const schedule of due) {
        const intervals = Math.floor((now - lastAt(schedule)) / schedule.intervalMilliseconds);
        fire(schedule, lastAt(schedule) + intervals * schedule.intervalMilliseconds);
      }
      return due.length > 0;
    },
    nextWakeAt() {
      const moments = schedules.map((schedule) => lastAt(schedule) + schedule.intervalMilliseconds);
      return moments.length === 0 ? undefined : Math.min(...moments);
    },
  };
}

/** Nothing for a disabled schedule. Throws an Error naming the schedule and what is not emulated. */
function readSchedule(resource: ResolvedResource): readonly Schedule[] {
  const { ScheduleExpression, State, Target } = parseProperties(resource, scheduleProperties);
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression) ?? [];
  const intervalMilliseconds = Number(count) * (millisecondsByUnit[unit] ?? 0);
  if (!(intervalMilliseconds > 0))
    throw unsupported(resource, `ScheduleExpression ${ScheduleExpression}: only rate(…)`);
  const schedule: Schedule = {
    arn: resource.arn,
    name: resource.physicalName,
    intervalMilliseconds,
    targetArn: Target.Arn,
    roleArn: Target.RoleArn,
    input: Target.Input,
    deadLetterArn: Target.DeadLetterConfig?.Arn,
    maximumRetryAttempts: Target.RetryPolicy?.MaximumRetryAttempts,
  };
  try {
    requireDeliverable(schedule.targetArn);
    JSON.parse(substitute(schedule, 0));
  } catch (error) {
    throw unsupported(resource, `Target: ${error instanceof Error ? error.message : String(error)}`);
  }
  return State === 'ENABLED' ? [schedule] : [];
}

/** Scheduler's context attributes, in place of their `<aws.scheduler.…>` keywords. */
function substitute(schedule: Schedule, scheduledAt: number): string {
  const values: Readonly<Record<string, string>> = {
    'scheduled-time': new Date(scheduledAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    'schedule-arn': schedule.arn,
    'execution-id': randomUUID(),
    'attempt-number': '1',
  };
  return schedule.input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (keyword, name: string) => values[name] ?? keyword);
}
