import { type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import type { Orchestrator, RunStatus, StartRequest } from '../../ports/orchestrator.ts';
import type { Secret } from '../../ports/secret.ts';
import { type CallLimits, createJsonCaller } from './call-json.ts';
import { credentialHeaders } from './credential-headers.ts';
import { metaflowRunStatus } from './metaflow-run-status.ts';
import { createMetaflowRuns } from './metaflow-runs.ts';

export type MetaflowArgoOptions = CallLimits & {
  /** `METAFLOW_ARGO_EVENTS_WEBHOOK_URL` of the deployment. */
  readonly eventUrl: string;
  readonly secret?: Secret | undefined;
  /** Of the metadata service, where runs show. */
  readonly metadataUrl: string;
  readonly metadataSecret?: Secret | undefined;
};

/**
 * An event that was accepted has started a run that the metadata service shows within this time. Until then an event
 * whose answer was lost is not sent again: Argo starts a run for each.
 */
const settleMillis = 10 * minuteMillis;

/**
 * Metaflow on Argo Workflows: an event starts the flow, the metadata service tells how its run stands. A pipeline is the
 * name of a flow that waits for the event `runway.retrain.<flow>`. The handle's id is the event's, which Metaflow records
 * with the run (`execution-triggers`); Argo itself recognises no event as sent before.
 */
export function createMetaflowArgoOrchestrator(options: MetaflowArgoOptions): Orchestrator {
  const { eventUrl, secret, metadataUrl, metadataSecret, ...limits } = options;
  const callJson = createJsonCaller('the Argo webhook', limits);
  const runs = createMetaflowRuns({ baseUrl: metadataUrl, secret: metadataSecret, ...limits });

  async function status(flow: string, eventId: string, since: Instant, now: Instant): Promise<RunStatus> {
    const run = await runs.startedBy(flow, eventId, since);
    if (run !== undefined) return metaflowRunStatus(run, await runs.endStep(flow, run), now);
    if (toMillis(now) - toMillis(since) < settleMillis) return { state: 'queued', reason: 'the run does not show yet' };
    return { state: 'unknown', reason: `no run of ${flow} was started by event ${eventId}` };
  }

  return {
    start: async (request) => {
      const { requestId: id, pipeline, now, askedBefore } = request;
      if (askedBefore !== undefined) {
        const before = await status(pipeline, id, askedBefore, now);
        if (before.state !== 'unknown')
          return { outcome: 'already-started', run: { id, pipeline, requestedAt: askedBefore } };
      }
      const headers = await credentialHeaders(secret);
      const body = eventOf(request);
      // It answers with a word.
      const answer = await callJson({ method: 'POST', url: new URL(eventUrl), headers, body, answer: 'anything' });
      if (!answer.ok) return { outcome: 'refused', reason: `the Argo webhook answers ${answer.status}` };
      return { outcome: 'started', run: { id, pipeline, requestedAt: now } };
    },
    status: ({ pipeline, id, requestedAt }, now) => status(pipeline, id, requestedAt, now),
    stop: async ({ id }) => ({
      outcome: 'refused',
      reason: `events start runs and stop none: stop the run that event ${id} started in Argo Workflows`,
    }),
  };
}

/** As Metaflow's own `ArgoEvent.publish` sends it (recorded with 2.19.38). */
function eventOf({ requestId, pipeline, parameters, now }: StartRequest): unknown {
  const name = `runway.retrain.${pipeline}`;
  const facts = {
    name,
    id: requestId,
    timestamp: Math.floor(toMillis(now) / 1_000),
    utc_date: now.slice(0, 10).replaceAll('-', ''),
    'generated-by-metaflow': true,
  };
  return { name, payload: { ...parameters, ...facts } };
}
