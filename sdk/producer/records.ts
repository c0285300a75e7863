/** ISO-8601 with zone, or milliseconds since the epoch. */
export type Time = string | number;

/** What a model said. It is read later: do not change it after it was handed over. */
export type PredictionRecord = {
  readonly predictionId: string;
  readonly modelVersion: number;
  /** When it was served. */
  readonly predictedAt: Time;
  /** A probability for binary models. */
  readonly score: number;
  readonly features: Readonly<Record<string, number | string | boolean | null>>;
  /** Other versions' scores of the same features. */
  readonly shadows?: readonly { readonly modelVersion: number; readonly score: number }[];
  readonly rolloutId?: string;
  /** When it was computed, if earlier than served. */
  readonly scoredAt?: Time;
  /** What a recommender offered, the best first. */
  readonly items?: readonly { readonly itemId: string; readonly score: number }[];
};

/** What turned out true. */
export type OutcomeRecord = {
  readonly predictionId: string;
  readonly observedAt: Time;
  readonly label: number;
  /** Spares Runway the search for the prediction's hour. */
  readonly predictedAt?: Time;
  /** @default the model's primary one */
  readonly outcomeType?: string;
  readonly itemId?: string;
  readonly businessValue?: number;
};

/** The value of the model's business metric for a unit that a rollout assigned to an arm, since then. */
export type BusinessMetricRecord = {
  readonly unitId: string;
  /** The arm. */
  readonly modelVersion: number;
  readonly rolloutId: string;
  /** Name of the model's `businessMetric`. */
  readonly metric: string;
  readonly value: number;
  readonly assignedAt: Time;
  readonly observedAt: Time;
};

/**
 * What became of a record. `full`: the memory bound is reached and it was not taken; `too-large`: it fits no record of
 * the stream; `closed`: the producer is.
 */
export type Handover = 'accepted' | 'not-in-sample' | 'full' | 'too-large' | 'closed';
