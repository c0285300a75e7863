import type { Airline, Routing, Served } from './airline.ts';
import type { Running } from './boot.ts';
import type { Commit } from './hash-chain.ts';

type Verdict = 'pass' | 'fail' | 'inconclusive';
type Paired = {
  readonly n: number;
  readonly relativeDifference: number | null;
  readonly interval: readonly [number, number] | null;
};
type Evaluation = {
  readonly evaluationId: string;
  readonly version: number;
  readonly evaluatedAt: string;
  readonly kind: string;
  readonly verdict: string;
  readonly causes: readonly string[];
  readonly signals: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly value: number;
    readonly evidence: number;
    readonly n: number;
    readonly nNeeded: number;
    readonly parts: readonly { readonly verdict: string; readonly value: number; readonly evidence: number }[];
  }[];
};
type Retrain = {
  readonly retrainId: string;
  readonly runId: string;
  readonly triggers: readonly { readonly evaluationId?: string }[];
};
type Rollout = {
  readonly reason?: string;
  readonly loadability?: { readonly verdict: Verdict };
  readonly validation?: { readonly verdict: Verdict; readonly paired: Paired };
  readonly judgements: readonly {
    readonly percent: number;
    readonly verdict: Verdict;
    readonly paired: Paired;
    readonly reason: string;
  }[];
};

/** What the API tells of a model. */
export type Facts = {
  readonly model: object;
  /** Newest first. */
  readonly versions: readonly { readonly status: string }[];
  /** Oldest first. */
  readonly evaluations: readonly Evaluation[];
  readonly retrains: readonly Retrain[];
  readonly rollouts: readonly Rollout[];
  readonly history: readonly Commit[];
  /** Of versions 1 and 2. */
  readonly performance: readonly { readonly predictions: number; readonly pairs: number }[];
  readonly paired: { readonly n: number; readonly olderLoss: number; readonly newerLoss: number } | undefined;
  readonly routing: Routing;
  /** The routing table on the CDN. */
  readonly published: Routing;
  readonly served: readonly Served[];
};

/** Reads everything at once. */
export async function factsOf({ customer }: Running, airline: Airline): Promise<Facts> {
  async function get<T>(path: string): Promise<T> {
    return (await customer.succeed('GET', `${airline.model}${path}`)) as T;
  }
  async function all<T>(path: string, cursor?: string): Promise<readonly T[]> {
    const query = `?limit=100${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await get<{ items: T[]; cursor?: string }>(`${path}${query}`);
    return page.cursor === undefined ? page.items : [...page.items, ...(await all<T>(path, page.cursor))];
  }
  async function point<T>(path: string): Promise<T | undefined> {
    const { points } = await get<{ points: T[] }>(
      `${path}&bucket=all&from=2001-01-16T00:00:00Z&to=2001-02-01T00:00:00Z`,
    );
    return points[0];
  }
  async function counts(version: number) {
    const { predictions = 0, n = 0 } =
      (await point<{ predictions: number; n: number }>(`/performance?version=${version}`)) ?? {};
    return { predictions, pairs: n };
  }

  return {
    model: await get<object>(''),
    versions: await all('/versions'),
    evaluations: (await all<Evaluation>('/evaluations')).toReversed(),
    retrains: await all('/retrains'),
    rollouts: await all('/rollouts'),
    history: await all('/history'),
    performance: [await counts(1), await counts(2)],
    paired: await point('/paired-performance?older=1&newer=2'),
    routing: await get('/routing'),
    published: await airline.routing(),
    served: airline.served,
  };
}
