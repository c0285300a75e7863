import { RunwayError } from '../../../domain/errors.ts';
import { parseEntityRef } from '../../../domain/graph/entity-ref.ts';
import { metaflowTypes } from '../../../domain/graph/ingestion/provider-configuration.ts';
import type { Statement } from '../../../domain/graph/provider-contribution.ts';
import { type Instant, toMillis } from '../../../domain/time.ts';
import * as z from '../../../domain/zod.ts';
import type { Hydrated, Listed, Listing, Provider } from '../../../ports/provider.ts';
import { answerOf } from '../../orchestrators/answer-of.ts';
import type { GetRequest, ProviderHttp } from '../provider-http.ts';
import {
  artifactRowSchema,
  type FlowRow,
  flowRowSchema,
  metadataRowSchema,
  type RunRow,
  runRowSchema,
} from './metaflow-rows.ts';
import { flowUri, normaliseFlow, normaliseRun, runUri } from './normalise-run.ts';

export type MetaflowProviderOptions = {
  readonly platform: string;
  readonly get: ProviderHttp;
  /** That `get` makes at most; what is new on a page must be read within one step. */
  readonly callsPerSecond: number;
};

/** Where a listing stands: after a flow, or within its runs. */
type Place = { readonly flow: string; readonly page?: string | undefined; readonly after?: string | undefined };

const service = 'the Metaflow service';
/** Things on a page. */
const maximumPage = 500;
/** For each run that is new. */
const callsOfRun = 3;
/** A third of what a step of a reconcile has: services that are slow or fail at times are asked longer. */
const pageSeconds = 300;
/** What the service itself waits before it gives a silent run up. */
const inactiveMillis = 360_000;

/** The metadata service: flows and their runs, and through them steps, artifacts and saved models. */
export function createMetaflowProvider({ platform, get, callsPerSecond }: MetaflowProviderOptions): Provider {
  const runsInTime = Math.floor((callsPerSecond * pageSeconds) / callsOfRun);
  const pageSize = Math.max(1, Math.min(maximumPage, runsInTime));
  // Flows do not go away while they are listed, so that one answer serves the steps of a listing.
  let flows: { readonly at: Instant; readonly rows: readonly FlowRow[] } | undefined;
  const flowsAt = async (now: Instant) => {
    if (flows?.at === now) return flows.rows;
    const rows = await rowsAt('/flows', flowRowSchema, { now, fresh: true });
    flows = { at: now, rows: rows.toSorted((a, b) => (a.flow_id < b.flow_id ? -1 : Number(a.flow_id > b.flow_id))) };
    return flows.rows;
  };

  async function rowsAt<T extends z.ZodType>(path: string, row: T, request: GetRequest): Promise<z.output<T>[]> {
    const { isFound, body } = await get(path, request);
    // What was never written is not found.
    return isFound ? answerOf(service, z.array(row), body) : [];
  }

  async function hydrateRun(flow: string, number: string, request: GetRequest): Promise<Hydrated> {
    const path = `/flows/${encodeURIComponent(flow)}/runs/${encodeURIComponent(number)}`;
    const { isFound, body } = await get(path, request);
    if (!isFound) return 'gone';
    const run = answerOf(service, runRowSchema, body);
    const [metadata, artifacts] = await Promise.all([
      rowsAt(`${path}/metadata`, metadataRowSchema, request),
      rowsAt(`${path}/artifacts`, artifactRowSchema, request),
    ]);
    return normaliseRun(platform, { run, metadata, artifacts }, request.now);
  }

  async function runsOf({ flow, page, after = '' }: Place, now: Instant) {
    // The parameters are ignored by a service that cannot page: it sends all runs and no cursor.
    const path = page ?? `/flows/${encodeURIComponent(flow)}/runs?_limit=${pageSize}`;
    const { isFound, body, headers } = await get(path, { now, fresh: true });
    const rows = isFound ? answerOf(service, z.array(runRowSchema), body) : [];
    const next = headers['x-next-cursor'];
    if (next) {
      const following = `/flows/${encodeURIComponent(flow)}/runs?_limit=${pageSize}&_cursor=${encodeURIComponent(next)}`;
      return { rows, next: { flow, page: following } satisfies Place };
    }
    if (page !== undefined) return { rows, next: undefined };
    const sorted = rows
      .filter(({ run_number }) => run_number > after)
      .toSorted((a, b) => (a.run_number < b.run_number ? -1 : 1));
    const some = sorted.slice(0, pageSize);
    const last = some.at(-1)?.run_number;
    return { rows: some, next: sorted.length > some.length ? ({ flow, after: last } satisfies Place) : undefined };
  }

  async function list(cursor: string | undefined, now: Instant): Promise<Listing> {
    let place: Place | undefined = cursor === undefined ? { flow: '' } : JSON.parse(cursor);
    const listed: Listed[] = [];
    const statements: Statement[] = [];
    const all = await flowsAt(now);
    while (place !== undefined && listed.length < pageSize) {
      const at: Place = place;
      const isWithin = at.page !== undefined || at.after !== undefined;
      const flow = all.find(({ flow_id }) => (isWithin ? flow_id === at.flow : flow_id > at.flow));
      if (flow === undefined) {
        place = isWithin ? { flow: at.flow } : undefined;
        continue;
      }
      const statement = normaliseFlow(platform, flow);
      const { rows, next } = await runsOf(isWithin ? at : { flow: flow.flow_id }, now);
      listed.push({ subject: statement.subject, ref: { type: 'pipeline', id: flow.flow_id } });
      statements.push(statement);
      listed.push(...rows.map((run) => listedRun(platform, run, now)));
      place = next ?? { flow: flow.flow_id };
    }
    return { listed, statements, ...(place !== undefined && { cursor: JSON.stringify(place) }) };
  }

  const refOf: Provider['refOf'] = (subject) => {
    const { type, platform: of, id } = parseEntityRef(subject);
    return of === platform && metaflowTypes.has(type) ? { type, id } : undefined;
  };

  return {
    subjectOf: ({ type, id }) => {
      if (type === 'pipeline' || type === 'flow') return flowUri(platform, id);
      const [flow, run, ...rest] = id.split('/');
      const isRun = (type === 'pipeline-run' || type === 'run') && flow && run && rest.length === 0;
      return isRun ? runUri(platform, flow, run) : undefined;
    },
    refOf,
    lists: (subject) => refOf(subject) !== undefined,
    hydrate: async ({ type, id }, request) => {
      if (type === 'pipeline-run' || type === 'run') {
        const [flow = '', run = ''] = id.split('/');
        return hydrateRun(flow, run, request);
      }
      if (type !== 'pipeline' && type !== 'flow')
        throw new RunwayError('MalformedRecord', 'unknown-kind', `no things of type ${type}`);
      const { isFound, body } = await get(`/flows/${encodeURIComponent(id)}`, request);
      return isFound ? [normaliseFlow(platform, answerOf(service, flowRowSchema, body))] : 'gone';
    },
    list,
  };
}

/**
 * A run is read again when its row has changed, and once more after it has fallen silent: its last words are written when
 * its heartbeats have ended already.
 */
function listedRun(platform: string, run: RunRow, now: Instant): Listed {
  const { flow_id, run_number, ts_epoch, last_heartbeat_ts, tags } = run;
  const lastSign = Math.max(ts_epoch, (last_heartbeat_ts ?? 0) * 1_000);
  const isSilent = toMillis(now) - lastSign > inactiveMillis;
  const version = JSON.stringify([ts_epoch, last_heartbeat_ts, tags, isSilent]);
  return {
    subject: runUri(platform, flow_id, run_number),
    ref: { type: 'pipeline-run', id: `${flow_id}/${run_number}` },
    // What still runs is read each time.
    ...(isSilent && { version }),
  };
}
