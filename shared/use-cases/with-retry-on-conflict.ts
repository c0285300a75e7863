import { isRunwayError } from '../domain/errors.ts';

/**
 * Runs load-decide-append again when somebody else appended in between. `attempt` must reload what it decides on.
 * After the last attempt the `VersionConflict` goes through.
 */
export async function withRetryOnConflict<T>(attempt: () => Promise<T>, attempts = 5): Promise<T> {
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 0 || !isRunwayError(error) || error.name !== 'VersionConflict') throw error;
    }
  }
}
