import { type FieldProblem, RunwayError } from '../errors.ts';
import type { Instant } from '../time.ts';
import type { Feature, ModelDefinition, VersionDefinition } from './schemas.ts';

/**
 * The features a version takes: its own, else its model's. Throws `InvalidRequest` (code `invalid-version`) when a
 * feature changes its type, when periods are reversed, or when they end after `now`.
 */
export function versionFeatures(model: ModelDefinition, version: VersionDefinition, now: Instant): readonly Feature[] {
  const features = version.features ?? model.features;
  const problems = [...typeProblems(model.features, features), ...periodProblems(version, now)];
  if (problems.length === 0) return features;
  throw new RunwayError('InvalidRequest', 'invalid-version', `the version does not fit model ${model.name}`, problems);
}

function typeProblems(ofModel: readonly Feature[], ofVersion: readonly Feature[]): readonly FieldProblem[] {
  const typeByName = new Map(ofModel.map(({ name, type }) => [name, type]));
  return ofVersion.flatMap(({ name, type }, index) => {
    const expected = typeByName.get(name) ?? type;
    return type === expected
      ? []
      : [
          {
            field: `/features/${index}/type`,
            code: 'type-changed',
            reason: `${name} is ${expected} in the model's schema, got ${type}`,
          },
        ];
  });
}

function periodProblems(
  { trainingDataStart, trainingDataEnd, referenceWindow }: VersionDefinition,
  now: Instant,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const expect = (holds: boolean, field: string, code: string, reason: string) =>
    void (holds || problems.push({ field, code, reason }));
  expect(
    (trainingDataStart ?? '') < trainingDataEnd,
    '/trainingDataStart',
    'reversed-period',
    `expected before ${trainingDataEnd}`,
  );
  expect(
    referenceWindow.from < referenceWindow.to,
    '/referenceWindow/from',
    'reversed-period',
    `expected before ${referenceWindow.to}`,
  );
  expect(trainingDataEnd <= now, '/trainingDataEnd', 'in-future', `expected at most ${now}`);
  expect(referenceWindow.to <= now, '/referenceWindow/to', 'in-future', `expected at most ${now}`);
  return problems;
}
