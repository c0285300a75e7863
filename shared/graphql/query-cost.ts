import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { queryLimits } from './query-limits.ts';

/** What a document asks for, its fragments counted wherever they are spread. */
export type QueryCost = {
  readonly depth: number;
  readonly aliases: number;
  readonly complexity: number;
};

type Variables = Readonly<Record<string, unknown>>;
type Field = GraphQLField<unknown, unknown>;

/** A list that has no page size counts as this many. */
const assumedListLength = 10;
const nothing: QueryCost = { depth: 0, aliases: 0, complexity: 0 };

/**
 * The most expensive operation of the document. Each fragment is counted once and remembered, so that fragments that
 * double each other cost no more time than their text is long; the document may be invalid in any other way.
 */
export function queryCost(schema: GraphQLSchema, document: DocumentNode, given: Variables): QueryCost {
  const variables = { ...defaultsOf(document), ...given };
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
  const costs = new Map<string, QueryCost>();

  function ofFragment(fragment: FragmentDefinitionNode): QueryCost {
    const name = fragment.name.value;
    const known = costs.get(name);
    if (known !== undefined) return known;
    // A fragment inside itself is refused by validation, which comes after.
    costs.set(name, nothing);
    const cost = ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    costs.set(name, cost);
    return cost;
  }

  function ofSelections(selectionSet: SelectionSetNode | undefined, type: GraphQLNamedType | undefined): QueryCost {
    return (selectionSet?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return together(sum, ofField(selection, type));
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
        return together(sum, ofSelections(selection.selectionSet, condition ?? type));
      }
      const fragment = fragments.get(selection.name.value);
      return fragment === undefined ? sum : together(sum, ofFragment(fragment));
    }, nothing);
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | undefined): QueryCost {
    const field = fieldOf(schema, parent, node.name.value);
    const inside = ofSelections(node.selectionSet, field && getNamedType(field.type));
    // A schema's description of itself is as long as it is: its lists are not counted, and validation bounds its depth.
    const times = field === undefined || parent?.name.startsWith('__') ? 1 : timesOf(node, field, variables);
    return {
      depth: 1 + inside.depth,
      aliases: (node.alias === undefined ? 0 : 1) + inside.aliases,
      complexity: (figure(field, 'ownCost') ?? 1) + times * inside.complexity,
    };
  }

  return operationsOf(document)
    .map(({ operation, selectionSet }) => ofSelections(selectionSet, schema.getRootType(operation) ?? undefined))
    .reduce(larger, nothing);
}

function together(a: QueryCost, b: QueryCost): QueryCost {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    complexity: a.complexity + b.complexity,
  };
}

function larger(a: QueryCost, b: QueryCost): QueryCost {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: Math.max(a.aliases, b.aliases),
    complexity: Math.max(a.complexity, b.complexity),
  };
}

/** How often what is inside the field may be answered. */
function timesOf(node: FieldNode, field: Field, variables: Variables): number {
  const argument = (name: string) =>
    valueIn(node.arguments?.find((each) => each.name.value === name)?.value, variables);
  const ids = argument('ids');
  if (Array.isArray(ids)) return ids.length;
  if (field.args.some(({ name }) => name === 'first')) {
    const asked = [argument('first'), argument('last')].filter((each) => typeof each === 'number');
    return asked.length === 0 ? queryLimits.defaultPageSize : Math.max(0, ...asked);
  }
  return isListType(getNullableType(field.type)) ? (figure(field, 'listLength') ?? assumedListLength) : 1;
}

function valueIn(node: ValueNode | undefined, variables: Variables): unknown {
  return node && valueFromASTUntyped(node, variables);
}

function figure(field: Field | undefined, name: 'ownCost' | 'listLength'): number | undefined {
  const value = field?.extensions[name];
  return typeof value === 'number' ? value : undefined;
}

function fieldOf(schema: GraphQLSchema, parent: GraphQLNamedType | undefined, name: string): Field | undefined {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  return schema.getField(parent, name);
}

function operationsOf(document: DocumentNode): readonly OperationDefinitionNode[] {
  return document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
}

function defaultsOf(document: DocumentNode): Variables {
  const definitions = operationsOf(document).flatMap(({ variableDefinitions = [] }) => variableDefinitions);
  return Object.fromEntries(
    definitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueIn(defaultValue, {})]],
    ),
  );
}
