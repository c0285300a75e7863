import {
  isInSample,
  type SamplingHour,
  samplingHourAt,
  withPrediction,
} from '../../shared/domain/ground-truth/sampling.ts';
import type { PredictionRecord } from './records.ts';

/** What of a model's definition (`GET /v1/models/{modelId}`) a producer needs. */
export type ProducedModel = {
  readonly modelId: string;
  readonly buckets: number;
  readonly segments?: readonly {
    readonly name: string;
    readonly feature: string;
    readonly values: readonly string[];
  }[];
  /** @default everything is sent */
  readonly sampling?: {
    readonly ratio: number;
    readonly maximumPerHour: number;
    readonly exemptSegments: readonly string[];
  };
};

/** Which predictions and outcomes of a model are sent. */
export type ModelSampler = {
  /** The sampling ratio it is sent with (undefined: the model is not sampled), or `not-in-sample`. */
  readonly ofPrediction: (record: PredictionRecord, servedAt: number) => number | undefined | 'not-in-sample';
  readonly isWanted: (predictionId: string) => boolean;
};

export function createModelSampler({ sampling, segments = [] }: ProducedModel): ModelSampler {
  if (sampling === undefined) return { ofPrediction: () => undefined, isWanted: () => true };
  const exempt = segments
    .filter(({ name }) => sampling.exemptSegments.includes(name))
    .map(({ feature, values }) => ({ feature, values: new Set(values) }));
  const isExempt = ({ features }: PredictionRecord) =>
    exempt.some(({ feature, values }) => Object.hasOwn(features, feature) && values.has(String(features[feature])));
  let held: SamplingHour | undefined;
  return {
    ofPrediction: (record, servedAt) => {
      const hour = samplingHourAt(held, sampling, servedAt);
      const isSampled = isInSample(record.predictionId, hour.ratio);
      held = withPrediction(hour, sampling, isSampled);
      return isSampled || isExempt(record) ? hour.ratio : 'not-in-sample';
    },
    // Whose segment a prediction was of is not known from its outcome.
    isWanted: (predictionId) => exempt.length > 0 || isInSample(predictionId, sampling.ratio),
  };
}
