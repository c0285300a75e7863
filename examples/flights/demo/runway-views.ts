import type { Schemas } from '../../../sdk/client.ts';

/** The parts of Runway's answers that the timeline and the summary tell from. */
export type Commit = Pick<Schemas['Commit'], 'version' | 'occurredAt' | 'events'>;

export type Evaluation = Pick<
  Schemas['Evaluation'],
  'evaluatedAt' | 'kind' | 'version' | 'verdict' | 'causes' | 'summary'
> & { readonly signals: readonly Pick<Schemas['Signal'], 'name' | 'verdict' | 'reason'>[] };

export type Retrain = Pick<
  Schemas['Retrain'],
  'retrainId' | 'status' | 'requestedAt' | 'candidateVersion' | 'failure'
> & { readonly triggers: readonly Pick<Schemas['Trigger'], 'cause' | 'reason'>[] };

export type Rollout = Pick<
  Schemas['Rollout'],
  'rolloutId' | 'champion' | 'candidate' | 'retrainId' | 'status' | 'startedAt' | 'endedAt' | 'loadability' | 'reason'
> & {
  readonly validation?: Pick<NonNullable<Schemas['Rollout']['validation']>, 'verdict' | 'judgedAt' | 'reason'>;
  readonly judgements: readonly Pick<Schemas['Judgement'], 'percent' | 'judgedAt' | 'verdict' | 'reason'>[];
};

/** A day's realised performance, and how much truth it rests on. */
export type PerformancePoint = {
  readonly n: number;
  readonly predictions: number;
  readonly maturity: number | null;
  readonly coverage: { readonly expectedRatio: number | null };
  readonly metrics: Readonly<Record<string, number | null>>;
};
