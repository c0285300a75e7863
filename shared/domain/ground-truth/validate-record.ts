import type { FieldProblem } from '../errors.ts';
import { type Instant, toMillis } from '../time.ts';
import * as z from '../zod.ts';
import { type Arrival, isWithinWindow } from './attribution-window.ts';
import { problem, shapeProblems, shown } from './field-problem.ts';
import type { OutcomeType } from './outcome-types.ts';
import {
  type BusinessMetricRecord,
  businessMetricRecordSchema,
  type Outcome,
  outcomeSchema,
  type PackedEvent,
  type Prediction,
  predictionSchema,
} from './records.ts';
import type { ServedModel } from './served-model.ts';
import { featureProblems } from './validate-features.ts';
import { bucketOf } from './wire-format.ts';

export type Validated<T> =
  | { readonly ok: true; readonly record: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

// The features' types are checked against the model's schema, which is stricter; doing both costs half of ingestion.
const predictionShape = predictionSchema.extend({ features: z.custom<Prediction['features']>(isPlainObject) });

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A prediction that fits the model. Codes beside those of the shape (`missing`,
 * `unknown-field`, `wrong-type`, `not-finite`, `wrong-format`, `too-small`, `too-big`): `wrong-model`, `wrong-bucket`,
 * `unknown-model-version`, `feature-not-in-schema`, `feature-missing`, `score-out-of-range`, `duplicate-shadow`,
 * `predicted-in-future`, `predicted-before-model`, `predicted-too-long-ago`, `scored-after-served`.
 */
export function validatePrediction(
  input: unknown,
  model: ServedModel,
  arrival: Arrival,
  bucket?: number,
): Validated<Prediction> {
  const parsed = predictionShape.safeParse(input, { reportInput: true });
  if (!parsed.success) return { ok: false, problems: shapeProblems(parsed.error) };
  const record = parsed.data;
  const problems = [
    ...identityProblems(record, model, bucket),
    ...versionProblems(record, model),
    ...featureProblems(record, model),
    ...scoreProblems(record, model),
    ...predictedAtProblems(record.predictedAt, model, arrival),
    ...scoredAtProblems(record),
  ];
  return problems.length === 0 ? { ok: true, record } : { ok: false, problems };
}

/**
 * An outcome that fits the model. Codes beside those of the shape: `wrong-model`, `wrong-bucket`, `unknown-outcome-type`,
 * `label-not-binary`, `observed-in-future`, `observed-before-model`, `observed-before-prediction`, and those of `predictedAt` as above.
 * Whether it is in time is another question: `latenessProblems`.
 */
export function validateOutcome(
  input: unknown,
  model: ServedModel,
  arrival: Arrival,
  bucket?: number,
): Validated<Outcome> {
  const parsed = outcomeSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) return { ok: false, problems: shapeProblems(parsed.error) };
  const record = parsed.data;
  const problems = [
    ...identityProblems(record, model, bucket),
    ...labelProblems(record, model),
    ...observedAtProblems(record, model, arrival),
    ...(record.predictedAt === undefined ? [] : futureAndPastProblems(record.predictedAt, model, arrival)),
  ];
  return problems.length === 0 ? { ok: true, record } : { ok: false, problems };
}

export type RawEvent = { readonly kind: PackedEvent['kind']; readonly record: unknown };

/** Any of them. */
export function validateEvent(
  { kind, record }: RawEvent,
  model: ServedModel,
  arrival: Arrival,
  bucket?: number,
): Validated<PackedEvent> {
  if (kind === 'prediction') {
    const result = validatePrediction(record, model, arrival, bucket);
    return result.ok ? { ok: true, record: { kind, record: result.record } } : result;
  }
  if (kind === 'outcome') {
    const result = validateOutcome(record, model, arrival, bucket);
    return result.ok ? { ok: true, record: { kind, record: result.record } } : result;
  }
  const result = validateBusinessMetric(record, model, arrival, bucket);
  if (!result.ok) return result;
  const problems = unknownVersion('/modelVersion', result.record.modelVersion, model);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, record: { kind, record: result.record } };
}

/**
 * A value of a unit that fits the model, whichever versions that has. Codes beside those of the shape: `wrong-model`,
 * `wrong-bucket`, `unknown-business-metric`, `assigned-before-model`, `observed-in-future`, `observed-before-assignment`,
 * `outside-attribution-window`.
 */
export function validateBusinessMetric(
  input: unknown,
  model: ServedModel,
  arrival: Arrival,
  bucket?: number,
): Validated<BusinessMetricRecord> {
  const parsed = businessMetricRecordSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) return { ok: false, problems: shapeProblems(parsed.error) };
  const record = parsed.data;
  const problems = [...unitProblems(record, model, bucket), ...assignmentProblems(record, model, arrival)];
  return problems.length === 0 ? { ok: true, record } : { ok: false, problems };
}

function unitProblems(record: BusinessMetricRecord, model: ServedModel, bucket?: number): FieldProblem[] {
  const { modelId, unitId, metric } = record;
  const problems: FieldProblem[] = [];
  if (modelId !== model.modelId)
    problems.push(problem('/modelId', 'wrong-model', `in a record of model ${model.modelId}, got ${modelId}`));
  if (bucket !== undefined && bucketOf(unitId, model.buckets) !== bucket)
    problems.push(problem('/unitId', 'wrong-bucket', `belongs to another bucket than the record's ${bucket}`));
  if (metric !== model.businessMetric)
    problems.push(problem('/metric', 'unknown-business-metric', `model ${model.modelId} has no ${shown(metric)}`));
  return problems;
}

function assignmentProblems(record: BusinessMetricRecord, model: ServedModel, arrival: Arrival): FieldProblem[] {
  const { assignedAt, observedAt } = record;
  const { registeredAt, attributionWindowMinutes: minutes } = model;
  if (observedAt > arrival.latest)
    return [problem('/observedAt', 'observed-in-future', `${observedAt} is after its arrival at ${arrival.now}`)];
  if (observedAt < assignedAt)
    return [problem('/observedAt', 'observed-before-assignment', `${observedAt} is before ${assignedAt}`)];
  if (assignedAt < registeredAt)
    return [problem('/assignedAt', 'assigned-before-model', `${assignedAt} is before ${registeredAt}`)];
  if (isWithinWindow(toMillis(assignedAt), toMillis(observedAt), minutes) && assignedAt >= arrival.sealedBefore)
    return [];
  const reason = `the attribution window ends ${minutes} minutes after the assignment`;
  return [problem('/observedAt', 'outside-attribution-window', reason)];
}

/** Code `outside-attribution-window`. The join counts such outcomes as late; a client who posts one is told. */
export function latenessProblems(outcome: Outcome, model: ServedModel, arrival: Arrival): readonly FieldProblem[] {
  const { predictedAt, observedAt } = outcome;
  if (predictedAt === undefined) return [];
  const { attributionWindowMinutes: minutes } = typeOf(outcome, model) ?? model;
  const isLate = !isWithinWindow(toMillis(predictedAt), toMillis(observedAt), minutes);
  if (!isLate && predictedAt >= arrival.sealedBefore) return [];
  const reason = `the attribution window ends ${minutes} minutes after the prediction`;
  return [problem('/observedAt', 'outside-attribution-window', reason)];
}

function identityProblems(record: Prediction | Outcome, model: ServedModel, bucket?: number): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (record.modelId !== model.modelId)
    problems.push(problem('/modelId', 'wrong-model', `in a record of model ${model.modelId}, got ${record.modelId}`));
  if (bucket !== undefined && bucketOf(record.predictionId, model.buckets) !== bucket)
    problems.push(problem('/predictionId', 'wrong-bucket', `belongs to another bucket than the record's ${bucket}`));
  return problems;
}

function versionProblems({ modelVersion, shadows = [] }: Prediction, model: ServedModel): FieldProblem[] {
  const seen = new Set([modelVersion]);
  const problems = unknownVersion('/modelVersion', modelVersion, model);
  for (const [i, shadow] of shadows.entries()) {
    const field = `/shadows/${i}/modelVersion`;
    problems.push(...unknownVersion(field, shadow.modelVersion, model));
    if (seen.has(shadow.modelVersion))
      problems.push(problem(field, 'duplicate-shadow', `version ${shadow.modelVersion} scored already`));
    seen.add(shadow.modelVersion);
  }
  return problems;
}

function unknownVersion(field: string, version: number, { modelId, versions }: ServedModel): FieldProblem[] {
  return versions.has(version)
    ? []
    : [problem(field, 'unknown-model-version', `model ${modelId} has no version ${version}`)];
}

function scoreProblems({ score, shadows = [] }: Prediction, { taskType }: ServedModel): FieldProblem[] {
  if (taskType !== 'binary') return [];
  const scores = [score, ...shadows.map((shadow) => shadow.score)];
  return scores.flatMap((value, i) => {
    const field = i === 0 ? '/score' : `/shadows/${i - 1}/score`;
    return value >= 0 && value <= 1 ? [] : [problem(field, 'score-out-of-range', `expected 0 to 1, got ${value}`)];
  });
}

function predictedAtProblems(predictedAt: Instant, model: ServedModel, arrival: Arrival): FieldProblem[] {
  const problems = futureAndPastProblems(predictedAt, model, arrival);
  if (predictedAt >= arrival.sealedBefore) return problems;
  const reason = `${predictedAt} is longer ago than the attribution window and 7 days`;
  return [...problems, problem('/predictedAt', 'predicted-too-long-ago', reason)];
}

function futureAndPastProblems(predictedAt: Instant, model: ServedModel, arrival: Arrival): FieldProblem[] {
  if (predictedAt > arrival.latest)
    return [problem('/predictedAt', 'predicted-in-future', `${predictedAt} is after its arrival at ${arrival.now}`)];
  if (predictedAt >= model.registeredAt) return [];
  const reason = `${predictedAt} is before the model was registered at ${model.registeredAt}`;
  return [problem('/predictedAt', 'predicted-before-model', reason)];
}

function scoredAtProblems({ scoredAt, predictedAt }: Prediction): FieldProblem[] {
  if (scoredAt === undefined || scoredAt <= predictedAt) return [];
  return [problem('/scoredAt', 'scored-after-served', `${scoredAt} is after it was served at ${predictedAt}`)];
}

function labelProblems(outcome: Outcome, model: ServedModel): FieldProblem[] {
  const { label, outcomeType } = outcome;
  const type = typeOf(outcome, model);
  if (type === undefined)
    return [
      problem('/outcomeType', 'unknown-outcome-type', `model ${model.modelId} has no type ${shown(outcomeType)}`),
    ];
  if (type.kind === 'numeric' || label === 0 || label === 1) return [];
  return [problem('/label', 'label-not-binary', `expected 0 or 1, got ${label}`)];
}

function typeOf({ outcomeType }: Outcome, { outcomeTypes }: ServedModel): OutcomeType | undefined {
  return outcomeType === undefined ? outcomeTypes[0] : outcomeTypes.find(({ name }) => name === outcomeType);
}

function observedAtProblems(outcome: Outcome, { registeredAt }: ServedModel, arrival: Arrival): FieldProblem[] {
  const { observedAt, predictedAt } = outcome;
  if (observedAt > arrival.latest)
    return [problem('/observedAt', 'observed-in-future', `${observedAt} is after its arrival at ${arrival.now}`)];
  if (predictedAt !== undefined && observedAt < predictedAt)
    return [problem('/observedAt', 'observed-before-prediction', `${observedAt} is before ${predictedAt}`)];
  if (observedAt < registeredAt)
    return [problem('/observedAt', 'observed-before-model', `${observedAt} is before ${registeredAt}`)];
  return [];
}
