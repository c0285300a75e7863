import { RunwayError } from '../shared/domain/errors.ts';

/** `ArtifactUnusable` (code `unusable-values`): the file can be read, but not what it says. */
export function unusable(file: string, problem: string): RunwayError {
  return new RunwayError('ArtifactUnusable', 'unusable-values', `${file}: ${problem}`);
}
