import * as z from '../../zod.ts';
import { canonicalDataset, canonicalJob } from './canonical-name.ts';
import type { Register, Seen } from './entries.ts';
import type { EventTime } from './event-time.ts';
import { facetOf } from './facet-of.ts';
import type { EventNode, LineageEvent, RawFacets } from './lineage-event.ts';
import {
  type DatasetState,
  type Declared,
  emptyDataset,
  emptyJob,
  emptyRun,
  type FacetRegisters,
  type JobState,
  type LineageState,
  mergeStates,
} from './lineage-state.ts';
import { nodeNameSchema } from './names.ts';
import { datasetKey, isDatasetKey, isJobKey, jobKey, type NodeKey } from './node-key.ts';
import { type ColumnSources, isFacetName, lineageFields, lineageInputs, readFacet } from './read-facet.ts';
import { type Assertions, assertionKey } from './read-quality.ts';

/** `run\n<id>`, or a node's key. */
export type StateKey = string;

export const runStateKey = (runId: string): StateKey => `run\n${runId}`;

/** What one event adds to the states that it is about. */
export function deltasOf(event: LineageEvent): ReadonlyMap<StateKey, LineageState> {
  const deltas = new Map<StateKey, LineageState>();
  const add = (key: StateKey, state: LineageState) => {
    const held = deltas.get(key);
    deltas.set(key, held === undefined ? state : mergeStates(held, state));
  };
  if (event.kind === 'dataset') add(event.dataset.key, datasetDelta(event.dataset, event.at, { isAboutIt: true }));
  else if (event.kind === 'job') addJobEvent(event, add);
  else addRunEvent(event, add);
  return deltas;
}

/** The dataset that the event is about, or else the jobs that it says something of: its own, and those of explicit lineage. */
export function subjectsOf(event: LineageEvent): readonly NodeKey[] {
  return event.kind === 'dataset' ? [event.dataset.key] : [...deltasOf(event).keys()].filter(isJobKey);
}

/** A job's flows to a target are `target`, tab, `source`. */
export const flowOf = (target: NodeKey, source: NodeKey): string => `${target}\t${source}`;

type Add = (key: StateKey, state: LineageState) => void;
type RunEvent = Extract<LineageEvent, { kind: 'run' }>;
type JobEvent = Extract<LineageEvent, { kind: 'job' }>;

function addRunEvent({ at, eventType, run, job, inputs, outputs }: RunEvent, add: Add): void {
  const seen = (keys: readonly NodeKey[]): Seen => keys.map((key) => [key, at] as const);
  const facets = registersOf(run.facets, at);
  add(runStateKey(run.runId), {
    ...emptyRun,
    job: { at, value: job.key },
    facets,
    events: [[eventType, at]],
    inputs: seen(inputs.map(({ key }) => key)),
    outputs: seen(outputs.map(({ key }) => key)),
  });
  const parent = facetOf(facets, 'parent');
  if (parent !== undefined)
    add(runStateKey(parent.runId), {
      ...emptyRun,
      ...(parent.job !== undefined && { job: { at, value: parent.job } }),
    });
  const explicit = explicitOf(job, outputs);
  add(job.key, {
    ...jobDelta(job, at),
    runs: [[run.runId, at]],
    inputs: seen(inputs.map(({ key }) => key)),
    outputs: seen([...outputs.map(({ key }) => key), ...explicit.targets.filter(isDatasetKey)]),
    targets: seen(explicit.targets),
    flows: seen(explicit.flows),
  });
  addOtherJobs(explicit, at, add);
  for (const input of inputs) add(input.key, datasetDelta(input, at, { runId: run.runId }));
  for (const output of outputs) add(output.key, writtenDelta(output, at, run.runId));
  addColumns(explicit, at, add);
}

function addJobEvent({ at, job, inputs, outputs }: JobEvent, add: Add): void {
  const explicit = explicitOf(job, outputs ?? []);
  const isSaid = inputs !== undefined || outputs !== undefined || explicit.targets.length > 0;
  const declared: Declared = {
    inputs: (inputs ?? []).map(({ key }) => key).toSorted(),
    outputs: [...(outputs ?? []).map(({ key }) => key), ...explicit.targets.filter(isDatasetKey)].toSorted(),
    targets: explicit.targets,
    flows: explicit.flows,
  };
  const known = declared.outputs.map((key) => [key, at] as const);
  add(job.key, { ...jobDelta(job, at), outputs: known, ...(isSaid && { declared: { at, value: declared } }) });
  addOtherJobs(explicit, at, add);
  for (const node of [...(inputs ?? []), ...(outputs ?? [])]) add(node.key, datasetDelta(node, at));
  addColumns(explicit, at, add);
}

function jobDelta({ name, facets }: EventNode, at: EventTime): JobState {
  return { ...emptyJob, name, facets: registersOf(facets, at) };
}

type Said = { readonly isAboutIt?: true; readonly runId?: string };

/** Only an event about the dataset itself replaces where it comes from; in a run the job says so. */
function datasetDelta({ name, facets: raw }: EventNode, at: EventTime, said: Said = {}): DatasetState {
  const read = registersOf(raw, at).filter(([facet]) => said.isAboutIt || facet !== 'lineage');
  const { facets, assertions } = measured(read, said.runId);
  const names = [...(facetOf(facets, 'symlinks') ?? []), ...previousNames(facets)];
  const columns = [
    ...(facetOf(facets, 'schema') ?? []),
    ...(facetOf(facets, 'columnLineage') ?? []),
    ...(facetOf(facets, 'lineage')?.columns ?? []),
  ];
  return {
    ...emptyDataset,
    name,
    facets,
    ...(assertions.length > 0 && { assertions }),
    otherNames: names.map((key) => [key, at] as const),
    columns: [...new Set(columns.map(([column]) => column))].toSorted().map((column) => [column, at] as const),
  };
}

const measurements: ReadonlySet<string> = new Set(['dataQualityMetrics', 'outputStatistics']);

/** With the run that measured. Runs check one thing at a time, so that each check is kept by itself. */
function measured(read: FacetRegisters, runId: string | undefined) {
  const checked = facetOf(read, 'dataQualityAssertions') ?? [];
  const at = read.find(([name]) => name === 'dataQualityAssertions')?.[1].at ?? '';
  const results = checked.map((check) => [assertionKey(check), { at, value: { ...check, runId } }] as const);
  const assertions: Assertions = [...new Map(results)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const facets = read
    .filter(([name, { value }]) => name !== 'dataQualityAssertions' || value === null)
    .map(([name, { at, value }]): FacetRegisters[number] =>
      measurements.has(name) && value !== null
        ? [name, { at, value: { ...Object(value), runId } }]
        : [name, { at, value }],
    );
  return { facets, assertions };
}

function previousNames(facets: FacetRegisters): readonly NodeKey[] {
  const previous = facetOf(facets, 'lifecycleStateChange')?.previous;
  return previous === undefined ? [] : [previous];
}

function writtenDelta(output: EventNode, at: EventTime, runId: string): DatasetState {
  const delta = datasetDelta(output, at, { runId });
  const version = facetOf(delta.facets, 'version');
  return {
    ...delta,
    writtenAt: at,
    ...(version !== undefined && { versions: [[version, { at, value: runId }]] }),
  };
}

function registersOf(raw: RawFacets, at: EventTime): FacetRegisters {
  return Object.entries(raw)
    .flatMap(([name, facet]): FacetRegisters => {
      if (!isFacetName(name) || facet === null || facet === undefined) return [];
      const isDeleted = typeof facet === 'object' && '_deleted' in facet && facet._deleted === true;
      const value = isDeleted ? null : readFacet(name, facet);
      return value === undefined ? [] : [[name, { at, value } satisfies Register<unknown>]];
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

type Explicit = {
  readonly targets: readonly NodeKey[];
  readonly flows: readonly string[];
  readonly columns: readonly (readonly [NodeKey, ColumnSources])[];
  /** Other jobs, and what feeds them. */
  readonly others: readonly (readonly [NodeKey, readonly NodeKey[]])[];
};

const entrySchema = z.object({
  type: z.enum(['DATASET', 'JOB']),
  namespace: z.string().optional(),
  name: z.string().optional(),
  inputs: lineageInputs.optional(),
  fields: lineageFields.optional(),
});
const jobLineageSchema = z.object({ entries: z.array(z.unknown()).max(5_000) });
const datasetLineageSchema = z.object({ inputs: lineageInputs.optional(), fields: lineageFields.optional() });

/** What the explicit lineage facets (1-0-0) of a job and of its outputs say, as targets and their sources. */
function explicitOf(job: EventNode, outputs: readonly EventNode[]): Explicit {
  const ofJob = jobLineageSchema.safeParse(job.facets.lineage).data?.entries ?? [];
  const entries = ofJob.flatMap((entry) => {
    const read = entrySchema.safeParse(entry).data;
    const target = read && targetOf(read, job.key);
    return read === undefined || target === undefined ? [] : [{ target, ...read }];
  });
  const ofOutputs = outputs.flatMap(({ key, facets }) => {
    const read = facets.lineage === undefined ? undefined : datasetLineageSchema.safeParse(facets.lineage).data;
    return read === undefined ? [] : [{ target: key, ...read }];
  });
  const all = [...entries, ...ofOutputs];
  // Fields alone say where columns come from, not that nothing else feeds the target.
  const told = all.flatMap(({ target, inputs }) => (inputs === undefined ? [] : [{ target, sources: inputs.nodes }]));
  const own = told.filter(({ target }) => isDatasetKey(target) || target === job.key);
  return {
    targets: unique(own.map(({ target }) => target)),
    flows: unique(own.flatMap(({ target, sources }) => sources.map((source) => flowOf(target, source)))),
    columns: all.flatMap(({ target, fields }) => (fields === undefined ? [] : [[target, fields] as const])),
    others: told.flatMap(({ target, sources }) =>
      isDatasetKey(target) || target === job.key ? [] : [[target, sources] as const],
    ),
  };
}

const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)].toSorted();

function targetOf(entry: z.output<typeof entrySchema>, own: NodeKey): NodeKey | undefined {
  const node = nodeNameSchema.safeParse(entry).data;
  if (entry.type === 'DATASET') return node && datasetKey(canonicalDataset(node));
  return node === undefined ? own : jobKey(canonicalJob(node));
}

function addColumns({ columns }: Explicit, at: EventTime, add: Add): void {
  for (const [target, sources] of columns)
    if (isDatasetKey(target))
      add(target, {
        ...emptyDataset,
        columns: sources.map(([column]) => [column, at] as const),
        explicitColumns: { at, value: sources },
      });
}

/** What is said of another job's inputs is observed there, like its own reports. */
function addOtherJobs({ others }: Explicit, at: EventTime, add: Add): void {
  for (const [target, sources] of others)
    add(target, { ...emptyJob, inputs: sources.map((source) => [source, at] as const) });
}
