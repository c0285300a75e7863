import { describe, expect, test } from 'vitest';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { recordOf } from '../../../shared/domain/graph/entity-record.ts';
import {
  contributionId,
  isRetired,
  partsOfContributionId,
  restate,
  retire,
  type Statement,
} from '../../../shared/domain/graph/provider-contribution.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { createStoredView } from '../../support/stored-view.ts';

const subject = 'aip://dataset/dbt/orders';
const raw = 'aip://dataset/dbt/raw_orders';
const at = (day: number) => `2001-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
const statement = (to: readonly string[], description = 'One row per order'): Statement => ({
  subject,
  description: { name: 'orders', description, tags: ['layer::mart'] },
  edges: to.map((uri) => ({ type: 'derivedFrom', to: uri })),
});
const said = (of: Statement, day: number, previous?: ReturnType<typeof restate>) =>
  restate(previous, { provider: 'dbt', statement: of, at: at(day) });

describe('a provider says what it knows of an entity', () => {
  test('an edge that is no longer said ends, one that still is goes on, and one that comes back begins again', () => {
    const first = said(statement([raw]), 1);
    const second = said(statement([]), 2, first);
    const third = said(statement([raw]), 3, second);
    expect(third.claims.map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual([
      [at(1), at(2)],
      [at(3), undefined],
    ]);
    expect(said(statement([raw]), 4, third)).toBe(third);
  });

  test('since when it says so moves with what it says, and with nothing else', () => {
    const first = said(statement([raw]), 1);
    expect(said(statement([]), 2, first).entities[0]?.hydratedAt).toBe(at(1));
    expect(said(statement([raw], 'One row per sale'), 2, first).entities[0]?.hydratedAt).toBe(at(2));
  });

  test('what it no longer has is a tombstone with its edges ended, and lives again when it is said again', () => {
    const gone = retire(said(statement([raw]), 1), at(2));
    expect(isRetired(gone)).toBe(true);
    expect(retire(gone, at(3))).toBe(gone);
    expect(recordOf(subject, [{ provider: 'dbt', entity: gone.entities[0]! }])).toMatchObject({
      state: 'tombstone',
      removedAt: at(2),
    });
    expect(isRetired(said(statement([raw]), 4, gone))).toBe(false);
  });

  test('claims that ended longer ago than is kept are forgotten', () => {
    const ended = said(statement([]), 2, said(statement([raw]), 1));
    const later = restate(ended, {
      provider: 'dbt',
      statement: statement([], 'Later'),
      at: '2002-03-01T00:00:00.000Z',
    });
    expect(later.claims).toEqual([]);
  });

  test('its stream names provider and subject; a stream of the registry names neither', () => {
    expect(partsOfContributionId(contributionId('dbt', subject))).toEqual({ provider: 'dbt', subject });
    expect(partsOfContributionId('model#flights')).toBeUndefined();
  });
});

describe('the record of an entity', () => {
  const described = (provider: string, name: string, day: number) => ({
    provider,
    entity: {
      uri: subject,
      type: 'dataset',
      name,
      attributes: { from: provider, [provider]: true },
      hydratedAt: at(day),
    } as const,
  });

  test('is the same in whatever order its providers spoke, and the registry is believed first', () => {
    const all = [described('zeta', 'z', 3), described('registry', 'r', 1), described('alpha', 'a', 2)];
    const record = recordOf(subject, all);
    expect(record).toEqual(recordOf(subject, all.toReversed()));
    expect(record).toMatchObject({ name: 'r', state: 'hydrated', hydratedAt: at(3) });
    expect(record.attributes).toEqual({ from: 'registry', registry: true, alpha: true, zeta: true });
  });

  test('is a placeholder until somebody describes it, and enriched once inference saw it', () => {
    expect(recordOf(subject, []).state).toBe('placeholder');
    const seen = {
      provider: 'enrichment',
      entity: { uri: subject, type: 'dataset', name: 'x', enrichedAt: at(9) },
    } as const;
    expect(recordOf(subject, [seen]).state).toBe('placeholder');
    expect(recordOf(subject, [seen, described('dbt', 'd', 1)])).toMatchObject({ state: 'enriched', enrichedAt: at(9) });
  });
});

describe('statements', () => {
  test('are written once, retire only what is their own, and are seen by who walks', async () => {
    const store = createMemoryGraphStore();
    const view = createStoredView(store);
    const dbt = { provider: 'dbt', statements: [statement([raw])] };
    expect(await makeStatements(store, { ...dbt, now: at(1) })).toEqual({ changed: 1, same: 0 });
    expect(await makeStatements(store, { ...dbt, now: at(2) })).toEqual({ changed: 0, same: 1 });
    await makeStatements(store, { provider: 'openlineage', statements: [statement([raw])], now: at(2) });
    await makeStatements(store, { provider: 'dbt', retired: [subject, raw], now: at(3) });
    const claims = [...(await view()).claimsTo(raw)].map(({ claimant, validTo }) => [claimant, validTo]);
    expect(claims.toSorted()).toEqual([
      ['dbt', at(3)],
      ['openlineage', undefined],
    ]);
    expect((await store.all()).change).toBe(3);
  });

  test('of more subjects than fit into one write are all written', async () => {
    const store = createMemoryGraphStore();
    const statements = Array.from({ length: 1_000 }, (_, index) => ({
      ...statement([raw]),
      subject: `${subject}-${index}`,
    }));
    expect(await makeStatements(store, { provider: 'dbt', statements, now: at(1) })).toEqual({
      changed: 1_000,
      same: 0,
    });
    expect((await store.all()).contributions).toHaveLength(1_000);
  });
});
