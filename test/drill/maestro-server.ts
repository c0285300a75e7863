import created from '../contracts/orchestrators/fixtures/maestro-instance-created.json' with { type: 'json' };
import ended from '../contracts/orchestrators/fixtures/maestro-instance-ended.json' with { type: 'json' };
import started from '../contracts/orchestrators/fixtures/maestro-start-response.json' with { type: 'json' };
import stopped from '../contracts/orchestrators/fixtures/maestro-stop-response.json' with { type: 'json' };
import { type Answer, createStandInServer, type Received } from '../contracts/orchestrators/stand-in-server.ts';

export type Instance = {
  readonly workflow: string;
  /** Counted by workflow, from 1. */
  readonly number: number;
  readonly uuid: string;
  readonly retrainId: string;
  readonly runId: string;
  /** As the caller says it, in milliseconds of virtual time. */
  readonly startedAt: number;
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  endedAt?: number;
  stopAsked: number;
};
export type Outage = 'refuses' | 'acts and answers 502';
export type Start = { readonly connection: string; readonly at: number; readonly retrainId: string };

type StartBody = {
  readonly request_id: string;
  readonly request_time: number;
  readonly run_params: Readonly<Record<string, { readonly value: string }>>;
};

export type MaestroServer = Awaited<ReturnType<typeof createMaestroServer>>;

const notFound: Answer = { status: 404, body: { status: 'NOT_FOUND', message: 'cannot find it' } };

/** Maestro with any workflow, on its recorded answers; it can be ill in two ways, and keeps what it was asked. */
export async function createMaestroServer(connection: string) {
  const instances: Instance[] = [];
  const starts: Start[] = [];
  const state: { outage?: Outage | undefined; refused: number } = { refused: 0 };
  const server = await createStandInServer((request) => {
    const isStart = request.path.endsWith('/actions/start');
    if (isStart) {
      const { request_time: at, run_params } = request.body as StartBody;
      starts.push({ connection, at, retrainId: run_params.retrainId?.value ?? '' });
    }
    const answer = () => answerOf(request, instances);
    if (state.outage === undefined) return answer();
    state.refused += 1;
    if (state.outage === 'acts and answers 502') answer();
    return { status: 502, body: { message: 'bad gateway' } };
  });
  return { url: server.url, close: server.close, instances, starts, state };
}

function answerOf({ method, path, query, body }: Received, instances: Instance[]): Answer {
  const [, workflow = '', rest = ''] = /^\/api\/v3\/workflows\/([^/]+)(\/.*)$/.exec(path) ?? [];
  const ofWorkflow = instances.filter((instance) => instance.workflow === workflow);
  if (method === 'POST' && rest === '/versions/active/actions/start')
    return start(workflow, body as StartBody, ofWorkflow, instances);
  if (rest === '/instances') return list(query, ofWorkflow);
  const [, number, action] = /^\/instances\/(\d+)\/(runs\/latest|actions\/stop)$/.exec(rest) ?? [];
  const instance = ofWorkflow.find((one) => one.number === Number(number));
  if (instance === undefined) return notFound;
  if (action === 'runs/latest') return { status: 200, body: viewOf(instance) };
  if (instance.endedAt !== undefined)
    return { status: 400, body: { status: 'BAD_REQUEST', message: 'Cannot STOP an instance in a terminal state' } };
  // It ends later, as Maestro's stop does.
  instance.stopAsked += 1;
  return { status: 202, body: { ...stopped, workflow_id: workflow, workflow_instance_id: instance.number } };
}

function start(
  workflow: string,
  { request_id: uuid, request_time: startedAt, run_params }: StartBody,
  ofWorkflow: readonly Instance[],
  instances: Instance[],
): Answer {
  const base = { ...started, workflow_id: workflow, workflow_uuid: uuid };
  if (ofWorkflow.some((instance) => instance.uuid === uuid))
    return { status: 200, body: { ...base, workflow_instance_id: 0, workflow_run_id: 0, status: 'DUPLICATED' } };
  const number = ofWorkflow.length + 1;
  const [retrainId = '', runId = ''] = [run_params.retrainId?.value, run_params.runId?.value];
  instances.push({ workflow, number, uuid, retrainId, runId, startedAt, status: 'IN_PROGRESS', stopAsked: 0 });
  return { status: 200, body: { ...base, workflow_instance_id: number, status: 'CREATED' } };
}

/** Newest first. */
function list(query: URLSearchParams, instances: readonly Instance[]): Answer {
  const before = Number(query.get('cursor') ?? instances.length + 1);
  const page = instances
    .toReversed()
    .filter(({ number }) => number < before)
    .slice(0, Number(query.get('first')));
  const last = page.at(-1)?.number ?? 0;
  const page_info = { start_cursor: String(page[0]?.number), end_cursor: String(last), has_next_page: last > 1 };
  return { status: 200, body: { page_info, elements: page.map(viewOf) } };
}

function viewOf({ workflow, number, uuid, status, endedAt }: Instance): unknown {
  const base = endedAt === undefined ? created : { ...ended, end_time: endedAt };
  return { ...base, workflow_id: workflow, workflow_instance_id: number, workflow_uuid: uuid, status };
}
