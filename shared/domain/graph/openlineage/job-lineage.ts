import { compare, latestFirst, type Seen } from './entries.ts';
import { type JobState, runsThatCount } from './lineage-state.ts';
import { isDatasetKey, type NodeKey } from './node-key.ts';
import { flowOf } from './state-deltas.ts';

/** What a job reads and makes at present. */
export type JobLineage = {
  readonly consumes: readonly NodeKey[];
  /** Every dataset that it makes or once made. */
  readonly productions: readonly {
    readonly dataset: NodeKey;
    readonly isCurrent: boolean;
    readonly sources: readonly NodeKey[];
  }[];
};

/**
 * What the last ten runs reported, or what was declared without a run and since then reported. Where explicit lineage
 * covers all that the job makes, each output comes from its own sources and the job consumes only what it says of
 * itself; elsewhere every output comes from every input, through the job.
 */
export function lineageOfJob(key: NodeKey, job: JobState): JobLineage {
  const before = latestFirst(job.runs)[runsThatCount]?.[1] ?? '';
  const declared = job.declared?.value ?? undefined;
  const since = job.declared?.at ?? '';
  const current = (seen: Seen, named: readonly string[] = []) => {
    const reported = seen.filter(([, at]) => at > before && at >= since).map(([each]) => each);
    return new Set([...reported, ...named]);
  };
  const outputs = current(job.outputs, declared?.outputs);
  const targets = current(job.targets, declared?.targets);
  const flows = current(job.flows, declared?.flows);
  const sourcesOf = (target: NodeKey) =>
    [...flows].filter((flow) => flow.startsWith(flowOf(target, ''))).map((flow) => flow.slice(target.length + 1));
  const isExplicit = outputs.size > 0 && [...outputs].every((output) => targets.has(output));
  const implied = isExplicit ? [] : current(job.inputs, declared?.inputs);
  const consumes = [...new Set([...implied, ...sourcesOf(key)])].filter((each) => each !== key);
  const known = new Set([...job.outputs.map(([output]) => output), ...outputs]);
  return {
    consumes: consumes.toSorted(),
    productions: [...known]
      .filter(isDatasetKey)
      .toSorted(compare)
      .map((dataset) => ({
        dataset,
        isCurrent: outputs.has(dataset),
        sources: outputs.has(dataset) ? sourcesOf(dataset).toSorted() : [],
      })),
  };
}
