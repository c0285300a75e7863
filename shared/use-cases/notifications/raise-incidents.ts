import { systemActor } from '../../domain/actor.ts';
import { ownTeam } from '../../domain/ground-truth/writer-key.ts';
import { decideFinding, openIncident } from '../../domain/notifications/decide-incident.ts';
import type { Finding, IncidentEvent, IncidentState } from '../../domain/notifications/incident.ts';
import { nextIncidentId, type SeriesEvent, type SeriesState } from '../../domain/notifications/incident-series.ts';
import type { NotificationState } from '../../domain/notifications/notification.ts';
import { findingsOf, type SourceFinding } from '../../domain/notifications/notifying-events.ts';
import { hourMillis, type Instant, toMillis } from '../../domain/time.ts';
import type { Commit, EventStore, Head } from '../../ports/event-store.ts';
import type { NotificationQueue } from '../../ports/notification-queue.ts';
import { teamOf } from '../registry/team-of.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { enqueue, loadIncident, planIncidentChange } from './change-incident.ts';
import { loadSeries, planSeriesChange } from './change-series.ts';
import { loadTargets } from './change-targets.ts';

export type RaiseDependencies = { readonly events: EventStore; readonly queue: NotificationQueue };

/** Something was appended to a stream that may have to be told. */
export type SourceHint = { readonly streamId: string; readonly version: number; readonly subject: string };

const pageSize = 20;
/** Of a stream that was never told of before: what was appended just before may have been lost or overtaken. */
const overtakenMillis = hourMillis;

/**
 * Tells what the stream's commits say since they were last told of, in their order, whatever the order of the hints. The
 * incident, its notification and how far the stream is told of move in one transaction for each finding, and a finding
 * that is known is no news: what comes again tells nobody again.
 */
export async function raiseIncidents(
  dependencies: RaiseDependencies,
  hint: SourceHint,
  now: Instant,
): Promise<readonly string[]> {
  const notificationIds: string[] = [];
  for (const commit of await newCommits(dependencies.events, hint)) {
    const findings = findingsIn(commit);
    for (const [index, finding] of findings.entries()) {
      const isLast = index === findings.length - 1;
      notificationIds.push(...(await tell(dependencies, { hint, commit, finding, isLast }, now)));
    }
    if (findings.length > 0) await markRead(dependencies.events, hint, commit, now);
  }
  return notificationIds;
}

async function newCommits(events: EventStore, { streamId, version, subject }: SourceHint): Promise<readonly Commit[]> {
  const cursor = (await loadSeries(events, subject)).state.cursors[streamId];
  if (cursor !== undefined && cursor.version >= version) return [];
  let after = cursor?.version ?? Math.max(0, version - pageSize);
  const found: Commit[] = [];
  for (;;) {
    const page = await events.commits(streamId, { afterVersion: after, limit: pageSize });
    found.push(...page);
    after += page.length;
    if (page.length < pageSize) break;
  }
  if (cursor !== undefined) return found;
  const hinted = found.find((commit) => commit.version === version);
  const oldest = hinted === undefined ? 0 : toMillis(hinted.occurredAt) - overtakenMillis;
  return found.filter(({ occurredAt }) => toMillis(occurredAt) >= oldest);
}

function findingsIn({ streamId, reason, events }: Commit): readonly SourceFinding[] {
  return events.flatMap((event) => findingsOf({ streamId, reason, event }));
}

type Told = {
  readonly hint: SourceHint;
  readonly commit: Commit;
  readonly finding: SourceFinding;
  /** Of its commit. */
  readonly isLast: boolean;
};

async function tell(dependencies: RaiseDependencies, told: Told, now: Instant): Promise<readonly string[]> {
  const { events, queue } = dependencies;
  const { finding, hint } = told;
  if (finding.cause === 'all') {
    const { open } = (await loadSeries(events, hint.subject)).state;
    const causes = Object.keys(open) as Finding['cause'][];
    const ids: string[] = [];
    for (const cause of causes)
      ids.push(...(await tell(dependencies, { ...told, finding: { ...finding, cause }, isLast: false }, now)));
    return ids;
  }
  const one = { ...finding, cause: finding.cause } as Finding;
  const notification = await withRetryOnConflict(() => append(events, told, one, now));
  if (notification === undefined) return [];
  await enqueue(queue, notification, now);
  return [notification.notificationId];
}

async function append(
  events: EventStore,
  { hint, commit, isLast }: Told,
  finding: Finding,
  now: Instant,
): Promise<NotificationState | undefined> {
  const series = await loadSeries(events, hint.subject);
  const cursor = series.state.cursors[hint.streamId];
  // Somebody else has told of it in the meantime.
  if (cursor !== undefined && cursor.version >= commit.version) return undefined;
  const news = await newsOf(events, series.state, finding, now);
  if (news === undefined) return undefined;
  const { head, event, team } = news;
  const targets = (await loadTargets(events, team)).state;
  const context = {
    actor: systemActor('notifications'),
    now,
    reason: commit.reason,
    correlationId: commit.correlationId,
  };
  const { commits, notification } = planIncidentChange(head, event, targets, context);
  const seriesEvents = [...seriesEventsOf(event, finding), ...(isLast ? [sourceRead(commit, now)] : [])];
  const beside = seriesEvents.length > 0 ? [planSeriesChange(series, seriesEvents, now)] : [];
  await events.append([...beside, ...commits]);
  return notification;
}

/** When the last finding was no news: else an older event that comes again would be told again. */
async function markRead(events: EventStore, hint: SourceHint, commit: Commit, now: Instant): Promise<void> {
  await withRetryOnConflict(async () => {
    const series = await loadSeries(events, hint.subject);
    if ((series.state.cursors[hint.streamId]?.version ?? 0) >= commit.version) return;
    await events.append([planSeriesChange(series, [sourceRead(commit, now)], now)]);
  });
}

function sourceRead({ streamId, version }: Commit, at: Instant): SeriesEvent {
  return { type: 'SourceRead', schemaVersion: 1, source: streamId, version, at };
}

type News = { readonly head?: Head<IncidentState>; readonly event: IncidentEvent; readonly team: string };

async function newsOf(
  events: EventStore,
  series: SeriesState,
  finding: Finding,
  now: Instant,
): Promise<News | undefined> {
  const openId = series.open[finding.cause];
  if (openId !== undefined) {
    const head = await loadIncident(events, openId);
    const [event] = decideFinding(head.state, finding, now);
    return event === undefined ? undefined : { head, event, team: head.state.team };
  }
  if (finding.state === 'recovered') return undefined;
  const { subject } = series;
  const ofModel = await teamOf(events, subject);
  // What is no model is the stage's own, and so its operators'.
  const owner = ofModel === undefined ? { team: ownTeam } : { team: ofModel, modelId: subject };
  const event = openIncident({ incidentId: nextIncidentId(series), subject, ...owner }, finding, now);
  return { event, team: owner.team };
}

function seriesEventsOf({ type, incidentId }: IncidentEvent, { cause }: Finding): readonly SeriesEvent[] {
  if (type === 'IncidentOpened') return [{ type: 'SeriesIncidentOpened', schemaVersion: 1, cause, incidentId }];
  return type === 'IncidentRecovered' ? [{ type: 'SeriesIncidentClosed', schemaVersion: 1, cause }] : [];
}
