import { createMaestroOrchestrator, uuidOf } from '../../../shared/adapters/orchestrators/maestro-orchestrator.ts';
import { toMillis } from '../../../shared/domain/time.ts';
import created from './fixtures/maestro-instance-created.json' with { type: 'json' };
import ended from './fixtures/maestro-instance-ended.json' with { type: 'json' };
import started from './fixtures/maestro-start-response.json' with { type: 'json' };
import stopped from './fixtures/maestro-stop-response.json' with { type: 'json' };
import type { StandIn } from './orchestrator.contract.ts';
import { type Answer, createStandInServer, type Received } from './stand-in-server.ts';

type Instance = { readonly id: number; readonly uuid: string; status: string; endedAt?: number };
export type MaestroStandIn = StandIn & {
  /** What the next start says instead of `CREATED`; the run strategy has then decided otherwise. */
  readonly next: { status?: 'STOPPED' | 'INTERNAL_ERROR' };
};

const root = '/api/v3/workflows/ranker-train';
const notFound: Answer = {
  status: 404,
  body: { status: 'NOT_FOUND', message: 'cannot find it', errors: ['cannot find it'] },
};
const pageSize = 3;

/** Answers as Maestro does, with its recorded answers as a base; a repeated start carries no instance id. */
export async function createMaestroStandIn(): Promise<MaestroStandIn> {
  const instances: Instance[] = [];
  const next: MaestroStandIn['next'] = {};
  const server = await createStandInServer((request) => answer(request, instances, next));
  const find = (requestId: string) => instances.filter(({ uuid }) => uuid === uuidOf(requestId));
  return {
    server,
    next,
    pipeline: 'ranker-train',
    orchestrator: (limits) =>
      createMaestroOrchestrator({
        baseUrl: server.url,
        user: 'runway-test',
        secret: { read: async () => '{"authorization":"Bearer hush"}' },
        maximumBytes: 200_000,
        ...limits,
      }),
    runsOf: (requestId) => find(requestId).length,
    end: (requestId, state, now) => {
      for (const instance of find(requestId))
        Object.assign(instance, { status: state.toUpperCase(), endedAt: toMillis(now) });
    },
  };
}

function answer({ method, path, query, body }: Received, instances: Instance[], next: MaestroStandIn['next']): Answer {
  if (!path.startsWith(`${root}/`)) return notFound;
  const rest = path.slice(root.length);
  if (method === 'POST' && rest === '/versions/active/actions/start') return start(body, instances, next);
  if (rest === '/instances') return list(query, instances);
  const [, number, action] = /^\/instances\/(\d+)\/(runs\/latest|actions\/stop)$/.exec(rest) ?? [];
  const instance = instances.find(({ id }) => id === Number(number));
  if (instance === undefined) return notFound;
  if (action === 'runs/latest') return { status: 200, body: viewOf(instance) };
  if (instance.endedAt !== undefined)
    return { status: 400, body: { status: 'BAD_REQUEST', message: 'Cannot STOP an instance in a terminal state' } };
  return { status: 202, body: { ...stopped, workflow_instance_id: instance.id } };
}

function start(body: unknown, instances: Instance[], next: MaestroStandIn['next']): Answer {
  const { request_id: uuid, initiator } = body as { request_id: string; initiator: { type: string } };
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid) || initiator.type !== 'manual')
    return { status: 400, body: { status: 'BAD_REQUEST', message: 'Cannot deserialize value' } };
  const base = { ...started, workflow_id: 'ranker-train', workflow_uuid: uuid };
  if (instances.some((instance) => instance.uuid === uuid))
    return { status: 200, body: { ...base, workflow_instance_id: 0, workflow_run_id: 0, status: 'DUPLICATED' } };
  const { status = 'CREATED' } = next;
  delete next.status;
  if (status === 'INTERNAL_ERROR') return { status: 200, body: { ...base, status } };
  const id = instances.length + 1;
  instances.push({ id, uuid, status, ...(status === 'STOPPED' && { endedAt: 1_609_294_808_164 }) });
  return { status: 200, body: { ...base, workflow_instance_id: id, status } };
}

/** Newest first. */
function list(query: URLSearchParams, instances: readonly Instance[]): Answer {
  const before = Number(query.get('cursor') ?? instances.length + 1);
  const page = instances
    .toReversed()
    .filter(({ id }) => id < before)
    .slice(0, pageSize);
  const last = page.at(-1)?.id ?? 0;
  const page_info = { start_cursor: String(page[0]?.id), end_cursor: String(last), has_next_page: last > 1 };
  return { status: 200, body: { page_info, elements: page.map(viewOf) } };
}

function viewOf({ id, uuid, status, endedAt }: Instance): unknown {
  const base = endedAt === undefined ? created : { ...ended, end_time: endedAt };
  return { ...base, workflow_id: 'ranker-train', workflow_instance_id: id, workflow_uuid: uuid, status };
}
