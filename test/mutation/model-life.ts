import type { Customer } from './customer.ts';

const second = 1_000;
const minute = 60 * second;
const day = 86_400_000;
const iso = (millis: number) => new Date(millis).toISOString();

/** A model with one numeric feature; the version's score is the feature and the label follows it. */
export function definitionOf(modelId: string): Record<string, unknown> {
  return {
    name: modelId,
    domain: 'flights',
    team: 'flights',
    tier: 1,
    taskType: 'binary',
    features: [{ name: 'distance', type: 'numeric' }],
    businessMetric: { name: 'on-time', direction: 'higher-is-better' },
    attributionWindowMinutes: 60,
  };
}

/** Feature, score and label of the i-th row: scores spread evenly over 0.05 … 0.95, labels agree with them mostly. */
export function rowOf(i: number): {
  readonly features: { readonly distance: number };
  readonly score: number;
  readonly label: 0 | 1;
} {
  const score = 0.05 + 0.9 * ((i * 0.618_033_988_75) % 1);
  return { features: { distance: score }, score, label: (i * 0.754_877_666_25) % 1 < score ? 1 : 0 };
}

const reference = Array.from({ length: 400 }, (_, i) => JSON.stringify(rowOf(i))).join('\n');

/** The same rows as CSV of nine million bytes, most of them in a column that nobody bins. */
export function largeReference(): string {
  const note = 'x'.repeat(22_500);
  const lines = Array.from({ length: 400 }, (_, i) => {
    const { features, score, label } = rowOf(i);
    return `${features.distance},${score},${label},${note}`;
  });
  return ['distance,score,label,note', ...lines].join('\n');
}

/** Sixty vectors of three coordinates; turned, the axes change places. */
export function embeddingsOf(turned: boolean): string {
  const lines = Array.from({ length: 60 }, (_, i) => {
    const vector = [1, 2, 3].map((j) => Math.sin(7 * i * j + j)).map((value, j) => value * (3 - j));
    return [`item-${i}`, ...(turned ? [vector[1], vector[2], vector[0]] : vector)].join(',');
  });
  return ['id,x,y,z', ...lines].join('\n');
}

/** Body of `POST /v1/models/{modelId}/versions`, its files uploaded. The training data ended `ageDays` before now. */
export async function versionOf(
  customer: Customer,
  modelId: string,
  name: string,
  now: number,
  ageDays = 1,
): Promise<Record<string, unknown>> {
  const artifact = await customer.upload(
    `${modelId}/${name}/model.json`,
    JSON.stringify({ modelId, name, features: ['distance'] }),
  );
  const window = await customer.upload(`${modelId}/${name}/reference.ndjson`, reference);
  const trainingDataEnd = iso(now - ageDays * day);
  return {
    artifactUri: artifact.uri,
    artifactDigest: artifact.digest,
    environmentLockDigest: artifact.digest,
    trainingRun: name,
    datasetVersions: [{ dataset: 'flights', version: '1' }],
    trainingDataEnd,
    codeLink: 'https://example.com/code',
    referenceWindow: { uri: window.uri, from: iso(now - (ageDays + 7) * day), to: trainingDataEnd },
  };
}

/** Predictions of version 1 spread over the half minute before `until`, newest last. */
export function predictionsOf(
  modelId: string,
  count: number,
  until: number,
  change: (score: number) => number = (score) => score,
) {
  return Array.from({ length: count }, (_, i) => {
    const { score } = rowOf(i);
    const predictedAt = iso(until - (count - i) * Math.floor((30 * second) / count));
    return {
      predictionId: `${modelId}-${until}-${i}`,
      modelId,
      modelVersion: 1,
      predictedAt,
      features: { distance: change(score) },
      score,
    };
  });
}

/** An outcome for each prediction, at the same moment. */
export function outcomesOf(predictions: ReturnType<typeof predictionsOf>) {
  return predictions.map(({ predictionId, modelId, predictedAt }, i) => ({
    predictionId,
    modelId,
    predictedAt,
    observedAt: predictedAt,
    label: rowOf(i).label,
    businessValue: 1,
  }));
}

/** Hold-out rows of the day before now, later than the training data; the candidate is clearly the better one. */
export function holdoutOf(now: number, rows = 400): string {
  return Array.from({ length: rows }, (_, i) => {
    const { score, label } = rowOf(i);
    const predictedAt = iso(now - day + minute + Math.floor((i * (day - 2 * minute)) / rows));
    return JSON.stringify({ predictionId: `h${i}`, predictedAt, label, championScore: 0.5, candidateScore: score });
  }).join('\n');
}

/** Lines of data capture and of ground truth, of inferences over the half minute before `until`. */
export function sageMakerLines(count: number, until: number) {
  const csv = (data: unknown) => ({ observedContentType: 'text/csv', data: `${data}\n`, encoding: 'CSV' });
  const captured = Array.from({ length: count }, (_, i) => {
    const { features, score } = rowOf(i);
    const inferenceTime = iso(until - (30 * second * (count - i)) / count);
    return JSON.stringify({
      captureData: { endpointInput: csv(features.distance), endpointOutput: csv(score) },
      eventMetadata: { eventId: `capture-${i}`, inferenceTime },
      eventVersion: '0',
    });
  });
  const labelled = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      groundTruthData: { data: String(rowOf(i).label), encoding: 'CSV' },
      eventMetadata: { eventId: `capture-${i}` },
      eventVersion: '0',
    }),
  );
  return { captured, labelled };
}
