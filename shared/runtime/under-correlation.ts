import type { Context } from 'aws-lambda';
import { withCorrelation } from '../observability/correlation.ts';
import { logger } from './logger.ts';

/**
 * A handler whose logs and commits bear the id that `correlationOf` reads from the event, and whose logs name function
 * and request. `context` is absent where a test calls the handler itself.
 */
export function underCorrelation<E, R>(
  correlationOf: (event: E) => string,
  handle: (event: E, context: Context) => Promise<R>,
): (event: E, context?: Context) => Promise<R> {
  return (event, context) => {
    if (context !== undefined) logger.addContext(context);
    // Handlers that ask for a context are called with one.
    return withCorrelation(correlationOf(event), () => handle(event, context as Context));
  };
}
