import type { FieldProblem } from '../errors.ts';
import type { Feature } from '../registry/schemas.ts';
import { escapePointer, numberFault, problem, shown } from './field-problem.ts';
import type { Prediction } from './records.ts';
import type { ServedModel } from './served-model.ts';

/** Codes: `feature-missing`, `feature-not-in-schema`, `wrong-type`, `not-finite`; none when the version is unknown. */
export function featureProblems({ features, modelVersion }: Prediction, model: ServedModel): FieldProblem[] {
  const schema = model.versions.get(modelVersion)?.features;
  if (schema === undefined) return [];
  const problems: FieldProblem[] = [];
  let known = 0;
  for (const feature of schema) {
    const value = Object.hasOwn(features, feature.name) ? features[feature.name] : undefined;
    if (value !== undefined) known += 1;
    const fault = faultOfFeature(feature, value);
    if (fault !== undefined) problems.push(fault);
  }
  if (known < Object.keys(features).length) problems.push(...unknownFeatures(schema, features));
  return problems;
}

function unknownFeatures(schema: readonly Feature[], features: Prediction['features']): FieldProblem[] {
  const names = new Set(schema.map(({ name }) => name));
  return Object.keys(features)
    .filter((name) => !names.has(name))
    .map((name) => problem(featureField(name), 'feature-not-in-schema', `the version's schema has no feature ${name}`));
}

/** `null` says that the value is missing, which a required feature must not be. */
export function faultOfFeature({ name, type, required }: Feature, value: unknown): FieldProblem | undefined {
  if (value === undefined || value === null)
    return required ? problem(featureField(name), 'feature-missing', 'the schema requires it') : undefined;
  if (type === 'categorical') {
    const fits = typeof value === 'boolean' || (typeof value === 'string' && value.length <= 1_000);
    return fits ? undefined : problem(featureField(name), 'wrong-type', `expected text, got ${typeof value}`);
  }
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  return problem(featureField(name), numberFault(value), `expected a finite number, got ${shown(value)}`);
}

function featureField(name: string): string {
  return `/features/${escapePointer(name)}`;
}
