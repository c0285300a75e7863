import type { StatedEdge, Statement } from '../provider-contribution.ts';
import { datasetStatements } from './dataset-statements.ts';
import { latestFirst } from './entries.ts';
import { evaluationAttributes, textAttributes } from './evaluation-attributes.ts';
import { toWireInstant } from './event-time.ts';
import { facetOf } from './facet-of.ts';
import { lineageOfJob } from './job-lineage.ts';
import type { JobState, LineageState, RunState } from './lineage-state.ts';
import { evaluationUri, isDatasetKey, type NodeKey, runUri, uriOfKey } from './node-key.ts';
import type { TestResult } from './read-facet.ts';
import type { StateKey } from './state-deltas.ts';
import type { Stated } from './stated.ts';

export function statementsOf(key: StateKey, state: LineageState): Stated {
  if (state.kind === 'dataset') return datasetStatements(key, state);
  if (state.kind === 'job') return { statements: [jobStatement(key, state)], retired: [] };
  return { statements: runStatements(key.slice(key.indexOf('\n') + 1), state), retired: [] };
}

function jobStatement(key: NodeKey, job: JobState): Statement {
  const { facets, name } = job;
  const consumes = lineageOfJob(key, job).consumes.map((to) => ({ type: 'consumes', to: uriOfKey(to) }) as const);
  const owners = (facetOf(facets, 'ownership') ?? []).map((to) => ({ type: 'ownedBy', to }) as const);
  const isKnown = name !== undefined;
  const { integration, processingType, jobType } = facetOf(facets, 'jobType') ?? {};
  const codeLink = facetOf(facets, 'sourceCodeLocation');
  const { query: sql, dialect: sqlDialect } = facetOf(facets, 'sql') ?? {};
  return {
    subject: uriOfKey(key),
    ...(isKnown && {
      description: {
        name,
        description: facetOf(facets, 'documentation'),
        tags: tagsOf(job),
        attributes: textAttributes({ codeLink, integration, processingType, jobType, sql, sqlDialect }),
      },
    }),
    edges: [...consumes, ...owners],
  };
}

const terminal: Readonly<Record<string, string>> = { COMPLETE: 'completed', FAIL: 'failed', ABORT: 'aborted' };

function runStatements(runId: string, run: RunState): readonly Statement[] {
  const subject = runUri(runId);
  const job = run.job?.value ?? undefined;
  const parent = facetOf(run.facets, 'parent');
  const inputs = run.inputs.map(([input]) => ({ type: 'consumes', to: uriOfKey(input) }) as const);
  const edges: readonly StatedEdge[] = [
    ...(job === undefined ? [] : [{ type: 'runOf', to: uriOfKey(job) } as const]),
    ...(parent === undefined || parent.runId === runId
      ? []
      : [{ type: 'triggeredBy', to: runUri(parent.runId) } as const]),
    ...inputs,
  ];
  const description = run.events.length === 0 ? undefined : describedRun(runId, run);
  return [
    { subject, ...(description !== undefined && { description }), edges },
    ...(facetOf(run.facets, 'test') ?? []).map((test) => evaluationStatement(runId, run, test)),
  ];
}

function describedRun(runId: string, run: RunState): Statement['description'] {
  const at = (type: string) => run.events.find(([each]) => each === type)?.[1];
  const ended = latestFirst(run.events.filter(([type]) => Object.hasOwn(terminal, type)))[0];
  const startedAt = at('START');
  const job = run.job?.value ?? '';
  return {
    name: `${job.slice(job.lastIndexOf('/') + 1)} ${runId.slice(0, 8)}`.trim(),
    tags: tagsOf(run),
    attributes: textAttributes({
      status: ended === undefined ? 'running' : terminal[ended[0]],
      startedAt: startedAt && toWireInstant(startedAt),
      endedAt: ended && toWireInstant(ended[1]),
      engine: facetOf(run.facets, 'processing_engine'),
      nominalTime: facetOf(run.facets, 'nominalTime'),
      error: facetOf(run.facets, 'errorMessage'),
    }),
  };
}

/** A test is about what its run made or, where it made nothing, about what it read. */
function evaluationStatement(runId: string, run: RunState, test: TestResult): Statement {
  const { name, status, severity, metric = name, expected, actual } = test;
  const judged = run.outputs.length > 0 ? run.outputs : run.inputs;
  return {
    subject: evaluationUri(runId, name),
    description: {
      name,
      attributes: evaluationAttributes({ metric, status, severity, expected, actual }),
    },
    edges: [
      { type: 'producedBy', to: runUri(runId) },
      ...judged
        .filter(([key]) => isDatasetKey(key))
        .map(([key]) => ({ type: 'evaluates', to: uriOfKey(key) }) as const),
    ],
  };
}

function tagsOf({ facets }: { readonly facets: JobState['facets'] }): readonly string[] {
  return (facetOf(facets, 'tags') ?? []).map(({ tag }) => tag);
}
