import { RunwayError } from '../domain/errors.ts';
import type { EdgeClaim } from '../domain/graph/contribution.ts';
import type { EdgeType } from '../domain/graph/edge-types.ts';
import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { EntityType } from '../domain/graph/entity-types.ts';
import type { Direction } from '../domain/graph/walk.ts';
import type { EntityNode, EntityReader, Reach, Relation } from '../use-cases/graph/read-entities.ts';
import type { Builder } from './builder.ts';
import { connectionType } from './connection-types.ts';
import type { EntityInterface } from './entity-interface.ts';
import type { Enums } from './enums.ts';
import { byCodeUnit, type Page, type PageArguments, pageOf } from './pages.ts';
import { queryLimits } from './query-limits.ts';

type Reached = Reach['reached'][number];
type ReachPage = Page<Reached> & { readonly isCut: boolean };

/** A walk reads what is far from the page it gives. */
const walkCost = 500;

/** Gives every entity its `relations`, `lineage` and `impact`. */
export function addRelations(builder: Builder, entity: EntityInterface, enums: Enums): void {
  const relations = relationConnection(builder, entity, enums);
  const reached = reachConnection(builder, entity);
  builder.interfaceField(entity, 'relations', (t) =>
    t.field({
      type: relations,
      nullable: false,
      description: 'What is claimed of it and of others with it: one for each claim, so that disagreement shows.',
      args: {
        direction: t.arg({ type: enums.direction }),
        types: t.arg({ type: [enums.edgeType] }),
        ...t.arg.connectionArgs(),
      },
      resolve: (node, args, { reader }) => relationsPage(reader, node, args),
    }),
  );
  for (const [name, direction, description] of [
    ['lineage', 'upstream', 'What it depends on, nearest first.'],
    ['impact', 'downstream', 'What depends on it, nearest first.'],
  ] as const) {
    builder.interfaceField(entity, name, (t) =>
      t.field({
        type: reached,
        nullable: false,
        description,
        extensions: { ownCost: walkCost },
        args: {
          depth: t.arg.int({
            description: `In edges, 1 to ${queryLimits.walkDepth}.`,
            required: true,
            defaultValue: queryLimits.defaultWalkDepth,
          }),
          types: t.arg({ type: [enums.entityType], description: 'What is shown; all types are walked.' }),
          ...t.arg.connectionArgs(),
        },
        resolve: (node, args, { reader }) => reachPage(reader, node, direction, args),
      }),
    );
  }
}

function relationConnection(builder: Builder, entity: EntityInterface, enums: Enums) {
  const claimed = (item: Relation): EdgeClaim => item.claim;
  return connectionType<Relation>(builder, {
    name: 'Relation',
    node: entity,
    nodeOf: ({ other }) => other,
    ofEdge: (t) => ({
      type: t.field({ type: enums.edgeType, nullable: false, resolve: ({ item }) => claimed(item).type }),
      direction: t.field({ type: enums.direction, nullable: false, resolve: ({ item }) => item.direction }),
      provenance: t.field({ type: enums.provenance, nullable: false, resolve: ({ item }) => claimed(item).provenance }),
      claimant: t.string({
        nullable: false,
        description: 'The provider, rule or person that says so.',
        resolve: ({ item }) => claimed(item).claimant,
      }),
      evidence: t.string({ resolve: ({ item }) => claimed(item).evidence }),
      confidence: t.float({
        nullable: false,
        description: '0..1',
        resolve: ({ item }) => claimed(item).confidence ?? 1,
      }),
      validFrom: t.field({ type: 'DateTime', nullable: false, resolve: ({ item }) => claimed(item).validFrom }),
      validTo: t.field({ type: 'DateTime', resolve: ({ item }) => claimed(item).validTo }),
    }),
  });
}

function reachConnection(builder: Builder, entity: EntityInterface) {
  return connectionType<Reached, ReachPage>(builder, {
    name: 'Reach',
    node: entity,
    nodeOf: (item) => item.entity,
    ofEdge: (t) => ({
      depth: t.int({ nullable: false, description: 'In edges from the root.', resolve: ({ item }) => item.depth }),
      path: t.stringList({
        description: 'A shortest one, from the root; null when it leads through what you may not see.',
        resolve: ({ item }) => item.path && [...item.path],
      }),
    }),
    ofPage: (t) => ({
      truncated: t.boolean({
        nullable: false,
        description: 'There is more beyond the depth.',
        resolve: ({ isCut }) => isCut,
      }),
    }),
  });
}

type RelationArguments = PageArguments & {
  readonly direction?: Relation['direction'] | null | undefined;
  readonly types?: readonly EdgeType[] | null | undefined;
};

function relationsPage(reader: EntityReader, node: EntityNode, args: RelationArguments): Page<Relation> {
  const keyOf = ({ direction, claim }: Relation) =>
    [direction === 'out' ? 0 : 1, claim.type, claim.from, claim.to, claim.claimant, claim.validFrom].join(' ');
  const meant = reader
    .relations(node, args.types ?? undefined)
    .filter(({ direction }) => (args.direction ?? direction) === direction)
    .toSorted((a, b) => byCodeUnit(keyOf(a), keyOf(b)));
  return pageOf(meant, { keyOf, compare: byCodeUnit }, args);
}

type ReachArguments = PageArguments & {
  readonly depth: number;
  readonly types?: readonly EntityType[] | null | undefined;
};

function reachPage(reader: EntityReader, node: EntityNode, direction: Direction, args: ReachArguments): ReachPage {
  const { depth, types } = args;
  if (depth < 1 || depth > queryLimits.walkDepth)
    throw new RunwayError(
      'InvalidRequest',
      'walk-too-deep',
      `depth is ${depth}, expected 1 to ${queryLimits.walkDepth}`,
    );
  const { reached, isCut } = reader.reach(node, direction, depth);
  const shown = types ? reached.filter(({ entity }) => types.includes(entity.type)) : reached;
  const keyOf = (item: Reached): EntityUri => `${String(item.depth).padStart(6, '0')} ${item.entity.uri}`;
  return { ...pageOf(shown, { keyOf, compare: byCodeUnit }, args), isCut };
}
