import type { Prediction } from '../../ground-truth/records.ts';
import { seededRandom } from '../../seeded-random.ts';
import { type Instant, minuteMillis, toInstant, toMillis } from '../../time.ts';

/** Eight a minute: enough for the verdict of an hour, and some ten thousand a day, which cost nothing that counts. */
const servedEveryMillis = minuteMillis / 8;
/** Ten thousand in two weeks. */
const referenceEveryMillis = 2 * minuteMillis;
/** After a pause of the canary itself, only so much is made up for. */
const mostMinutes = 60;
const channels = ['app', 'web', 'phone'];

type Inputs = 'as-trained' | 'drifted';

/** The reference window as its file holds it: NDJSON of the rows of [from, to). */
export function canaryReference(from: Instant, to: Instant): string {
  return momentsOf(from, to, referenceEveryMillis)
    .map((at) => JSON.stringify({ ...inputsAt(at, 'as-trained'), predictedAt: toInstant(at) }))
    .join('\n');
}

/** Predictions of [from, to); their ids follow from the moment, so that sending them twice counts them once. */
export function canaryPredictions(
  { modelId, version }: { readonly modelId: string; readonly version: number },
  { from, to, inputs }: { readonly from: Instant; readonly to: Instant; readonly inputs: Inputs },
): readonly Prediction[] {
  const start = toInstant(Math.max(toMillis(from), toMillis(to) - mostMinutes * minuteMillis));
  return momentsOf(start, to, servedEveryMillis).map((at) => ({
    predictionId: `${modelId}-${at}`,
    modelId,
    modelVersion: version,
    predictedAt: toInstant(at),
    ...inputsAt(at, inputs),
  }));
}

function momentsOf(from: Instant, to: Instant, step: number): readonly number[] {
  const first = Math.ceil(toMillis(from) / step);
  const end = Math.ceil(toMillis(to) / step);
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => (first + i) * step);
}

/** Drifted: every amount in the upper fifth of what it was, as after a change of unit upstream. */
function inputsAt(at: number, inputs: Inputs) {
  const index = at / servedEveryMillis;
  const spread = seededRandom(index % 2 ** 32)();
  const amount = inputs === 'drifted' ? 0.8 + spread / 5 : spread;
  return { features: { amount, channel: channels[index % 3]! }, score: 0.1 + 0.8 * spread };
}
