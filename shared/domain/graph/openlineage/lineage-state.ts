import { type Entries, laterOf, laterOrOnly, mergeEntries, mergeSeen, type Register, type Seen } from './entries.ts';
import type { EventTime } from './event-time.ts';
import type { NodeKey } from './node-key.ts';
import type { DatasetLineage, FacetName, Facets } from './read-facet.ts';
import type { Assertions } from './read-quality.ts';

/** The latest that was said in each facet. */
export type FacetRegisters = Entries<Register<Facets[FacetName]>>;

/** What the events of one run have said so far. */
export type RunState = {
  readonly kind: 'run';
  readonly job?: Register<NodeKey>;
  readonly facets: FacetRegisters;
  /** By type of event. */
  readonly events: Seen;
  readonly inputs: Seen;
  readonly outputs: Seen;
};

/** What a job reads and makes, as its events say. */
export type JobState = {
  readonly kind: 'job';
  readonly name?: string;
  readonly facets: FacetRegisters;
  /** Its latest runs: one more than those whose reports hold. */
  readonly runs: Seen;
  readonly inputs: Seen;
  readonly outputs: Seen;
  /** Of the explicit lineage facet: targets, and `target`, tab, `source`. */
  readonly targets: Seen;
  readonly flows: Seen;
  /** Of the latest event about the job that has no run. */
  readonly declared?: Register<Declared>;
};

export type Declared = {
  readonly inputs: readonly NodeKey[];
  readonly outputs: readonly NodeKey[];
  readonly targets: readonly NodeKey[];
  readonly flows: readonly string[];
};

/** What a job says of a dataset that it makes, or once made; of two the greater revision of the job counts. */
export type Production = {
  readonly revision: number;
  readonly isCurrent: boolean;
  /** Where it comes from, where the job says so explicitly. */
  readonly sources: readonly NodeKey[];
};

/** Another name of a dataset; of two the greater revision of that dataset counts. */
export type OtherName = { readonly revision: number; readonly isCurrent: boolean };

export type DatasetState = {
  readonly kind: 'dataset';
  readonly name?: string;
  readonly facets: FacetRegisters;
  readonly producers: Entries<Production>;
  /** Datasets whose other name this is. */
  readonly aliasOf: Entries<OtherName>;
  /** Names that it ever had beside its own, and columns, versions that it was ever written as, with their runs. */
  readonly otherNames: Seen;
  readonly columns: Seen;
  readonly versions: Entries<Register<string>>;
  /** When it was last an output. */
  readonly writtenAt?: EventTime;
  /** What each check of it gave last. */
  readonly assertions?: Assertions;
  /** Columns of the explicit lineage facet of jobs. */
  readonly explicitColumns?: Register<DatasetLineage['columns']>;
};

export type LineageState = RunState | JobState | DatasetState;

/** A job's edges are those that its last runs have reported. */
export const runsThatCount = 10;
const keptRuns = runsThatCount + 1;
const keptNodes = 1_000;
const keptFlows = 5_000;
const keptColumns = 2_000;
const keptVersions = 200;
const keptAssertions = 200;

export const emptyRun: RunState = { kind: 'run', facets: [], events: [], inputs: [], outputs: [] };
export const emptyJob: JobState = {
  kind: 'job',
  facets: [],
  runs: [],
  inputs: [],
  outputs: [],
  targets: [],
  flows: [],
};
export const emptyDataset: DatasetState = {
  kind: 'dataset',
  facets: [],
  producers: [],
  aliasOf: [],
  otherNames: [],
  columns: [],
  versions: [],
};

/** The same whatever the order, and however often. Throws `TypeError` when they are of different kinds. */
export function mergeStates(a: LineageState, b: LineageState): LineageState {
  if (a.kind === 'run' && b.kind === 'run') return mergeRuns(a, b);
  if (a.kind === 'job' && b.kind === 'job') return mergeJobs(a, b);
  if (a.kind === 'dataset' && b.kind === 'dataset') return mergeDatasets(a, b);
  throw new TypeError(`states of a ${a.kind} and a ${b.kind}, expected two of one kind`);
}

function mergeRuns(a: RunState, b: RunState): RunState {
  const job = laterOrOnly(a.job, b.job);
  return {
    kind: 'run',
    ...(job !== undefined && { job }),
    facets: mergeEntries(a.facets, b.facets, laterOf),
    events: mergeSeen(a.events, b.events, keptNodes),
    inputs: mergeSeen(a.inputs, b.inputs, keptNodes),
    outputs: mergeSeen(a.outputs, b.outputs, keptNodes),
  };
}

function mergeJobs(a: JobState, b: JobState): JobState {
  const declared = laterOrOnly(a.declared, b.declared);
  return {
    kind: 'job',
    ...mergeNames(a, b),
    facets: mergeEntries(a.facets, b.facets, laterOf),
    runs: mergeSeen(a.runs, b.runs, keptRuns),
    inputs: mergeSeen(a.inputs, b.inputs, keptNodes),
    outputs: mergeSeen(a.outputs, b.outputs, keptNodes),
    targets: mergeSeen(a.targets, b.targets, keptNodes),
    flows: mergeSeen(a.flows, b.flows, keptFlows),
    ...(declared !== undefined && { declared }),
  };
}

function mergeDatasets(a: DatasetState, b: DatasetState): DatasetState {
  const explicitColumns = laterOrOnly(a.explicitColumns, b.explicitColumns);
  const assertions = mergeLatest(a.assertions ?? [], b.assertions ?? [], keptAssertions);
  const writtenAt = [a.writtenAt ?? '', b.writtenAt ?? ''].toSorted().at(-1) ?? '';
  return {
    kind: 'dataset',
    ...mergeNames(a, b),
    facets: mergeEntries(a.facets, b.facets, laterOf),
    producers: mergeEntries(a.producers, b.producers, byRevision),
    aliasOf: mergeEntries(a.aliasOf, b.aliasOf, byRevision),
    otherNames: mergeSeen(a.otherNames, b.otherNames, keptNodes),
    columns: mergeSeen(a.columns, b.columns, keptColumns),
    versions: mergeLatest(a.versions, b.versions, keptVersions),
    ...(writtenAt !== '' && { writtenAt }),
    ...(assertions.length > 0 && { assertions }),
    ...(explicitColumns !== undefined && { explicitColumns }),
  };
}

function mergeLatest<T>(a: Entries<Register<T>>, b: Entries<Register<T>>, limit: number): Entries<Register<T>> {
  const merged = mergeEntries(a, b, laterOf);
  const latest = mergeSeen(
    merged.map(([key, { at }]) => [key, at] as const),
    [],
    limit,
  );
  const kept = new Set(latest.map(([key]) => key));
  return merged.filter(([key]) => kept.has(key));
}

const byRevision = <T extends { readonly revision: number }>(x: T, y: T): T => (x.revision >= y.revision ? x : y);

/** Of several spellings of one id the shortest name, so that it is always the same one. */
function mergeNames(a: { readonly name?: string }, b: { readonly name?: string }): { readonly name?: string } {
  const [name] = [a.name, b.name]
    .filter((each) => each !== undefined)
    .toSorted((x, y) => x.length - y.length || (x < y ? -1 : 1));
  return name === undefined ? {} : { name };
}
