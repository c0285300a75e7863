import { createMemoryGraphStore } from '../../../../shared/adapters/memory/memory-graph-store.ts';
import { createMemoryOverrideExpiries } from '../../../../shared/adapters/memory/memory-override-expiries.ts';
import { createMemorySuggestionRejections } from '../../../../shared/adapters/memory/memory-suggestion-rejections.ts';
import type { EdgeType } from '../../../../shared/domain/graph/edge-types.ts';
import type { Attributes } from '../../../../shared/domain/graph/entities.ts';
import { makeStatements } from '../../../../shared/use-cases/graph/make-statements.ts';
import { createStoredView } from '../../../support/stored-view.ts';

export const day = (number: number): string => `2001-01-${String(number).padStart(2, '0')}T00:00:00.000Z`;
export const ada = { id: 'ada@example.com', kind: 'person' as const, roles: ['editor:flights'], teams: ['flights'] };

type Said = {
  readonly name?: string;
  readonly description?: string;
  readonly attributes?: Attributes;
  readonly edges?: readonly (readonly [EdgeType, string])[];
};

/** A graph in memory that `say` adds to. */
export function createEnrichmentWorld() {
  const store = createMemoryGraphStore();
  const ports = {
    store,
    graph: createStoredView(store),
    expiries: createMemoryOverrideExpiries(),
    rejections: createMemorySuggestionRejections(),
  };
  const say = (subject: string, { edges = [], ...description }: Said = {}, now = day(1), provider = 'dbt') =>
    makeStatements(store, {
      provider,
      statements: [{ subject, description, edges: edges.map(([type, to]) => ({ type, to })) }],
      now,
    });
  return { ...ports, say };
}
