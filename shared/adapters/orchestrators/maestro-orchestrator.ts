import { createHash } from 'node:crypto';
import { toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { Orchestrator, RunHandle, RunStatus, StartRequest, StartResult } from '../../ports/orchestrator.ts';
import type { Secret } from '../../ports/secret.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import { answerOf, epochMillisSchema, shortReason } from './answer-of.ts';
import { type CallLimits, createJsonCaller, type JsonAnswer, type JsonCall } from './call-json.ts';
import { credentialHeaders } from './credential-headers.ts';

export type MaestroOptions = CallLimits & {
  /** Without `/api/v3`. */
  readonly baseUrl: string;
  /** Maestro itself knows callers by this name only; a gateway in front of it checks the `secret`. @default 'runway' */
  readonly user?: string | undefined;
  /** Request headers for the gateway. @default none */
  readonly secret?: Secret | undefined;
};

const service = 'Maestro';

const startSchema = z.object({
  workflow_id: z.string(),
  // 0 or absent in an answer to a repeated start: it was looked up by its uuid only.
  workflow_instance_id: z.number().int().nullish(),
  workflow_uuid: z.string(),
  status: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['CREATED', 'DUPLICATED', 'STOPPED', 'INTERNAL_ERROR'])),
  timeline_event: z.object({ message: z.string().optional() }).nullish(),
});
const listSchema = z.object({
  page_info: z.object({ end_cursor: z.string().nullish(), has_next_page: z.boolean().default(false) }),
  elements: z.array(z.object({ workflow_instance_id: z.number().int(), workflow_uuid: z.string() })).default([]),
});
const statusSchema = z
  .string()
  .toUpperCase()
  .pipe(z.enum(['CREATED', 'IN_PROGRESS', 'PAUSED', 'SUCCEEDED', 'FAILED', 'STOPPED', 'TIMED_OUT']));
const instanceSchema = z.object({
  status: statusSchema,
  start_time: epochMillisSchema,
  end_time: epochMillisSchema,
  timeline: z.array(z.object({ message: z.string().optional() })).nullish(),
});
const errorSchema = z.object({ message: z.string().default(''), retryable: z.boolean().default(false) });

const states: Readonly<Record<z.output<typeof statusSchema>, RunStatus['state']>> = {
  CREATED: 'queued',
  IN_PROGRESS: 'running',
  PAUSED: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  STOPPED: 'stopped',
};

const pageSize = 20;
const maximumPages = 10;

/**
 * Maestro's REST API v3. A pipeline is a workflow's id; its active version is started. The run id of a handle is
 * `<workflow>/<instance>`: when somebody restarts an instance, its latest run counts.
 */
export function createMaestroOrchestrator({
  baseUrl,
  user = 'runway',
  secret,
  ...limits
}: MaestroOptions): Orchestrator {
  const callJson = createJsonCaller(service, limits);
  const root = `${baseUrl.replace(/\/+$/, '')}/api/v3/workflows`;
  const call = async (method: JsonCall['method'], path: string, body?: unknown): Promise<JsonAnswer> => {
    const headers = { ...(await credentialHeaders(secret)), user };
    return retryable(await callJson({ method, url: new URL(root + path), headers, body }));
  };

  async function start(request: StartRequest): Promise<StartResult> {
    const { pipeline, now } = request;
    const path = `/${encodeURIComponent(pipeline)}/versions/active/actions/start`;
    const answer = await call('POST', path, startBody(request));
    if (!answer.ok) return { outcome: 'refused', reason: reasonOf(answer) };
    const { status, workflow_instance_id, workflow_uuid, timeline_event } = answerOf(service, startSchema, answer.body);
    if (status === 'INTERNAL_ERROR') throw dependencyUnavailable(service, new Error('status INTERNAL_ERROR'));
    if (status === 'STOPPED')
      return { outcome: 'refused', reason: shortReason('the run strategy stopped it', timeline_event?.message) };
    const instance = workflow_instance_id || (await instanceOf(pipeline, workflow_uuid));
    const run = { id: `${pipeline}/${instance}`, pipeline, requestedAt: now };
    return { outcome: status === 'CREATED' ? 'started' : 'already-started', run };
  }

  /** Newest first, and a repeated start follows the first closely. */
  async function instanceOf(pipeline: string, uuid: string): Promise<number> {
    let cursor = '';
    for (let page = 0; page < maximumPages; page += 1) {
      const answer = await call('GET', `/${encodeURIComponent(pipeline)}/instances?first=${pageSize}${cursor}`);
      const { elements, page_info } = answerOf(service, listSchema, answer.body);
      const found = elements.find(({ workflow_uuid }) => workflow_uuid === uuid);
      if (found !== undefined) return found.workflow_instance_id;
      if (!page_info.has_next_page || !page_info.end_cursor) break;
      cursor = `&cursor=${encodeURIComponent(page_info.end_cursor)}`;
    }
    throw dependencyUnavailable(service, new Error(`instance ${uuid} exists and is not listed`));
  }

  async function status({ id }: RunHandle): Promise<RunStatus> {
    const answer = await call('GET', `${instancePath(id)}/runs/latest?enriched=true&aggregated=false`);
    if (!answer.ok) {
      if (answer.status === 404) return { state: 'unknown', reason: reasonOf(answer) };
      throw dependencyUnavailable(service, new Error(reasonOf(answer)));
    }
    return statusOf(answerOf(service, instanceSchema, answer.body));
  }

  return {
    start,
    status,
    stop: async (run) => {
      const answer = await call('PUT', `${instancePath(run.id)}/actions/stop`);
      if (answer.ok || hasEnded(await status(run))) return { outcome: 'asked' };
      return { outcome: 'refused', reason: reasonOf(answer) };
    },
  };
}

function startBody({ requestId, parameters, now }: StartRequest): unknown {
  const runParams = Object.entries(parameters).map(([name, value]) => [name, { value, type: 'STRING' }]);
  return {
    initiator: { type: 'manual' },
    request_id: uuidOf(requestId),
    request_time: toMillis(now),
    run_params: Object.fromEntries(runParams),
    // A start that fails validation leaves no instance behind, so that the same id may be started once it is mended.
    persist_failed_run: false,
  };
}

/** Maestro takes UUIDs only: the first half of a SHA-256, marked as a custom one (RFC 9562, version 8). */
export function uuidOf(requestId: string): string {
  const hex = createHash('sha256').update(`runway:${requestId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function statusOf({ status, start_time, end_time, timeline }: z.output<typeof instanceSchema>): RunStatus {
  const state = states[status];
  const last = timeline?.at(-1)?.message;
  return {
    state,
    ...(state === 'failed' && { reason: shortReason(`Maestro reports ${status}`, last) }),
    ...(start_time !== undefined && { startedAt: start_time }),
    ...(end_time !== undefined && { endedAt: end_time }),
  };
}

function hasEnded({ state }: RunStatus): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'stopped';
}

function instancePath(id: string): string {
  return `/${id.split('/').map(encodeURIComponent).join('/instances/')}`;
}

function retryable(answer: JsonAnswer): JsonAnswer {
  if (!answer.ok && errorSchema.safeParse(answer.body).data?.retryable === true)
    throw dependencyUnavailable(service, new Error(reasonOf(answer)));
  return answer;
}

function reasonOf({ status, body }: JsonAnswer): string {
  return shortReason(`Maestro answers ${status}`, errorSchema.safeParse(body).data?.message);
}

export type MaestroRunEvent = { readonly id: string; readonly hasEnded: boolean };

/** Which run a status-change event of SNS or SQS is about; undefined for other events and for children of a run. */
export function runOfMaestroEvent(event: unknown): MaestroRunEvent | undefined {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return undefined;
  const { workflow_id, workflow_instance_id, depth, new_status } = parsed.data;
  if (depth > 0 || workflow_id.startsWith('maestro_')) return undefined;
  const state = states[new_status];
  return { id: `${workflow_id}/${workflow_instance_id}`, hasEnded: state !== 'queued' && state !== 'running' };
}

const eventSchema = z.object({
  type: z.literal('WORKFLOW_INSTANCE_STATUS_CHANGE_EVENT'),
  workflow_id: z.string(),
  workflow_instance_id: z.number().int(),
  depth: z.number().int().default(0),
  new_status: statusSchema,
});
