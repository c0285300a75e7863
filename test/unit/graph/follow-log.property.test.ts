import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryChangeCursor } from '../../../shared/adapters/memory/memory-change-cursor.ts';
import { createMemoryGraphDatabase } from '../../../shared/adapters/memory/memory-graph-database.ts';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { countSaid } from '../../../shared/domain/graph/rebuild.ts';
import { walk } from '../../../shared/domain/graph/walk.ts';
import type { GraphDatabase } from '../../../shared/ports/graph-database.ts';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import { followLog } from '../../../shared/use-cases/graph/follow-log.ts';
import { createHintingStore } from '../../../shared/use-cases/graph/hinting-store.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { createStoredView } from '../../support/stored-view.ts';
import { modelNamed } from './arcs.ts';

const day = (number: number) => `2001-02-${String(number).padStart(2, '0')}T00:00:00.000Z`;

const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('dbt' as const, 'metaflow' as const, 'override' as const),
      subject: fc.nat(4),
      to: fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
      suppresses: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retire' as const), subject: fc.nat(4) }) },
  /** Follows, and dies after so many calls of the database. */
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('follow' as const), dies: fc.option(fc.nat(2), { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const) }) },
);

function dying(database: GraphDatabase, calls: number): GraphDatabase {
  let left = calls;
  return {
    ...database,
    applyMany: async (said) => {
      if (left === 0) throw new Error('the process ended');
      left -= 1;
      await database.applyMany(said);
    },
  };
}

describe('the database behind the log', () => {
  it('says what the table says once it was followed, whatever was interrupted, lost or suppressed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 14 }), async (history) => {
        const [table, database, cursor] = [
          createMemoryGraphStore(),
          createMemoryGraphDatabase(),
          createMemoryChangeCursor(),
        ];
        let firstKept = 1;
        const graph: GraphStore = {
          ...table,
          changesAfter: async (after) => (after + 1 < firstKept ? undefined : table.changesAfter(after)),
        };
        for (const [index, each] of history.entries()) {
          const now = day(index + 1);
          if (each.kind === 'follow')
            await followLog({
              graph,
              cursor,
              database: each.dies === undefined ? database : dying(database, each.dies),
            }).catch(() => undefined);
          else if (each.kind === 'lose') firstKept = (await table.all()).change + 1;
          else if (each.kind === 'retire')
            await makeStatements(graph, { provider: 'dbt', retired: [modelNamed(each.subject)], now });
          else {
            const isOverride = each.kind === 'override';
            const edges = each.to.map((to) => ({
              type: 'consumes' as const,
              to: modelNamed(to),
              ...(isOverride && { provenance: 'override' as const }),
              ...(isOverride && each.suppresses && { suppresses: true as const }),
            }));
            const statement = { subject: modelNamed(each.subject), edges };
            await makeStatements(graph, { provider: each.kind, statements: [statement], now });
          }
        }
        await followLog({ graph, cursor, database });
        const { contributions } = await table.all();
        expect(await database.count()).toEqual(countSaid(contributions.map(({ contribution }) => contribution)));
        const view = await createStoredView(table)();
        for (const root of [0, 1, 2, 3, 4].map(modelNamed))
          for (const direction of ['upstream', 'downstream'] as const) {
            const request = { root, direction, depth: 10 };
            const expected = walk(view, request).reached.map(({ uri, depth }) => ({ uri, depth }));
            expect(new Set((await database.reach(request)).map((each) => JSON.stringify(each)))).toEqual(
              new Set(expected.map((each) => JSON.stringify(each))),
            );
          }
      }),
    );
  });

  it('is told of every write; a hint that is lost takes nothing back and is reported', async () => {
    const store = createMemoryGraphStore();
    const silent = new Error('the queue does not answer');
    const lost: unknown[] = [];
    let hints = 0;
    const hinting = createHintingStore(
      store,
      {
        changed: async () => {
          hints += 1;
          if (hints === 1) throw silent;
        },
      },
      (error) => lost.push(error),
    );
    const say = (to: string) => {
      const statement = { subject: modelNamed(0), edges: [{ type: 'consumes' as const, to }] };
      return makeStatements(hinting, { provider: 'dbt', statements: [statement], now: day(1) });
    };
    await say(modelNamed(1));
    expect([hints, (await store.all()).change, lost]).toEqual([1, 1, [silent]]);
    await say(modelNamed(2));
    expect([hints, (await store.all()).change, lost]).toEqual([2, 2, [silent]]);
  });
});
