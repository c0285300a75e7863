import { type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { Secret } from '../../ports/secret.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import { answerOf } from './answer-of.ts';
import { type CallLimits, createJsonCaller } from './call-json.ts';
import { credentialHeaders } from './credential-headers.ts';
import {
  type MetaflowMetadata,
  type MetaflowRun,
  metaflowMetadataSchema,
  metaflowRunSchema,
  newestOf,
} from './metaflow-run-status.ts';

export type MetaflowRunsOptions = CallLimits & {
  /** Of the metadata service, with its path prefix when it has one. */
  readonly baseUrl: string;
  readonly secret?: Secret | undefined;
};

/** Runs of flows, as the metadata service knows them. Throws `DependencyUnavailable`. */
export type MetaflowRuns = {
  /** The run on Argo that an event started; undefined while none says so. */
  readonly startedBy: (flow: string, eventId: string, since: Instant) => Promise<MetaflowRun | undefined>;
  /** Metadata of the newest task of the step that the run ends with. */
  readonly endStep: (flow: string, run: MetaflowRun) => Promise<readonly MetaflowMetadata[]>;
};

const service = 'the Metaflow service';
const taskSchema = z.object({ task_id: z.union([z.string(), z.number()]).transform(String), ts_epoch: z.number() });
const triggersSchema = z.array(z.object({ id: z.string().nullish() }));

/** Clocks of Argo and of Runway may differ by so much. */
const skewMillis = 5 * minuteMillis;
/** Newest runs that are looked through for one. */
const maximumCandidates = 50;

export function createMetaflowRuns({
  baseUrl,
  secret,
  maximumBytes = 16_000_000,
  ...limits
}: MetaflowRunsOptions): MetaflowRuns {
  const callJson = createJsonCaller(service, { ...limits, maximumBytes });
  const root = baseUrl.replace(/\/+$/, '');

  async function list<T extends z.ZodType>(path: string, schema: T): Promise<readonly z.output<T>[]> {
    const answer = await callJson({
      method: 'GET',
      url: new URL(root + path),
      headers: await credentialHeaders(secret),
    });
    // What was never written is not found.
    if (answer.status === 404) return [];
    if (!answer.ok) throw dependencyUnavailable(service, new Error(`status ${answer.status}`));
    return answerOf(service, z.array(schema), answer.body);
  }

  async function metadataOf(flow: string, run: MetaflowRun, step: string): Promise<readonly MetaflowMetadata[]> {
    const tasks = `/flows/${encodeURIComponent(flow)}/runs/${encodeURIComponent(run.run_number)}/steps/${encodeURIComponent(step)}/tasks`;
    const newest = (await list(tasks, taskSchema)).toSorted((a, b) => a.ts_epoch - b.ts_epoch).at(-1);
    if (newest === undefined) return [];
    return list(`${tasks}/${encodeURIComponent(newest.task_id)}/metadata`, metaflowMetadataSchema);
  }

  /** A flow may name its first and last step as it likes (2.19.23 and later). */
  async function namedStep(flow: string, run: MetaflowRun, which: 'start' | 'end'): Promise<string> {
    const parameters = await metadataOf(flow, run, '_parameters');
    return newestOf(parameters, `${which}_step`)?.value ?? which;
  }

  async function isStartedBy(flow: string, run: MetaflowRun, eventId: string): Promise<boolean> {
    const rows = await metadataOf(flow, run, await namedStep(flow, run, 'start'));
    const triggers = newestOf(rows, 'execution-triggers')?.value;
    if (!triggers) return false;
    return triggersSchema.safeParse(jsonOf(triggers)).data?.some(({ id }) => id === eventId) ?? false;
  }

  return {
    startedBy: async (flow, eventId, since) => {
      const from = toMillis(since) - skewMillis;
      // Services that cannot filter send all runs.
      const query = `?_limit=500&ts_epoch:ge=${from}`;
      const runs = await list(`/flows/${encodeURIComponent(flow)}/runs${query}`, metaflowRunSchema);
      const candidates = runs
        .filter((run) => run.run_number.startsWith('argo-') && run.ts_epoch >= from)
        .toSorted((a, b) => b.ts_epoch - a.ts_epoch)
        .slice(0, maximumCandidates);
      for (const run of candidates) if (await isStartedBy(flow, run, eventId)) return run;
      return undefined;
    },
    endStep: async (flow, run) => metadataOf(flow, run, await namedStep(flow, run, 'end')),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
