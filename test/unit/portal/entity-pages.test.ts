import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntityAnswer, Relation, WalkAnswer } from '../../../portal/src/api/graph-types.ts';
import { edgeWords } from '../../../portal/src/format/edge-words.ts';
import { entityTypesOf } from '../../../portal/src/format/entity-type.ts';
import {
  entityPath,
  entityUriIn,
  refParts,
  registeredModelId,
  registeredModelUri,
} from '../../../portal/src/format/entity-uri.ts';
import { atPosition, positionOf, steps, toField, toInstant } from '../../../portal/src/format/time-range.ts';
import { changesOf, firstKnown } from '../../../portal/src/pages/entity/changes.ts';
import { groupRelations } from '../../../portal/src/pages/entity/relation-groups.ts';
import { panelsOf } from '../../../portal/src/pages/entity/views.ts';
import { impactText } from '../../../portal/src/pages/impact/impact-words.ts';
import { edgeTypeNames } from '../../../shared/domain/graph/edge-types.ts';
import { modelUri } from '../../../shared/domain/graph/entities.ts';
import { formatEntityRef } from '../../../shared/domain/graph/entity-ref.ts';
import { entityTypeDefinitions, entityTypes } from '../../../shared/domain/graph/entity-types.ts';

const at = (day: number) => `2001-05-0${day}T00:00:00.000Z`;
const relation = (change: Partial<Relation>): Relation => ({
  type: 'consumes',
  direction: 'out',
  uri: 'aip://feature/registry/flights/distance',
  entityType: 'feature',
  name: 'distance',
  provenance: 'declared',
  claimant: 'registry',
  validFrom: at(1),
  ...change,
});

describe('addresses', () => {
  test('of an entity bring its URI back, whatever its id holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
        const uri = formatEntityRef({ type: 'dataset', platform: 'openlineage', id });
        for (const tab of [undefined, 'lineage', 'impact'] as const)
          expect(entityUriIn(entityPath(uri, tab, { asOf: at(1) }).split('?')[0]!)).toBe(uri);
        expect(refParts(uri)).toEqual({ type: 'dataset', platform: 'openlineage', id });
      }),
      { seed: 7 },
    );
  });

  test('that name no entity are none', () => {
    for (const path of ['/', '/entities/', '/entities/%E0%A4%A', '/models/x'])
      expect(entityUriIn(path)).toBeUndefined();
  });

  test('of a registered model are those of the domain', () => {
    for (const modelId of ['late-arrivals', 'a b/c']) {
      if (!modelId.includes('/')) expect(registeredModelUri(modelId)).toBe(modelUri(modelId));
      expect(registeredModelId(registeredModelUri(modelId))).toBe(modelId);
    }
    expect(registeredModelId('aip://model/mlflow/x')).toBeUndefined();
    expect(registeredModelId('aip://model-version/registry/x/1')).toBeUndefined();
  });
});

describe('words', () => {
  test('are there for every type of edge, both ways', () => {
    for (const type of edgeTypeNames)
      for (const direction of ['out', 'in'] as const)
        expect(edgeWords(type, direction)).not.toMatch(/from there to here|^[A-Z][a-z]+ [A-Z]/);
    expect(edgeWords('poweredBy', 'out')).toBe('Powered by');
  });

  test('of a type that is not known are made of its name', () => {
    const rows = entityTypes.map((type) => ({ type, ...entityTypeDefinitions[type] }));
    expect(entityTypesOf(rows).counted('person', 2)).toBe('2 people');
    expect(entityTypesOf([]).of('lake-house')).toEqual({ title: 'Lake house', plural: 'Lake houses' });
  });
});

describe('relations', () => {
  test('are grouped by meaning and direction, what it depends on first, ended ones last', () => {
    const groups = groupRelations([
      relation({ direction: 'in', name: 'reader' }),
      relation({ name: 'b', validTo: at(2) }),
      relation({ name: 'c' }),
    ]);
    expect(groups.map(({ title, relations }) => [title, relations.map(({ name }) => name)])).toEqual([
      ['Consumes', ['c', 'b']],
      ['Consumed by', ['reader']],
    ]);
  });

  test('answer what readers of a type ask first, each entity once', () => {
    const claims = ['registry', 'feast'].map((claimant) => relation({ claimant }));
    const features = panelsOf('model', claims).find(({ title }) => title === 'Features it reads');
    expect(features?.relations).toHaveLength(1);
    expect(panelsOf('model', claims).find(({ title }) => title === 'Models it needs')?.relations).toEqual([]);
  });

  test('of a type without a view of its own, or of one that is not known, are no panels', () => {
    for (const type of ['surface', 'lake-house', 'constructor']) expect(panelsOf(type, [relation({})])).toEqual([]);
  });

  test('make the history, newest first, with their ends', () => {
    const answer: EntityAnswer = {
      entity: {
        uri: 'aip://model/registry/late',
        type: 'model',
        name: 'late',
        tags: [],
        attributes: {},
        state: 'hydrated',
        sources: [{ provider: 'registry', hydratedAt: at(3) }],
      },
      relations: [relation({ validTo: at(4) })],
      aliases: [],
      total: 1,
      asOf: at(5),
    };
    expect(changesOf(answer).map((change) => [change.at, change.what, change.isEnd])).toEqual([
      [at(4), 'Consumes', true],
      [at(3), 'Described', false],
      [at(1), 'Consumes', false],
    ]);
    expect(firstKnown(answer)).toBe(at(1));
    expect(firstKnown(undefined)).toBeUndefined();
  });
});

describe('the time slider', () => {
  const range = { from: at(1), to: at(9) };
  test('has the first thing known at its beginning and now at its end', () => {
    expect(positionOf(range, at(1))).toBe(0);
    expect(positionOf(range, at(9))).toBe(steps);
    expect(positionOf(range, '1999-01-01T00:00:00.000Z')).toBe(0);
    expect(atPosition(range, steps / 2)).toBe(at(5));
    expect(positionOf({ from: at(1), to: at(1) }, at(1))).toBe(steps);
    expect(positionOf(range, 'no time')).toBe(steps);
  });
  test('never asks for a moment before the first thing known', () => {
    expect(atPosition({ from: '2001-05-01T00:00:30.000Z', to: at(2) }, 0) >= '2001-05-01T00:00:30.000Z').toBe(true);
  });
  test('and its field name the same moment', () => {
    expect(toInstant(toField(at(3)))).toBe(at(3));
    expect(toInstant('2001-05')).toBe('2001-05-01T00:00:00.000Z');
    expect(toInstant('')).toBeUndefined();
  });
});

describe('the extent of an impact', () => {
  const walk = (change: Partial<WalkAnswer>): WalkAnswer => ({
    root: 'aip://dataset/test/root',
    items: [],
    byDepth: {},
    byType: {},
    byTeam: {},
    byTier: {},
    total: 0,
    truncated: false,
    cycles: [],
    ...change,
  });
  test('is said in words, and so is what it leaves out', () => {
    expect(impactText(walk({}))).toBe('Nothing is known to depend on it.');
    expect(impactText(walk({ total: 1, byDepth: { 1: 1 } }))).toBe('1 entity depends on it: all of them directly.');
    expect(
      impactText(walk({ total: 1_200, byDepth: { 1: 200, 4: 1_000 }, truncated: true, cycles: [['a', 'b']] })),
    ).toBe(
      '1,200 entities depend on it: 200 directly, the furthest 4 hops away. There is more beyond 4 hops, which is not counted. 1 group of them depends on each other in a circle.',
    );
  });
});
