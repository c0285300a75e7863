import { type RunwayClient, unwrap } from '../../../sdk/client.ts';
import type { Entry } from './entries.ts';
import { commitEntries, decisionEntry, findingEntry, improvementEntry, rolloutEntries } from './entries.ts';
import { pairedImprovement } from './paired-improvement.ts';
import type { Evaluation, Rollout } from './runway-views.ts';

/** How long after the promotion the withdrawn version keeps scoring; as in the demo's policy. */
const comparisonDays = 14;

export type Timeline = {
  /** What Runway has to tell since the last call, oldest first. `now` is the clock of Runway. */
  read(now: string): Promise<readonly Entry[]>;
  /** Comparisons that are still running, as far as they have come. */
  unfinishedComparisons(now: string): Promise<readonly Entry[]>;
};

/** Follows models through Runway's API alone. */
export function createTimeline(client: RunwayClient, models: readonly string[]): Timeline {
  const followers = models.map((model) => followModel(client, model));
  const all = async (part: (follower: Follower) => Promise<readonly Entry[]>) => {
    const entries = (await Promise.all(followers.map(part))).flat();
    return entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  };
  return {
    read: (now) => all((follower) => follower.read(now)),
    unfinishedComparisons: (now) => all((follower) => follower.compare(now, 'all')),
  };
}

type Follower = {
  read(now: string): Promise<readonly Entry[]>;
  compare(now: string, which: 'finished' | 'all'): Promise<readonly Entry[]>;
};

function followModel(client: RunwayClient, model: string): Follower {
  const path = { modelId: model };
  const told = new Set<string>();
  let seenVersion = 0;
  let lastEvaluation: Evaluation | undefined;
  let running: readonly Rollout[] = [];
  let isRolloutOpen = false;

  async function news(): Promise<readonly Entry[]> {
    const query = { limit: 100, cursor: String(seenVersion) };
    const { items } = await unwrap(client.GET('/v1/models/{modelId}/history', { params: { path, query } }));
    seenVersion = items.at(-1)?.version ?? seenVersion;
    const entries = items.flatMap((commit) => commitEntries(model, commit));
    // A step that holds is judged without a change to the model.
    return items.length > 0 || isRolloutOpen ? [...entries, ...(await details())] : entries;
  }

  async function details(): Promise<readonly Entry[]> {
    const [retrains, rollouts] = await Promise.all([
      unwrap(client.GET('/v1/models/{modelId}/retrains', { params: { path, query: { limit: 5 } } })),
      unwrap(client.GET('/v1/models/{modelId}/rollouts', { params: { path, query: { limit: 5 } } })),
    ]);
    isRolloutOpen = rollouts.items.some(({ status }) => status === 'validating' || status === 'canary');
    const decided = retrains.items.map((retrain) => decisionEntry(model, retrain));
    const failed = retrains.items.flatMap(({ failure, retrainId, requestedAt }) =>
      failure === undefined
        ? []
        : [{ at: requestedAt, model, verb: 'failed', text: `${retrainId}: ${failure}` } as const],
    );
    const started = rollouts.items.filter(({ rolloutId }) => isNew(`trained for ${rolloutId}`));
    const trained = await Promise.all(started.map(trainedEntry));
    const judged = rollouts.items.flatMap((rollout) => rolloutEntries(model, rollout));
    for (const rollout of rollouts.items)
      if (rollout.status === 'promoted' && isNew(`compare ${rollout.rolloutId}`)) running = [...running, rollout];
    return [...decided, ...failed, ...trained, ...judged].filter((entry) =>
      isNew(`${entry.at} ${entry.verb} ${entry.text}`),
    );
  }

  async function trainedEntry({ candidate, startedAt }: Rollout): Promise<Entry> {
    const params = { path: { ...path, version: candidate } };
    const version = await unwrap(client.GET('/v1/models/{modelId}/versions/{version}', { params }));
    const rows = (version.offlineMetrics.trainingRows ?? 0).toLocaleString('en-US');
    const days = `${version.trainingDataStart?.slice(0, 10) ?? '?'} to ${version.trainingDataEnd.slice(0, 10)}`;
    return { at: startedAt, model, verb: 'trained', text: `candidate ${candidate} on ${rows} flights, ${days}` };
  }

  /** Each thing is told once. */
  function isNew(key: string): boolean {
    if (told.has(key)) return false;
    told.add(key);
    return true;
  }

  async function findings(): Promise<readonly Entry[]> {
    const params = { path, query: { limit: 10 } };
    const { items } = await unwrap(client.GET('/v1/models/{modelId}/evaluations', { params }));
    const fresh = items.filter(
      ({ kind, evaluatedAt }) => kind === 'scheduled' && evaluatedAt > (lastEvaluation?.evaluatedAt ?? ''),
    );
    return fresh.toReversed().flatMap((evaluation) => {
      const entry = findingEntry(model, evaluation, lastEvaluation);
      lastEvaluation = evaluation;
      return entry ?? [];
    });
  }

  async function compare(now: string, which: 'finished' | 'all'): Promise<readonly Entry[]> {
    const due = running.filter((rollout) => which === 'all' || comparisonEnd(rollout) <= now);
    running = running.filter((rollout) => !due.includes(rollout));
    const entries = await Promise.all(due.map((rollout) => compareOne(rollout, now)));
    return entries.flat();
  }

  async function compareOne(rollout: Rollout, now: string): Promise<readonly Entry[]> {
    const { champion, candidate, endedAt = now } = rollout;
    const end = comparisonEnd(rollout) < now ? comparisonEnd(rollout) : now;
    const query = { from: endedAt, to: end, older: champion, newer: candidate, bucket: '1d' } as const;
    const { points } = await unwrap(client.GET('/v1/models/{modelId}/paired-performance', { params: { path, query } }));
    const improvement = pairedImprovement(points);
    return improvement === undefined ? [] : [improvementEntry(model, rollout, now, improvement)];
  }

  return {
    // One after the other: what follows from a finding is read after it.
    read: async (now) => [...(await findings()), ...(await news()), ...(await compare(now, 'finished'))],
    compare,
  };
}

function comparisonEnd({ endedAt = '' }: Rollout): string {
  return new Date(Date.parse(endedAt) + comparisonDays * 86_400_000).toISOString();
}
