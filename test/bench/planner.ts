import { loadavg } from 'node:os';
import type { Tier } from '../../shared/domain/registry/schemas.ts';
import { type CascadeGraph, createCascadeGraph } from '../../shared/domain/retraining/cascade/cascade-graph.ts';
import type { CascadeNode, CascadeRequest } from '../../shared/domain/retraining/cascade/cascade-plan.ts';
import { planCascade } from '../../shared/domain/retraining/cascade/plan-cascade.ts';
import { chooseRetrains } from '../../shared/domain/retraining/queue/choose-retrains.ts';
import { estimateStarts } from '../../shared/domain/retraining/queue/estimate-starts.ts';
import type { Queue } from '../../shared/domain/retraining/queue/queue-request.ts';
import { seededRandom } from '../../shared/domain/seeded-random.ts';
import { minuteMillis, toInstant, toMillis } from '../../shared/domain/time.ts';

// What a cascade's plan and a decision on the queue cost: `npm run bench:planner`. Each beside a baseline of the same run.

const sizes = { models: 10_000, others: 20_000, edges: 1_000_000, waiting: 10_000, teams: 30 } as const;
const allowedMillis = { plan: 1_000, decision: 50 } as const;
const runs = 9;
const now = '2026-03-02T12:00:00.000Z';
const random = seededRandom(6);
const below = (limit: number) => Math.floor(random() * limit);

/** The least of several runs: clock, and processor time, which a busy machine does not stretch as much. */
function measure(name: string, work: () => void): number {
  work();
  const measured = Array.from({ length: runs }, () => {
    const [started, before] = [performance.now(), process.cpuUsage()];
    work();
    const { user, system } = process.cpuUsage(before);
    return { wall: performance.now() - started, processor: (user + system) / 1_000 };
  });
  const least = (of: 'wall' | 'processor') => Math.min(...measured.map((one) => one[of]));
  console.log(`  ${name}: ${least('wall').toFixed(1)} ms, ${least('processor').toFixed(1)} ms of processor time`);
  return least('wall');
}

/** Nodes depend on ones of smaller numbers, and a hundred edges lead back: there are cycles to be cut. */
function drawEdges() {
  const nodeCount = sizes.models + sizes.others;
  const dependantOf = new Int32Array(sizes.edges);
  const dependencyOf = new Int32Array(sizes.edges);
  for (let edge = 0; edge < sizes.edges; edge += 1) {
    const [a, b] = [below(nodeCount), below(nodeCount)];
    const isBackward = edge % 10_000 === 0;
    dependantOf[edge] = isBackward ? Math.min(a, b) : Math.max(a, b);
    dependencyOf[edge] = isBackward ? Math.max(a, b) : Math.min(a, b);
  }
  return { nodeCount, dependantOf, dependencyOf };
}

function drawNodes(nodeCount: number): readonly CascadeNode[] {
  return Array.from({ length: nodeCount }, (_, node) => {
    // Models among features and datasets, evenly.
    if (node % 3 !== 0) return { uri: `aip://feature/registry/bench/f${node}` };
    const modelId = `model-${String(node).padStart(6, '0')}`;
    return {
      uri: `aip://model/registry/${modelId}`,
      model: {
        modelId,
        team: `team-${below(sizes.teams)}`,
        tier: (1 + below(4)) as Tier,
        lifecycle: 'active',
        isDeployed: true,
        stalenessScore: random(),
        expectedCost: below(100),
        trainingMinutes: 10 + below(240),
        rolloutMinutes: 16 * 60,
        cascade: {
          isOn: below(20) > 0,
          ...(below(50) === 0 && { veto: 'not before the audit' }),
          ...(below(3) === 0 && { offPeak: { from: '22:00', to: '06:00', timeZone: 'Europe/Berlin' } }),
        },
      },
    };
  });
}

function breadthFirst({ nodeCount, first, dependants }: CascadeGraph, root: number): number {
  const seen = new Uint8Array(nodeCount);
  const queue = new Int32Array(nodeCount);
  seen[root] = 1;
  let end = 1;
  queue[0] = root;
  for (let at = 0; at < end; at += 1) {
    const node = queue[at]!;
    for (let edge = first[node]!; edge < first[node + 1]!; edge += 1) {
      const dependant = dependants[edge]!;
      if (seen[dependant] === 1) continue;
      seen[dependant] = 1;
      queue[end] = dependant;
      end += 1;
    }
  }
  return end;
}

function drawQueue(): Queue {
  const orchestrators = ['queue', 'maestro', 'metaflow'];
  const of = () => ({ team: `team-${below(sizes.teams)}`, orchestrator: orchestrators[below(3)]! });
  const ago = (minutes: number) => toInstant(toMillis(now) - below(minutes) * minuteMillis);
  return {
    waiting: Array.from({ length: sizes.waiting }, (_, index) => ({
      ...of(),
      retrainId: `model-${index}-r1`,
      modelId: `model-${index}`,
      tier: (1 + below(4)) as Tier,
      stalenessScore: random(),
      requestedAt: ago(3 * 24 * 60),
      priorityBump: below(100) === 0 ? 2 : 0,
      ...(below(50) === 0 && { heldBy: 'ada' }),
      ...(below(10) === 0 && { notBefore: toInstant(toMillis(now) + below(600) * minuteMillis) }),
      trainingMinutes: 10 + below(240),
    })),
    running: Array.from({ length: 25 }, (_, index) => ({ ...of(), retrainId: `x-${index}-r1`, startedAt: ago(120) })),
    limits: { overall: 50, perTeam: { each: 5 }, perOrchestrator: { each: 30 }, openOrchestrators: ['metaflow'] },
    now,
  };
}

function report(limit: number, millis: number, baseline: number): void {
  console.log(
    `  ${(millis / baseline).toFixed(1)} times the baseline; ${(millis / limit).toFixed(2)} of the ${limit} ms allowed`,
  );
}

const { nodeCount, ...edges } = drawEdges();
const graph = createCascadeGraph(nodeCount, edges);
const request: CascadeRequest = {
  graph,
  nodes: drawNodes(nodeCount),
  promoted: [0],
  rules: {
    cooldownMinutes: 240,
    blastRadius: { dependants: 50, batchSize: 50, window: { from: '22:00', to: '06:00', timeZone: 'UTC' } },
    overall: 50,
    perTeam: { each: 5 },
  },
  now,
};
const plan = planCascade(request);
const cuts = plan.cycles.reduce((sum, cycle) => sum + cycle.cuts.length, 0);
console.log(
  `${sizes.models.toLocaleString('en')} models and ${sizes.others.toLocaleString('en')} other nodes, ` +
    `${sizes.edges.toLocaleString('en')} edges, load ${loadavg()[0]!.toFixed(1)}:`,
);
console.log(
  `  planned ${plan.retrains.length} retrains in ${plan.waves.length} waves, ${plan.excluded.length} excluded, ${cuts} edges cut`,
);
measure('rows of dependants out of the edges', () => void createCascadeGraph(nodeCount, edges));
const search = measure('baseline: bare breadth-first search of the same rows', () => void breadthFirst(graph, 0));
const planned = measure(
  'plan, rows included',
  () => void planCascade({ ...request, graph: createCascadeGraph(nodeCount, edges) }),
);
report(allowedMillis.plan, planned, search);

const queue = drawQueue();
const keys = Float64Array.from(queue.waiting, ({ requestedAt }) => toMillis(requestedAt));
console.log(`${sizes.waiting.toLocaleString('en')} waiting retrains, ${queue.running.length} running:`);
const sorted = measure('baseline: bare sort of as many keys', () => void keys.slice().sort());
const objects = measure(
  'baseline: the same objects sorted by their request',
  () => void queue.waiting.toSorted((a, b) => (a.requestedAt < b.requestedAt ? -1 : 1)),
);
const decided = measure('decision', () => void chooseRetrains(queue));
report(allowedMillis.decision, decided, objects);
console.log(`  ${(decided / sorted).toFixed(1)} times the bare sort of numbers`);
measure('position and estimated start of each', () => void estimateStarts(queue, 60));
