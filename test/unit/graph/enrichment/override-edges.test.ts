import { describe, expect, test } from 'vitest';
import { holdsAt } from '../../../../shared/domain/graph/contribution.ts';
import {
  listOverrides,
  setOverride,
  teamsOfEdge,
  withdrawOverride,
} from '../../../../shared/use-cases/graph/override-edges.ts';
import { viewEntity } from '../../../../shared/use-cases/graph/view-entity.ts';
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
    expect(await listOverrides(world, orders, day(9))).toEqual([
      {
        ...edge,
        effect: 'suppress',
        reason: 'test data',
        author: ada.id,
        authorTeams: ['flights'],
        since: day(2),
        until: day(3),
      },
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
    expect((await listOverrides(world, orders, day(9))).map(({ effect, until }) => [effect, until])).toEqual([
      ['add', undefined],
      ['suppress', day(3)],
    ]);
  });

  test('that somebody contradicts is shown as a conflict, and no longer once it is not claimed', async () => {
    const world = await createWorld();
    await setOverride(world, { ...edge, effect: 'suppress', reason: 'test data' }, at(day(2)));
    const conflicts = async () => (await viewQuality(world.graph, orders, day(4))).conflicts;
    expect(await conflicts()).toMatchObject([
      {
        ...edge,
        conflict: {
          kind: 'claimed-though-suppressed',
          wins: 'does-not-hold',
          since: day(2),
          isBetweenTeams: false,
          parties: [{ claimant: ada.id }, { claimant: 'dbt', says: 'holds', teams: ['flights'], since: day(1) }],
        },
      },
    ]);
    await world.say(orders, {}, day(3));
    expect(await conflicts()).toEqual([]);
  });

  test('of one team against another stays in the history as contested, until somebody of the first agrees', async () => {
    const world = await createWorld();
    const bob = { ...ada, id: 'bob@example.com', teams: ['trains'] };
    await setOverride(world, { ...edge, to: other, effect: 'add', reason: 'we read it' }, at(day(2)));
    const withdrawn = { ...edge, to: other, effect: 'suppress', reason: 'it is not for you' } as const;
    await setOverride(world, withdrawn, { actor: bob, now: day(3) });
    expect(await world.upstream()).toEqual([raw]);
    const [standing, replaced] = await listOverrides(world, orders, day(4));
    expect(standing).toMatchObject({ effect: 'suppress', author: bob.id, authorTeams: ['trains'] });
    expect(standing?.conflict).toEqual({
      kind: 'opposite-overrides',
      wins: 'does-not-hold',
      why: 'of two overrides the one that was set last stands',
      since: day(3),
      isBetweenTeams: true,
      parties: [
        {
          claimant: bob.id,
          provenance: 'override',
          says: 'does-not-hold',
          teams: ['trains'],
          reason: 'it is not for you',
          since: day(3),
        },
        {
          claimant: ada.id,
          provenance: 'override',
          says: 'holds',
          teams: ['flights'],
          reason: 'we read it',
          since: day(2),
          until: day(3),
        },
      ],
    });
    expect(replaced).toMatchObject({ effect: 'add', author: ada.id, until: day(3), contested: true });
    for (const uri of [orders, other]) {
      const { conflicts, anomalies } = await viewQuality(world.graph, uri, day(4));
      expect(conflicts.map(({ to, conflict }) => [to, conflict])).toEqual([[other, standing?.conflict]]);
      expect(anomalies).toContainEqual({ kind: 'contested-edge', detail: `${orders} derivedFrom ${other}` });
    }
    await setOverride(world, { ...withdrawn, reason: 'we have seen it' }, { actor: ada, now: day(5) });
    const settled = await listOverrides(world, orders, day(6));
    expect(settled.map(({ conflict, contested }) => [conflict, contested])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect((await viewQuality(world.graph, orders, day(6))).conflicts).toEqual([]);
  });

  test('that is contested says so at every claim of its edge that is shown, at either end, at present only', async () => {
    const world = await createWorld();
    await setOverride(world, { ...edge, effect: 'suppress', reason: 'test data' }, at(day(2)));
    const bob = { ...ada, id: 'bob@example.com', teams: ['trains'] };
    await setOverride(world, { ...edge, effect: 'add', reason: 'we do' }, { actor: bob, now: day(3) });
    const kinds = async (uri: string, asOf?: string) =>
      (await viewEntity(world, { uri, asOf, limit: 9, now: day(4) })).relations.map(({ type, claimant, conflict }) => [
        type,
        claimant,
        conflict?.kind,
      ]);
    const contested = [
      ['derivedFrom', bob.id, 'opposite-overrides'],
      ['derivedFrom', 'dbt', 'opposite-overrides'],
    ];
    expect(await kinds(orders)).toEqual([...contested, ['ownedBy', 'dbt', undefined]]);
    expect(await kinds(raw)).toEqual(contested);
    expect(await kinds(raw, day(3))).toEqual(contested.map(([type, claimant]) => [type, claimant, undefined]));
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
