import { logger } from './logger.ts';
import { emitMetrics } from './metrics.ts';

/** Nothing else is wrong: what was written is found at the next look at the log. */
export function reportLostHint(error: unknown): void {
  logger.warn('lost a hint about a change of the graph', { error: error instanceof Error ? error : String(error) });
  emitMetrics({ GraphHintsLost: 1 });
}
