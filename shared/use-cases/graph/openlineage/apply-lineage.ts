import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import { otherNamesOf } from '../../../domain/graph/openlineage/dataset-statements.ts';
import { lineageOfJob } from '../../../domain/graph/openlineage/job-lineage.ts';
import type { LineageEvent } from '../../../domain/graph/openlineage/lineage-event.ts';
import {
  emptyDataset,
  emptyJob,
  emptyRun,
  type LineageState,
  mergeStates,
} from '../../../domain/graph/openlineage/lineage-state.ts';
import { openLineageProvider } from '../../../domain/graph/openlineage/node-key.ts';
import { deltasOf, type StateKey } from '../../../domain/graph/openlineage/state-deltas.ts';
import { statementsOf } from '../../../domain/graph/openlineage/state-statements.ts';
import type { Statement } from '../../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../../domain/time.ts';
import type { GraphStore } from '../../../ports/graph-store.ts';
import type { LineageStateStore, StoredLineageState } from '../../../ports/lineage-state-store.ts';
import { withRetryOnConflict } from '../../with-retry-on-conflict.ts';
import { makeStatements } from '../make-statements.ts';

export type LineagePorts = {
  readonly graph: Pick<GraphStore, 'getMany' | 'putMany'>;
  readonly states: LineageStateStore;
};

type Deltas = ReadonlyMap<StateKey, LineageState>;

/** Other writers of the same states are few, and each of them restates at the end, too. */
const restatements = 5;

/**
 * Adds the events to what was known of their runs, jobs and datasets, and states what follows in the graph. The order of
 * events does not matter, nor how often they come: states only grow, and what is stated follows from states alone. Who is
 * interrupted does everything again. Gives how many contributions changed.
 */
export async function applyLineage(
  { graph, states }: LineagePorts,
  events: readonly LineageEvent[],
  now: Instant,
): Promise<{ readonly changed: number }> {
  const touched = await grow(states, merged(events.map(deltasOf)), now);
  const withProductions = await grow(states, merged(touched.map(productionsOf)), now);
  const datasets = latest([...touched, ...withProductions]);
  const withNames = await grow(states, merged(datasets.map(namesOf)), now);
  let present = latest([...datasets, ...withNames]);
  let changed = 0;
  for (let left = restatements; left > 0 && present.length > 0; left -= 1) {
    changed += await state(graph, present, now);
    // Another writer may have added to a state after it was read here, and have stated that before this was.
    present = await movedSince(states, present);
  }
  return { changed };
}

function merged(all: readonly Deltas[]): Deltas {
  const deltas = new Map<StateKey, LineageState>();
  for (const [key, delta] of all.flatMap((each) => [...each])) {
    const held = deltas.get(key);
    deltas.set(key, held === undefined ? delta : mergeStates(held, delta));
  }
  return deltas;
}

/** Merges each into what is stored; gives all of them as they are then. */
async function grow(states: LineageStateStore, deltas: Deltas, now: Instant): Promise<readonly StoredLineageState[]> {
  const known = new Map((await states.getMany([...deltas.keys()])).map((stored) => [stored.key, stored]));
  const grown: StoredLineageState[] = [];
  for (const [key, delta] of deltas) {
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      const held = attempts === 1 ? known.get(key) : (await states.getMany([key]))[0];
      const next = mergeStates(held?.state ?? emptyOf(delta), delta);
      const expectedRevision = held?.revision ?? 0;
      if (held !== undefined && JSON.stringify(held.state) === JSON.stringify(next)) return held;
      await states.put({ key, state: next, expectedRevision }, now);
      return { key, state: next, revision: expectedRevision + 1 };
    };
    grown.push(await withRetryOnConflict(attempt));
  }
  return grown;
}

/** What the jobs among them say of the datasets that they make, or no longer make. */
function productionsOf({ key, state, revision }: StoredLineageState): Deltas {
  if (state.kind !== 'job') return new Map();
  return new Map(
    lineageOfJob(key, state).productions.map(({ dataset, isCurrent, sources }) => [
      dataset,
      { ...emptyDataset, producers: [[key, { revision, isCurrent, sources }]] },
    ]),
  );
}

/** What the datasets among them say of names that they have, or had. */
function namesOf({ key, state, revision }: StoredLineageState): Deltas {
  if (state.kind !== 'dataset') return new Map();
  const current = otherNamesOf(state);
  return new Map(
    state.otherNames
      .filter(([name]) => name !== key)
      .map(([name]) => [name, { ...emptyDataset, aliasOf: [[key, { revision, isCurrent: current.has(name) }]] }]),
  );
}

function latest(stored: readonly StoredLineageState[]): readonly StoredLineageState[] {
  const byKey = new Map<StateKey, StoredLineageState>();
  for (const each of stored) if (each.revision >= (byKey.get(each.key)?.revision ?? 0)) byKey.set(each.key, each);
  return [...byKey.values()];
}

async function state(
  graph: LineagePorts['graph'],
  present: readonly StoredLineageState[],
  now: Instant,
): Promise<number> {
  const statements = new Map<EntityUri, Statement>();
  const retired = new Set<EntityUri>();
  for (const { key, state } of present) {
    const stated = statementsOf(key, state);
    for (const statement of stated.statements) statements.set(statement.subject, statement);
    for (const uri of stated.retired) retired.add(uri);
  }
  const { changed } = await makeStatements(graph, {
    provider: openLineageProvider,
    statements: [...statements.values()],
    retired: [...retired].filter((uri) => !statements.has(uri)),
    now,
  });
  return changed;
}

async function movedSince(
  states: LineageStateStore,
  present: readonly StoredLineageState[],
): Promise<readonly StoredLineageState[]> {
  const stated = new Map(present.map(({ key, revision }) => [key, revision]));
  const now = await states.getMany([...stated.keys()]);
  return now.filter(({ key, revision }) => revision > (stated.get(key) ?? 0));
}

function emptyOf({ kind }: LineageState): LineageState {
  if (kind === 'run') return emptyRun;
  return kind === 'job' ? emptyJob : emptyDataset;
}
