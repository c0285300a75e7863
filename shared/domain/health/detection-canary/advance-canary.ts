import { seededRandom } from '../../seeded-random.ts';
import { dayMillis, hourMillis, type Instant, minuteMillis, toInstant, toMillis } from '../../time.ts';
import type { CanaryFigures, CanaryModels, CanaryState } from './canary-state.ts';

/** Longer than this nobody has noticed: the episode ends and counts as missed. */
const patienceHours = 6;
/** An alert this long after an episode is still about it: windows hold its rows a while. */
const echoHours = 6;
/**
 * Between two episodes, so that the hours of the week that one of them spoilt are few among those a later one is held
 * against, and of the long window only a few per cent. The random part moves them around the clock.
 */
const pauseHours = { least: 30, random: 12 };
const countedAlerts = 50;

/** Before the same weekday of three weeks can be held against, a sudden break of a few hours is hardly ever proven. */
const quietDays = 22;

/** A canary that begins; the first episode comes when it has a past. */
export function newCanary(now: Instant): CanaryState {
  return {
    revision: 0,
    sentUntil: now,
    episodes: 0,
    nextEpisodeAt: toInstant(toMillis(now) + quietDays * dayMillis),
    countedAlerts: {},
    alerts: [],
  };
}

/**
 * One tick: notices alerts, ends an episode that was detected or that nobody noticed, begins the next. Everything random
 * follows from the number of the episode, so that a tick that is repeated does the same.
 */
export function advanceCanary(
  before: CanaryState,
  models: CanaryModels,
  now: Instant,
): { readonly state: CanaryState; readonly figures: CanaryFigures } {
  const counted = countAlerts(before, models);
  const ended = endEpisode(counted, models, now);
  const state = { ...beginEpisode(ended.state, models, now), revision: before.revision + 1, sentUntil: now };
  const precision = precisionOf(state);
  return { state, figures: { ...ended.figures, ...(precision === undefined ? {} : { alertPrecision: precision }) } };
}

function countAlerts(state: CanaryState, { drifting, steady }: CanaryModels): CanaryState {
  const news = [drifting, steady].filter(
    ({ modelId, health }) => health.status === 'at-risk' && (state.countedAlerts[modelId] ?? '') < health.since,
  );
  if (news.length === 0) return state;
  const verdicts = news.map(({ modelId, health }) => modelId === drifting.modelId && isAboutDrift(state, health.since));
  const seen = Object.fromEntries(news.map(({ modelId, health }) => [modelId, health.since]));
  return {
    ...state,
    countedAlerts: { ...state.countedAlerts, ...seen },
    alerts: [...state.alerts, ...verdicts].slice(-countedAlerts),
  };
}

function isAboutDrift({ episode, former }: CanaryState, since: Instant): boolean {
  if (episode !== undefined && since >= episode.from) return true;
  return (
    former !== undefined && since >= former.from && toMillis(since) <= toMillis(former.to) + echoHours * hourMillis
  );
}

function endEpisode(state: CanaryState, { drifting: { health } }: CanaryModels, now: Instant) {
  const { episode, ...rest } = state;
  if (episode === undefined) return { state, figures: {} };
  const isDetected = health.status === 'at-risk' && health.since >= episode.from;
  const end = isDetected ? health.since : now;
  const minutes = (toMillis(end) - toMillis(episode.from)) / minuteMillis;
  if (!isDetected && minutes < patienceHours * 60) return { state, figures: {} };
  const random = seededRandom(state.episodes)();
  const pause = (pauseHours.least + random * pauseHours.random) * hourMillis;
  return {
    state: { ...rest, former: { from: episode.from, to: now }, nextEpisodeAt: toInstant(toMillis(now) + pause) },
    figures: { detectionMinutes: minutes, missed: isDetected ? 0 : 1 } satisfies CanaryFigures,
  };
}

/** Not before the last alert is over: nobody could tell the next one from it. */
function beginEpisode(state: CanaryState, { drifting }: CanaryModels, now: Instant): CanaryState {
  if (state.episode !== undefined || now < state.nextEpisodeAt || drifting.health.status === 'at-risk') return state;
  return { ...state, episode: { from: now }, episodes: state.episodes + 1 };
}

function precisionOf({ alerts }: CanaryState): number | undefined {
  return alerts.length === 0 ? undefined : alerts.filter((isTrue) => isTrue).length / alerts.length;
}
