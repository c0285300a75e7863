import { definitionOf, versionOf } from '../mutation/model-life.ts';
import type { Running } from './boot.ts';

export const registeredAt = '2001-01-22T00:00:00.000Z';
const deployedAt = Date.parse(registeredAt);

/** A model that takes one number, and a text that may be missing. */
export function flightModel(name: string, change: object = {}) {
  return {
    ...definitionOf(name),
    features: [
      { name: 'distance', type: 'numeric' },
      { name: 'origin', type: 'categorical', required: false },
    ],
    ...change,
  };
}

/** A prediction five minutes later. */
export function prediction(change: object = {}) {
  return {
    predictionId: 'flight-1',
    modelId: 'late-basic',
    modelVersion: 1,
    predictedAt: '2001-01-22T00:05:00.000Z',
    features: { distance: 0.5, origin: 'SFO' },
    score: 0.5,
    ...change,
  };
}

/** Its outcome, another five minutes later. */
export function outcome(change: object = {}) {
  const { predictionId, modelId, predictedAt } = prediction();
  return { predictionId, modelId, predictedAt, observedAt: '2001-01-22T00:10:00.000Z', label: 1, ...change };
}

/** Registers the model and makes its first version champion; gives the body the version was registered with. */
export async function serve({ customer }: Running, name: string, change: object = {}) {
  await customer.succeed('POST', '/v1/models', flightModel(name, change));
  const version = await versionOf(customer, name, 'first', deployedAt);
  await customer.succeed('POST', `/v1/models/${name}/versions`, version);
  await customer.succeed('POST', `/v1/models/${name}/versions/1/deployment`, {});
  return version;
}

/** How many predictions and how many pairs the first day of a model has. */
export async function countsOf({ customer }: Running, name: string) {
  const day = 'from=2001-01-22T00:00:00Z&to=2001-01-23T00:00:00Z&bucket=all';
  const { points } = await customer.succeed('GET', `/v1/models/${name}/performance?${day}`);
  const [point] = points as { predictions: number; n: number }[];
  return { predictions: point?.predictions, pairs: point?.n };
}
