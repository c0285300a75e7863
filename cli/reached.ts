import { RunwayApiError } from '../sdk/client.ts';
import { RunwayError } from '../shared/domain/errors.ts';

/** What a call of a service gives. Throws `DependencyUnavailable` (code `unreachable`) when there is no answer. */
export async function reached<T>(url: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof RunwayApiError || !(error instanceof TypeError)) throw error;
    const cause = error.cause instanceof Error ? error.cause.message : error.message;
    throw new RunwayError('DependencyUnavailable', 'unreachable', `${url}: cannot be reached (${cause})`);
  }
}
