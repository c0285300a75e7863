import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Tier } from '../domain/registry/schemas.ts';
import { type MetricDefinition, type MetricName, metrics, metricsNamespace } from '../names.ts';

export type Figures = Readonly<Partial<Record<MetricName, number>>>;

const emitters = new Map<string, Metrics>();
const units = { Count: MetricUnit.Count, None: MetricUnit.NoUnit } as const;

/**
 * Writes figures to standard output in CloudWatch's embedded metric format, one line per capability: no call, so nothing
 * that can fail or wait. Metrics kept by tier need `tier`.
 */
export function emitMetrics(figures: Figures, tier?: Tier): void {
  const entries = Object.entries(figures) as [MetricName, number][];
  for (const [service, own] of Map.groupBy(entries, ([name]) => metrics[name].service)) {
    const emitter = emitterOf(service);
    if (tier !== undefined) emitter.addDimension('tier', String(tier));
    for (const [name, value] of own) emitter.addMetric(name, units[definitionOf(name).unit], value);
    emitter.publishStoredMetrics();
  }
}

/** The same for figures kept by tier. */
export function emitByTier(figuresByTier: ReadonlyMap<Tier, Figures>): void {
  for (const [tier, figures] of figuresByTier) emitMetrics(figures, tier);
}

function definitionOf(name: MetricName): MetricDefinition {
  return metrics[name];
}

function emitterOf(serviceName: string): Metrics {
  const known = emitters.get(serviceName) ?? new Metrics({ namespace: metricsNamespace, serviceName });
  emitters.set(serviceName, known);
  return known;
}
