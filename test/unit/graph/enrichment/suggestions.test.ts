import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recommendedFor, similarTo } from '../../../../shared/domain/graph/enrichment/similar.ts';
import {
  decideSuggestion,
  edgeOfSuggestion,
  listSuggestions,
} from '../../../../shared/use-cases/graph/suggest-relations.ts';
import { ada, createEnrichmentWorld, day } from './world.ts';

const model = (name: string) => `aip://model/dbt/${name}`;
const feature = (name: string) => `aip://feature/dbt/${name}`;
const reads = (...names: readonly string[]) => ({ edges: names.map((name) => ['consumes', feature(name)] as const) });

async function threeModels() {
  const world = createEnrichmentWorld();
  await world.say(model('late'), reads('common', 'rare'));
  await world.say(model('later'), reads('common', 'rare', 'wind'));
  await world.say(model('price'), reads('common', 'currency'));
  return world;
}

describe('similar entities', () => {
  test('share what few use rather than what all use: Jaccard with weights ln(1 + 3/users), worked by hand', async () => {
    const world = await threeModels();
    const [first, second] = similarTo(await world.graph(), model('late'), 10);
    const weight = (users: number) => Math.log(1 + 3 / users);
    const [common, rare, single] = [weight(3), weight(2), weight(1)];
    expect(first).toMatchObject({ uri: model('later'), shared: [feature('rare'), feature('common')] });
    expect(first?.score).toBeCloseTo((common + rare) / (common + rare + single), 12);
    expect(second?.uri).toBe(model('price'));
    expect(second?.score).toBeCloseTo(common / (common + rare + single), 12);
  });

  test('are as similar one way as the other, from 0 to 1, and 1 where the same is used', async () => {
    const sets = fc.array(fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sets, async (all) => {
        const world = createEnrichmentWorld();
        for (const [index, names] of all.entries()) await world.say(model(`m${index}`), reads(...names));
        const graph = await world.graph();
        for (const { uri, score } of similarTo(graph, model('m0'), 10)) {
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1);
          const names = all[Number(uri.slice(-1))]!;
          if (names.join() === all[0]!.join()) expect(score).toBe(1);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('of a feature are those that the same models use', async () => {
    const world = await threeModels();
    expect(similarTo(await world.graph(), feature('rare'), 1)[0]?.uri).toBe(feature('common'));
  });

  test('recommend what they use and it does not, by how similar they are', async () => {
    const world = await threeModels();
    const found = recommendedFor(await world.graph(), model('late'), 10);
    expect(found.map(({ uri, usedBy }) => [uri, usedBy])).toEqual([
      [feature('wind'), [model('later')]],
      [feature('currency'), [model('price')]],
    ]);
    expect(found.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 12);
  });
});

describe('a suggestion', () => {
  const by = { actor: ada, now: day(3) };

  test('is made of what similar ones use, and is gone once it is accepted, as an override of who accepted it', async () => {
    const world = await threeModels();
    const list = () => listSuggestions(world, { uri: model('late'), limit: 10 });
    const [first] = (await list()).items;
    expect(first).toMatchObject({ kind: 'recommended-feature', type: 'consumes', to: feature('wind') });
    await decideSuggestion(world, { suggestionId: first!.suggestionId, decision: 'accept', reason: 'yes' }, by);
    const claims = [...(await world.graph()).claimsFrom(model('late'))].filter(({ to }) => to === feature('wind'));
    expect(claims).toMatchObject([{ provenance: 'override', claimant: ada.id, evidence: 'yes' }]);
    expect((await list()).items.map(({ to }) => to)).not.toContain(feature('wind'));
  });

  test('that is rejected is not made again, and changes nothing', async () => {
    const world = await threeModels();
    const list = () => listSuggestions(world, { uri: model('late'), limit: 10 });
    const [first] = (await list()).items;
    const before = await world.store.all();
    await decideSuggestion(
      world,
      { suggestionId: first!.suggestionId, decision: 'reject', reason: 'no wind here' },
      by,
    );
    expect(await world.store.all()).toEqual(before);
    expect((await list()).items.map(({ to }) => to)).not.toContain(feature('wind'));
  });

  test('is made of what two platforms call the same, from one side only, for its team too', async () => {
    const world = createEnrichmentWorld();
    const [one, two] = ['aip://dataset/dbt/orders', 'aip://dataset/openlineage/warehouse/orders'];
    const team = { edges: [['ownedBy', 'aip://team/registry/flights']] as const };
    await world.say(one, { name: 'Orders', ...team });
    await world.say(two, { name: 'orders', ...team }, day(1), 'openlineage');
    expect((await listSuggestions(world, { uri: one, limit: 10 })).items).toEqual([]);
    for (const request of [{ uri: two }, { team: 'flights' }])
      expect((await listSuggestions(world, { ...request, limit: 10 })).items).toMatchObject([
        { kind: 'same-name', type: 'aliasOf', from: two, to: one },
      ]);
  });

  test('is made of equal digests, which are not sure enough to be claimed', async () => {
    const world = createEnrichmentWorld();
    const [one, two] = ['aip://artifact/dbt/1', 'aip://artifact/metaflow/2'];
    for (const uri of [one, two]) await world.say(uri, { attributes: { digest: 'x' } });
    expect((await listSuggestions(world, { uri: two, limit: 10 })).items).toMatchObject([
      { kind: 'rule', type: 'aliasOf', to: one, score: 0.6 },
    ]);
  });

  test('that is not made cannot be decided', async () => {
    const world = await threeModels();
    const id = Buffer.from(`${model('late')} consumes ${feature('nothing')}`).toString('base64url');
    const decision = { decision: 'accept' as const, reason: 'x' };
    await expect(decideSuggestion(world, { suggestionId: id, ...decision }, by)).rejects.toMatchObject({
      code: 'unknown-suggestion',
    });
    expect(edgeOfSuggestion('x')).toBeUndefined();
  });
});
