import { readFileSync } from 'node:fs';
import { type GraphQLObjectType, isObjectType, printSchema, validateSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { entityTypeDefinitions, entityTypes } from '../../../shared/domain/graph/entity-types.ts';
import { relationFields } from '../../../shared/domain/graph/relation-paths.ts';
import * as z from '../../../shared/domain/zod.ts';
import { createGraphSchema } from '../../../shared/graphql/schema.ts';
import { fieldName, typeName } from '../../../shared/graphql/type-names.ts';

const schema = createGraphSchema();

function objectType(name: string, of = schema): GraphQLObjectType {
  const type = of.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is ${type}, expected an object type`);
  return type;
}

describe('the schema is made of the registered types', () => {
  test('it is valid, and the one that is kept in docs/api', () => {
    expect(validateSchema(schema)).toEqual([]);
    const kept = readFileSync(new URL('../../../docs/api/schema.graphql', import.meta.url), 'utf8');
    expect(kept, 'run npm run graphql:schema').toBe(`${printSchema(schema)}\n`);
  });

  test('every type has a root field, the interface and its attributes', () => {
    const { node: _node, nodes: _nodes, entity: _entity, search: _search, ...rest } = objectType('Query').getFields();
    expect(Object.keys(rest).toSorted()).toEqual(entityTypes.map(fieldName).toSorted());
    for (const type of entityTypes) {
      const object = objectType(typeName(type));
      expect(object.getInterfaces().map(({ name }) => name)).toContain('Entity');
      expect(Object.keys(object.getFields())).toEqual(
        expect.arrayContaining(Object.keys(entityTypeDefinitions[type].attributes.shape)),
      );
    }
  });

  test('a type that is added to the table appears without further code', () => {
    const prompt = {
      domain: 'registry',
      title: 'Prompt',
      plural: 'Prompts',
      attributes: z
        .object({ tokens: z.number().int(), isSafe: z.boolean(), weight: z.number(), text: z.string() })
        .partial(),
    } as const;
    const grown = createGraphSchema({ ...entityTypeDefinitions, 'prompt-template': prompt });
    const { promptTemplate } = objectType('Query', grown).getFields();
    expect(String(promptTemplate?.type)).toBe('PromptTemplate');
    const { tokens, isSafe, weight, text, owners, lineage } = objectType('PromptTemplate', grown).getFields();
    expect([tokens, isSafe, weight, text, owners].map((field) => String(field?.type))).toEqual([
      'Int',
      'Boolean',
      'Float',
      'String',
      '[Entity!]!',
    ]);
    expect(lineage).toBeDefined();
    expect(printSchema(grown)).toContain('promptTemplate\n');
  });

  test('every field over edges says which edges it reads', () => {
    for (const [type, fields] of Object.entries(relationFields)) {
      const shown = objectType(typeName(type)).getFields();
      for (const [name, { groups }] of Object.entries(fields)) {
        const edges = groups.flat(2).map(({ edge }) => edge);
        for (const edge of edges) expect(shown[name]?.description, `${type}.${name}`).toContain(edge);
      }
    }
    expect(objectType('ModelVersion').getFields().pipeline?.description).toBe(
      'The pipeline that made it. Reads producedBy → pipeline | producedBy → pipeline-run, runOf → pipeline.',
    );
  });
});
