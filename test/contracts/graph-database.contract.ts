import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Contribution,
  declareEdges,
  emptyContribution,
  describe as said,
} from '../../shared/domain/graph/contribution.ts';
import { entityOf, featureUri, modelUri, teamUri, versionUri } from '../../shared/domain/graph/entities.ts';
import type { GraphDatabase } from '../../shared/ports/graph-database.ts';
import { arcs, consumption, modelNamed, plainReach } from '../unit/graph/arcs.ts';

const at = (hour: number) => `2001-02-01T0${hour}:00:00.000Z`;
const any = () => true;

const registered: Contribution = declareEdges(
  said(emptyContribution, {
    ...entityOf(modelUri('basic')),
    attributes: { tier: 1, description: 'quotes "and" \\ ψ' },
  }),
  any,
  [
    { from: modelUri('basic'), type: 'ownedBy', to: teamUri('flights') },
    { from: modelUri('basic'), type: 'consumes', to: featureUri('flights', 'distance') },
  ],
  at(1),
);
const served = declareEdges(
  registered,
  ({ type }) => type === 'servedBy',
  [{ from: modelUri('basic'), type: 'servedBy', to: versionUri('basic', 1) }],
  at(2),
);
const servedByNext = declareEdges(
  served,
  ({ type }) => type === 'servedBy',
  [{ from: modelUri('basic'), type: 'servedBy', to: versionUri('basic', 2) }],
  at(3),
);

/** What every graph database does; `database` gives the one under test, which each test finds empty. */
export function graphDatabaseContract(database: () => GraphDatabase): void {
  const upstream = async (modelId: string) =>
    (await database().reach({ root: modelUri(modelId), direction: 'upstream', depth: 5 })).map(({ uri }) => uri);

  beforeEach(async () => {
    while (await database().clearSome());
  });

  it('holds what a stream says once, however often it is applied', async () => {
    for (let i = 0; i < 3; i += 1) await database().apply('model#basic', 2, served);
    expect(await database().count()).toMatchObject({ entities: 4, claims: 3 });
    expect(await upstream('basic')).toEqual([
      featureUri('flights', 'distance'),
      versionUri('basic', 1),
      teamUri('flights'),
    ]);
  });

  it('takes what many streams say at once, and names what nobody has described', async () => {
    const mentioning = { entities: [], claims: registered.claims };
    const said = [
      { streamId: 'aip://model/registry/basic dbt', version: 3, contribution: mentioning },
      { streamId: 'model#basic', version: 1, contribution: registered },
    ];
    await database().applyMany(said);
    await database().applyMany(said.toReversed());
    expect(await database().count()).toEqual({ entities: 3, claims: 4 });
    const older = { entities: [], claims: registered.claims.map((claim) => ({ ...claim, validTo: at(2) })) };
    await database().applyMany([{ ...said[0]!, version: 2, contribution: older }]);
    await database().applyMany([{ ...said[1]!, version: 2, contribution: older }]);
    expect(await upstream('basic')).toEqual([featureUri('flights', 'distance'), teamUri('flights')]);
    await database().applyMany([{ ...said[0]!, version: 4, contribution: older }]);
    expect(await upstream('basic')).toEqual([]);
  });

  it('walks no edge that has ended, and keeps it', async () => {
    await database().apply('model#basic', 2, served);
    await database().apply('model#basic', 3, servedByNext);
    expect(await upstream('basic')).not.toContain(versionUri('basic', 1));
    expect(await upstream('basic')).toContain(versionUri('basic', 2));
    expect(await database().count()).toMatchObject({ entities: 5, claims: 4 });
  });

  it('takes nothing from a writer who comes late with an older version', async () => {
    await database().apply('model#basic', 3, servedByNext);
    await database().apply('model#basic', 2, served);
    expect(await upstream('basic')).not.toContain(versionUri('basic', 1));
  });

  it('keeps one claim of an edge when another stream says the same and ends it', async () => {
    const edge = { from: modelUri('a'), type: 'consumes' as const, to: modelUri('b') };
    const claimed = declareEdges(emptyContribution, any, [edge], at(1));
    await database().apply('model#one', 1, claimed);
    await database().apply('model#two', 1, claimed);
    await database().apply('model#two', 2, declareEdges(claimed, any, [], at(2)));
    expect(await upstream('a')).toEqual([modelUri('b')]);
  });

  it('does not walk from a version to the model it is of', async () => {
    const edge = { from: versionUri('a', 1), type: 'versionOf' as const, to: modelUri('a') };
    await database().apply('version#a#1', 1, declareEdges(emptyContribution, any, [edge], at(1)));
    const reached = await database().reach({ root: modelUri('a'), direction: 'downstream', depth: 5 });
    expect(reached).toEqual([]);
  });

  describe('bounded paths', () => {
    it('reach what a plain search reaches, at the same depths, both ways, in graphs with cycles', async () => {
      let graphs = 0;
      await fc.assert(
        fc.asyncProperty(arcs, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (pairs, depth, isDown) => {
          graphs += 1;
          while (await database().clearSome());
          const contribution = declareEdges(emptyContribution, any, consumption(pairs), at(1));
          await database().apply(`model#graph-${graphs}`, 1, contribution);
          const direction = isDown ? 'downstream' : 'upstream';
          const reached = await database().reach({ root: modelNamed(0), direction, depth });
          const oracle = plainReach(isDown ? pairs.map(([a, b]) => [b, a] as const) : pairs, depth);
          expect(new Map(reached.map(({ uri, depth: level }) => [uri, level]))).toEqual(oracle);
        }),
        { numRuns: 25, seed: 20 },
      );
    });
  });
}
