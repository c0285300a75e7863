import { createMetaflowArgoOrchestrator } from '../../../shared/adapters/orchestrators/metaflow-argo-orchestrator.ts';
import type { MetaflowMetadata } from '../../../shared/adapters/orchestrators/metaflow-run-status.ts';
import { minuteMillis, toMillis } from '../../../shared/domain/time.ts';
import type { StandIn } from './orchestrator.contract.ts';
import { type Answer, createStandInServer, type Received } from './stand-in-server.ts';

type Row = MetaflowMetadata & { readonly step: string };
export type ArgoRun = {
  readonly eventId: string;
  readonly number: string;
  readonly startedAt: number;
  heartbeat: number;
  readonly rows: Row[];
};
export type ArgoStandIn = StandIn & {
  readonly runs: ArgoRun[];
  /** Runs show to those who ask once this is false. */
  readonly hidden: { value: boolean };
  readonly events: readonly Received[];
};

const steps = { start: 'ingest', end: 'publish' };

/** Argo starts a run for each event, however often it was sent; the metadata service lists it, as `text/plain`. */
export async function createArgoStandIn(): Promise<ArgoStandIn> {
  const runs: ArgoRun[] = [];
  const events: Received[] = [];
  const hidden = { value: false };
  const server = await createStandInServer((request) => {
    if (request.method === 'POST') return accept(request, runs, events);
    return { ...serve(request.path, hidden.value ? [] : runs), type: 'text/plain' };
  });
  return {
    server,
    runs,
    hidden,
    events,
    pipeline: 'RankerTrainFlow',
    orchestrator: (limits) =>
      createMetaflowArgoOrchestrator({
        eventUrl: `${server.url}/argo`,
        metadataUrl: server.url,
        secret: { read: async () => '{"authorization":"Bearer hush"}' },
        metadataSecret: { read: async () => '{"x-api-key":"hush-hush"}' },
        maximumBytes: 200_000,
        ...limits,
      }),
    runsOf: (requestId) => runs.filter(({ eventId }) => eventId === requestId).length,
    end: (requestId, state, now) => {
      const ts_epoch = toMillis(now) - 10 * minuteMillis;
      for (const run of runs.filter(({ eventId }) => eventId === requestId)) {
        run.heartbeat = ts_epoch;
        const value = state === 'succeeded' ? 'True' : 'False';
        run.rows.push({ step: steps.end, field_name: 'attempt_ok', value, ts_epoch, tags: ['attempt_id:0'] });
      }
    },
  };
}

function accept(request: Received, runs: ArgoRun[], events: Received[]): Answer {
  const { payload } = request.body as { payload: { id: string; timestamp: number } };
  events.push(request);
  const startedAt = payload.timestamp * 1_000 + 20_000;
  const row = (step: string, field_name: string, value: string, tags: string[]): Row => ({
    step,
    field_name,
    value,
    tags,
    ts_epoch: startedAt,
  });
  const triggers = JSON.stringify([
    { timestamp: payload.timestamp, id: payload.id, name: 'model_stale', type: 'event' },
  ]);
  runs.push({
    eventId: payload.id,
    number: `argo-rankertrainflow-${runs.length + 1}`,
    startedAt,
    heartbeat: startedAt + 60 * minuteMillis,
    rows: [
      row('_parameters', 'start_step', steps.start, []),
      row('_parameters', 'end_step', steps.end, []),
      row(steps.start, 'execution-triggers', triggers, ['attempt_id:0']),
    ],
  });
  return { status: 200, body: 'success', type: 'text/plain' };
}

function serve(path: string, runs: readonly ArgoRun[]): Answer {
  const [, , flow, , number, , step, , task] = path.split('/');
  if (flow !== 'RankerTrainFlow') return { status: 404, body: { message: 'not found' } };
  if (number === undefined) return { status: 200, body: runs.map(viewOf) };
  const run = runs.find((one) => one.number === number);
  const rows = run?.rows.filter((row) => row.step === step) ?? [];
  if (task === undefined)
    return { status: 200, body: rows.length > 0 ? [{ task_id: 't-1', ts_epoch: run?.startedAt }] : [] };
  return { status: 200, body: rows };
}

function viewOf({ number, startedAt, heartbeat }: ArgoRun): unknown {
  const last_heartbeat_ts = Math.floor(heartbeat / 1_000);
  return { flow_id: 'RankerTrainFlow', run_number: number, ts_epoch: startedAt, last_heartbeat_ts, tags: null };
}
