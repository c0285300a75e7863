import { describe, expect, test } from 'vitest';
import { holdsAt } from '../../../../shared/domain/graph/contribution.ts';
import {
  listOverrides,
  setOverride,
  teamsOfEdge,
  withdrawOverride,
} from '../../../../shared/use-cases/graph/override-edges.ts';
import { viewQuality } from '../../../../shared/use-cases/graph/view-quality.ts';
import { ada, createEnrichmentWorld, day } from './world.ts';

const [orders, raw, other] = ['aip://dataset/dbt/orders', 'aip://dataset/dbt/raw', 'aip://dataset/dbt/other'];
const flights = 'aip://team/registry/flights';
const edge = { from: orders, type: 'derivedFrom' as const, to: raw };

async function createWorld() {
  const world = createEnrichmentWorld();
  await world.say(orders, {
    edges: [
      ['derivedFrom', raw],
      ['ownedBy', flights],
    ],
  });
  for (const uri of [raw, other]) await world.say(uri);
  const upstream = async () =>
    [...(await world.graph()).claimsFrom(orders)]
      .filter((claim) => claim.type === 'derivedFrom' && holdsAt(claim, undefined))
      .map(({ to }) => to);
  return { ...world, upstream };
}
const at = (now: string) => ({ actor: ada, now });

describe('an override', () => {
  test('takes an edge away, and gives it back when it is withdrawn; who said so stays readable', async () => {
    const world = await createWorld();
    await setOverride(world, { ...edge, effect: 'suppress', reason: 'test data' }, at(day(2)));
    expect(await world.upstream()).toEqual([]);
    await withdrawOverride(world.store, edge, day(3));
    expect(await world.upstream()).toEqual([raw]);
    expect(await withdrawOverride(world.store, edge, day(4))).toMatchObject({ until: day(3) });
    expect(await listOverrides(world.store, orders, day(9))).toEqual([
      { ...edge, effect: 'suppress', reason: 'test data', author: ada.id, since: day(2), until: day(3) },
    ]);
  });

  test('adds an edge that nobody claims, beside others of the same entity', async () => {
    const world = await createWorld();
    await setOverride(world, { ...edge, effect: 'suppress', reason: 'test data' }, at(day(2)));
    await setOverride(world, { ...edge, to: other, effect: 'add', reason: 'read by hand' }, at(day(3)));
    expect(await world.upstream()).toEqual([other]);
  });

  test('of an edge is replaced by the next one of it', async () => {
    const world = await createWorld();
    await setOverride(world, { ...edge, effect: 'suppress', reason: 'test data' }, at(day(2)));
    await setOverride(world, { ...edge, effect: 'add', reason: 'no, it is read' }, at(day(3)));
    expect(await world.upstream()).toContain(raw);
    expect((await listOverrides(world.store, orders, day(9))).map(({ effect, until }) => [effect, until])).toEqual([
      ['add', undefined],
      ['suppress', day(3)],
    ]);
  });

  test('that somebody contradicts is shown as a conflict, and no longer once it is not claimed', async () => {
    const world = await createWorld();
    await setOverride(world, { ...edge, effect: 'suppress', reason: 'test data' }, at(day(2)));
    const conflicts = async () => (await viewQuality(world, orders, day(4))).conflicts;
    expect(await conflicts()).toEqual([{ ...edge, effect: 'suppress', author: ada.id, claimants: ['dbt'] }]);
    await world.say(orders, {}, day(3));
    expect(await conflicts()).toEqual([]);
  });

  test('is for those who own either end', async () => {
    const world = await createWorld();
    expect(await teamsOfEdge(world.graph, edge, day(9))).toEqual(['flights']);
    expect(await teamsOfEdge(world.graph, { ...edge, from: other }, day(9))).toEqual([]);
  });

  test('is refused of what nobody knows, of a loop, when it has expired, and cannot be withdrawn when there is none', async () => {
    const world = await createWorld();
    const set = (change: object) => setOverride(world, { ...edge, effect: 'add', reason: 'x', ...change }, at(day(2)));
    await expect(set({ to: 'aip://dataset/dbt/nothing' })).rejects.toMatchObject({ code: 'unknown-entity' });
    await expect(set({ to: orders })).rejects.toMatchObject({ code: 'invalid-override' });
    await expect(set({ expiresAt: day(2) })).rejects.toMatchObject({ code: 'invalid-override' });
    await expect(withdrawOverride(world.store, edge, day(2))).rejects.toMatchObject({ code: 'unknown-override' });
  });

  test('notes when it is to end before it stands', async () => {
    const world = await createWorld();
    await setOverride(
      world,
      { ...edge, effect: 'suppress', reason: 'until it is mended', expiresAt: day(5) },
      at(day(2)),
    );
    expect(await world.expiries.due(day(5))).toEqual([{ subject: orders, expiresAt: day(5) }]);
    expect(await world.expiries.due(day(4))).toEqual([]);
  });
});
