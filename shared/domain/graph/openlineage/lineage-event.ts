import { RunwayError } from '../../errors.ts';
import * as z from '../../zod.ts';
import { canonicalDataset, canonicalJob } from './canonical-name.ts';
import { type EventTime, parseEventTime } from './event-time.ts';
import { nodeNameSchema, runIdSchema } from './names.ts';
import { datasetKey, jobKey, type NodeKey } from './node-key.ts';

/** Facets as they came, by name. */
export type RawFacets = Readonly<Record<string, unknown>>;

export type EventNode = { readonly key: NodeKey; readonly name: string; readonly facets: RawFacets };

/** One of the three kinds of event of the specification (core 2-0-2), with canonical names. */
export type LineageEvent =
  | {
      readonly kind: 'run';
      readonly at: EventTime;
      readonly eventType: string;
      readonly run: { readonly runId: string; readonly facets: RawFacets };
      readonly job: EventNode;
      readonly inputs: readonly EventNode[];
      readonly outputs: readonly EventNode[];
    }
  | {
      readonly kind: 'job';
      readonly at: EventTime;
      readonly job: EventNode;
      /** Undefined when the event says nothing about them. */
      readonly inputs: readonly EventNode[] | undefined;
      readonly outputs: readonly EventNode[] | undefined;
    }
  | { readonly kind: 'dataset'; readonly at: EventTime; readonly dataset: EventNode };

/** Datasets that an event may name on one side. */
const maximumDatasets = 2_000;

// What is null is absent, as Jackson reads it.
const facets = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? {});
const node = nodeNameSchema.extend({ facets });
const datasets = z
  .array(node.extend({ inputFacets: facets, outputFacets: facets }))
  .max(maximumDatasets)
  .nullish();
const eventTime = z
  .string()
  .max(100)
  .transform((text, context) => {
    const time = parseEventTime(text);
    if (time !== undefined) return time;
    context.addIssue({ code: 'custom', message: 'expected an ISO-8601 date-time' });
    return z.NEVER;
  });

const eventSchema = z.object({
  eventTime,
  eventType: z.string().max(100).nullish(),
  run: z.object({ runId: runIdSchema, facets }).nullish(),
  job: node.nullish(),
  dataset: node.nullish(),
  inputs: datasets,
  outputs: datasets,
});

/** The path of the type in `schemaURL`, where it is none of those that there are. */
const knownTypes: ReadonlySet<string> = new Set(['RunEvent', 'DatasetEvent', 'JobEvent']);

/**
 * As leniently as Marquez: `producer` and `schemaURL` may be missing, null is absent, and what is not known is left
 * alone. Undefined for an event of a type that is none of the specification's, which is taken and means nothing. Throws
 * `InvalidRequest` (code `invalid-lineage-event`).
 */
export function parseLineageEvent(input: unknown): LineageEvent | undefined {
  if (isOfUnknownType(input)) return undefined;
  const parsed = eventSchema.safeParse(input);
  if (!parsed.success) throw refused(parsed.error.issues.map(({ path, message }) => ({ path, message })));
  const { eventTime: at, eventType, run, job, dataset, inputs, outputs } = parsed.data;
  if (run && job)
    return {
      kind: 'run',
      at,
      eventType: (eventType ?? 'OTHER').toUpperCase(),
      run,
      job: jobNode(job),
      inputs: (inputs ?? []).map(datasetNode),
      outputs: (outputs ?? []).map(datasetNode),
    };
  if (run) throw refused([{ path: ['job'], message: 'required with run' }]);
  if (job)
    return { kind: 'job', at, job: jobNode(job), inputs: inputs?.map(datasetNode), outputs: outputs?.map(datasetNode) };
  if (dataset) return { kind: 'dataset', at, dataset: datasetNode(dataset) };
  throw refused([{ path: [], message: 'expected run and job, or job, or dataset' }]);
}

type Named = z.output<typeof node>;
type NamedDataset = Named & { readonly inputFacets?: RawFacets; readonly outputFacets?: RawFacets };

function jobNode({ facets, ...name }: Named): EventNode {
  const canonical = canonicalJob(name);
  return { key: jobKey(canonical), name: canonical.name, facets };
}

/** What a run says of a dataset as its input or output is said of the dataset. */
function datasetNode({ facets, inputFacets, outputFacets, namespace, name }: NamedDataset): EventNode {
  const canonical = canonicalDataset({ namespace, name });
  const own = { ...facets, ...only(inputQuality, inputFacets), ...only(outputQuality, outputFacets) };
  return { key: datasetKey(canonical), name: canonical.name, facets: own };
}

const inputQuality = ['dataQualityMetrics', 'dataQualityAssertions'];
const outputQuality = ['outputStatistics'];

function only(names: readonly string[], facets: RawFacets = {}): RawFacets {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(facets, name) ? [[name, facets[name]]] : [])));
}

function isOfUnknownType(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || !('schemaURL' in input)) return false;
  const type = /\/([A-Za-z]+Event)$/.exec(String(input.schemaURL).slice(0, 2_000))?.[1];
  return type !== undefined && !knownTypes.has(type);
}

function refused(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): RunwayError {
  const problems = issues.slice(0, 20).map(({ path, message }) => ({
    field: path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    code: 'invalid',
    reason: message,
  }));
  const reason = problems.map(({ field, reason }) => `${field || 'the event'}: ${reason}`).join('; ');
  return new RunwayError('InvalidRequest', 'invalid-lineage-event', reason.slice(0, 1_000), problems);
}
