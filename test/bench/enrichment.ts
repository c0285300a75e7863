import { loadavg } from 'node:os';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createMemoryEnrichmentProgress } from '../../shared/adapters/memory/memory-enrichment-progress.ts';
import { createMemoryOverrideExpiries } from '../../shared/adapters/memory/memory-override-expiries.ts';
import { formatEntityRef } from '../../shared/domain/graph/entity-ref.ts';
import type { EntityType } from '../../shared/domain/graph/entity-types.ts';
import type { StatedEdge, Statement } from '../../shared/domain/graph/provider-contribution.ts';
import { toInstant } from '../../shared/domain/time.ts';
import { enrichGraph } from '../../shared/use-cases/graph/enrich-graph.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';
import { makeStatements } from '../../shared/use-cases/graph/make-statements.ts';
import { startDynoxide } from '../contracts/dynoxide.ts';
import { healthTable } from '../contracts/evaluation-store.health-table.ts';

// `npm run bench:enrichment [entities]`: what a whole pass of inference takes, and one after a single change, over the
// DynamoDB engine. Prints, asserts nothing. A run of its function stops after seven minutes, and the next goes on.

const count = Number(process.argv[2] ?? 100_000);
const perGroup = 100;
const at = (minute: number) => toInstant(Date.parse('2001-02-01T00:00:00.000Z') + minute * 60_000);

/** A hundred entities around five models, as deployed models have them. */
function group(number: number): readonly Statement[] {
  const uri = (type: EntityType, index: number) =>
    formatEntityRef({ type, platform: 'bench', id: `${number}/${type}-${index}` });
  const several = (
    type: EntityType,
    many: number,
    edges: (index: number) => readonly StatedEdge[] = () => [],
    attributes?: (index: number) => Readonly<Record<string, string>>,
  ): readonly Statement[] =>
    Array.from({ length: many }, (_, index) => ({
      subject: uri(type, index),
      description: { name: `${type} ${number}-${index}`, ...(attributes && { attributes: attributes(index) }) },
      edges: edges(index),
    }));
  const to = (type: StatedEdge['type'], target: EntityType, index: number): StatedEdge => ({
    type,
    to: uri(target, index),
  });
  return [
    ...several('model', 5, (i) => [
      to('servedBy', 'model-version', i),
      to('consumes', 'feature-view', i),
      to('ownedBy', 'person', i % 2),
    ]),
    ...several(
      'model-version',
      20,
      (i) => [to('versionOf', 'model', i % 5), to('producedBy', 'pipeline-run', i)],
      (i) => ({ digest: `sha256:${number}-${i % 5}` }),
    ),
    ...several('pipeline-run', 20, (i) => [
      to('runOf', 'pipeline', i % 5),
      to('consumes', 'dataset', i % 10),
      to('partOf', 'experiment-cell', i % 4),
    ]),
    ...several('pipeline', 5, (i) => [to('ownedBy', 'team', i % 1)]),
    ...several('feature', 20, (i) => [to('partOf', 'feature-view', i % 5), to('derivedFrom', 'dataset', i % 10)]),
    ...several('feature-view', 5),
    ...several('dataset', 10),
    ...several(
      'artifact',
      5,
      (i) => [to('producedBy', 'pipeline-run', i)],
      (i) => ({ digest: `sha256:${number}-${i}` }),
    ),
    ...several('experiment', 2),
    ...several('experiment-cell', 4, (i) => [to('partOf', 'experiment', i % 2)]),
    ...several('person', 2, () => [to('memberOf', 'team', 0)]),
    ...several('team', 1),
    ...several('service', 1, () => [to('consumes', 'model', 0)]),
  ];
}

const engine = await startDynoxide();
await engine.createTable(healthTable('graph'));
const graph = createDynamoGraphStore({ client: engine.client, tableName: 'graph' });
for (let number = 0; number < count / perGroup; number += 1)
  await makeStatements(graph, { provider: 'bench', statements: group(number), now: at(0) });

const ports = {
  graph,
  view: createGraphView(graph),
  progress: createMemoryEnrichmentProgress(),
  expiries: createMemoryOverrideExpiries(),
};

async function pass(name: string, minute: number): Promise<void> {
  const [from, before] = [performance.now(), process.cpuUsage()];
  const { lookedAt, changed } = await enrichGraph(ports, at(minute));
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${name}: ${lookedAt} looked at, ${changed} changed, ${((performance.now() - from) / 1_000).toFixed(1)} s ` +
      `(${((user + system) / 1e6).toFixed(1)} s of processor time)`,
  );
}

console.log(`${count} entities; load average ${loadavg()[0]?.toFixed(0)}`);
await pass('everything, at first', 1);
await pass('nothing changed', 2);
const [first] = group(0);
if (first !== undefined)
  await makeStatements(graph, { provider: 'bench', statements: [{ ...first, edges: [] }], now: at(3) });
await pass('one model changed', 3);
await pass('everything, a day later', 24 * 60 + 3);
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB`);
await engine.stop();
