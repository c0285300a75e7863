import { type RunwayClient, unwrap } from '../../../sdk/client.ts';
import type { Entry } from './entries.ts';
import type { PerformancePoint } from './runway-views.ts';

const dayMillis = 86_400_000;
/** One day in so many is followed; all of them would drown the story. */
const followedEvery = 28;
/** Nearly every flight of a day has landed by the end of the next one. */
const followedDays = 2;

type Told = { readonly labels: number; readonly logLoss: number | null };

/** Tells how the truth about the predictions of a day comes in while flights land. */
export function createCohorts(client: RunwayClient, model: string, start: string) {
  const told = new Map<string, Told>();
  return {
    /** What is new since the last call, by the clock of Runway. */
    read: async (now: string): Promise<readonly Entry[]> => {
      const days = followedAt(start, now);
      const entries = await Promise.all(days.map((day) => readDay(day, now)));
      return entries.flat();
    },
  };

  async function readDay(day: string, now: string): Promise<readonly Entry[]> {
    const query = { from: day, to: new Date(Date.parse(day) + dayMillis).toISOString(), bucket: '1d' } as const;
    const params = { path: { modelId: model }, query };
    const { points } = await unwrap(client.GET('/v1/models/{modelId}/performance', { params }));
    const [point] = points;
    if (point === undefined || point.n === told.get(day)?.labels) return [];
    const entry = cohortEntry(model, day, now, point, told.get(day));
    told.set(day, { labels: point.n, logLoss: point.metrics.logLoss ?? null });
    return [entry];
  }
}

function followedAt(start: string, now: string): readonly string[] {
  const first = Date.parse(start);
  const passed = Math.floor((Date.parse(now) - 1 - first) / dayMillis);
  const days = Array.from({ length: followedDays }, (_, i) => passed - i);
  return days
    .filter((day) => day >= 0 && day % followedEvery === 0)
    .map((day) => new Date(first + day * dayMillis).toISOString());
}

/** How much of a day's truth is there, and what the labels that came since have changed. */
export function cohortEntry(model: string, day: string, at: string, point: PerformancePoint, before?: Told): Entry {
  const { n, predictions, coverage, maturity } = point;
  const logLoss = point.metrics.logLoss ?? null;
  const expected =
    maturity === null || coverage.expectedRatio === null
      ? 'how many to expect is not known yet'
      : `${percent(coverage.expectedRatio)} expected by now, maturity ${percent(maturity)}`;
  const figures = `${n} of ${predictions} flights have landed (${percent(n / predictions)}; ${expected})`;
  const restated =
    before === undefined || before.logLoss === null || logLoss === null
      ? `log loss ${shown(logLoss)}`
      : `${n - before.labels} labels more restate log loss ${shown(before.logLoss)} to ${shown(logLoss)}`;
  return { at, model, verb: 'truth', text: `of ${day.slice(0, 10)}: ${figures}, ${restated}` };
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}

function shown(logLoss: number | null): string {
  return logLoss === null ? 'undefined' : logLoss.toFixed(4);
}
