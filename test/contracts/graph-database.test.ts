import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createNeptune } from '../../local/engines/neptune.ts';
import { createMemoryGraphDatabase } from '../../shared/adapters/memory/memory-graph-database.ts';
import type { Rows } from '../../shared/adapters/neptune/neptune-client.ts';
import { createNeptuneGraphDatabase } from '../../shared/adapters/neptune/neptune-graph-database.ts';
import { declareEdges, emptyContribution } from '../../shared/domain/graph/contribution.ts';
import { modelUri } from '../../shared/domain/graph/entities.ts';
import { graphDatabaseContract } from './graph-database.contract.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'runway-graph-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const open = (name: string) => createNeptune({ path: path.join(folder, name) });
const databaseOn = (engine: ReturnType<typeof open>) =>
  createNeptuneGraphDatabase(async (query, parameters) => (await engine.run(query, parameters)) as Rows);

describe('graph database in memory', () => {
  const database = createMemoryGraphDatabase();
  graphDatabaseContract(() => database);
});

describe('graph database on openCypher', () => {
  const engine = open('contract');
  const database = databaseOn(engine);
  afterAll(() => engine.stop());
  graphDatabaseContract(() => database);
});

describe('the embedded engine', () => {
  it('keeps what it was told over a restart', async () => {
    const edge = { from: modelUri('a'), type: 'consumes' as const, to: modelUri('b') };
    const first = open('restarted');
    const claimed = declareEdges(emptyContribution, () => false, [edge], '2001-02-01T00:00:00.000Z');
    await databaseOn(first).apply('model#a', 1, claimed);
    await first.stop();
    const second = open('restarted');
    expect(await databaseOn(second).count()).toEqual({ entities: 2, claims: 1 });
    await second.stop();
  });

  it('refuses with Neptune’s codes what it cannot read or what is not emulated', async () => {
    const engine = open('refusals');
    await expect(engine.run('MATCH (n RETURN n', {})).rejects.toMatchObject({ code: 'MalformedQueryException' });
    await engine.run('CREATE (n:Entity {`~id`: $id})', { id: 'x' });
    await expect(engine.run('MATCH (n) RETURN n', {})).rejects.toMatchObject({
      code: 'UnsupportedOperationException',
    });
    expect(await engine.run('MATCH (n:Entity) RETURN id(n) AS id', {})).toEqual([{ id: 'x' }]);
    await engine.stop();
  });
});
