import { isRunwayError, RunwayError } from '../../domain/errors.ts';

/** What work on an artefact gives. An `ArtifactUnusable` that names no field of the request gets this one. */
export async function atField<T>(field: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isRunwayError(error) || error.name !== 'ArtifactUnusable' || error.problems.length > 0) throw error;
    const { name, code, message } = error;
    throw new RunwayError(name, code, message, [{ field, code, reason: message }]);
  }
}
