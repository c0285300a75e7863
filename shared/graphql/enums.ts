import type { Provenance } from '../domain/graph/contribution.ts';
import { edgeTypeNames, edgeTypes } from '../domain/graph/edge-types.ts';
import type { RecordState } from '../domain/graph/entity-record.ts';
import type { EntityType } from '../domain/graph/entity-types.ts';
import type { Builder } from './builder.ts';
import { fieldName } from './type-names.ts';

/** The closed lists of the schema, in the spelling of the REST API; types of entities in that of their root fields. */
export function createEnums(builder: Builder, types: readonly EntityType[]) {
  return {
    entityType: builder.enumType('EntityType', {
      values: Object.fromEntries(types.map((type) => [fieldName(type), { value: type }])),
    }),
    edgeType: builder.enumType('EdgeType', {
      description: 'Edges point from dependant to dependency.',
      values: Object.fromEntries(
        edgeTypeNames.map((type) => [
          type,
          { value: type, description: edgeTypes[type].isDependency ? 'Lineage and impact walk it.' : 'Not walked.' },
        ]),
      ),
    }),
    state: builder.enumType('EntityState', {
      values: {
        placeholder: { value: 'placeholder' satisfies RecordState, description: 'Mentioned only.' },
        hydrated: { value: 'hydrated' satisfies RecordState, description: 'A provider described it.' },
        enriched: { value: 'enriched' satisfies RecordState, description: 'Inference saw it since.' },
        tombstone: { value: 'tombstone' satisfies RecordState, description: 'Its providers no longer have it.' },
      } as const,
    }),
    provenance: builder.enumType('Provenance', {
      values: {
        declared: { value: 'declared' satisfies Provenance, description: 'By whom it concerns.' },
        discovered: { value: 'discovered' satisfies Provenance, description: 'In what a system did.' },
        inferred: { value: 'inferred' satisfies Provenance, description: 'By a rule.' },
        override: { value: 'override' satisfies Provenance, description: 'By a person.' },
      } as const,
    }),
    direction: builder.enumType('Direction', {
      values: {
        out: { value: 'out', description: 'The entity depends on the other, or belongs to it.' },
        in: { value: 'in', description: 'The other depends on the entity, or belongs to it.' },
      } as const,
    }),
  };
}

export type Enums = ReturnType<typeof createEnums>;
