import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A metadata service that makes its answers up from the numbers of flows and runs; `bench:metaflow` starts it as a process.
const [flows = 3_000, runs = 100_000] = process.argv.slice(2).map(Number);
const start = Date.parse('2001-01-01T00:00:00.000Z');
const user = (flow: number) => `person-${flow % 97}`;
const steps = ['start', 'prepare', 'fit', 'end'];
const fields = ['attempt', 'origin-run-id', 'ds-type', 'ds-root', 'code-package', 'attempt_ok'];
const artifactNames = ['features', 'model', 'scores'];
const nameOf = (flow: number) => `Flow${String(flow).padStart(5, '0')}`;
const flowOf = (name: string) => Number(name.slice('Flow'.length));
/** Runs are numbered over all flows: run `n` is of flow `n` modulo the flows. */
const runsOf = (flow: number) =>
  Array.from({ length: Math.ceil((runs - flow) / flows) }, (_, index) => flow + index * flows);
/** How often every hundredth run has been tagged anew. */
let tagged = 0;

const common = (flow: number) => ({ flow_id: nameOf(flow), user_name: user(flow), tags: [], system_tags: [] });
const flowRow = (flow: number) => ({ ...common(flow), ts_epoch: start + flow });
const runRow = (run: number) => ({
  ...common(run % flows),
  run_number: run,
  ts_epoch: start + run * 1_000,
  last_heartbeat_ts: Math.floor((start + run * 1_000) / 1_000) + 60,
  tags: run % 100 === 0 && tagged > 0 ? [`looked-at-${tagged}`] : [],
});
const taskRow = (run: number, step: string) => ({
  ...runRow(run),
  step_name: step,
  task_id: `${run}-${step}`,
  tags: ['attempt_id:0'],
});
const metadataOf = (run: number) =>
  steps.flatMap((step) =>
    fields.map((field_name, index) => {
      const value = field_name === 'attempt_ok' ? 'True' : '0';
      return { ...taskRow(run, step), id: index, field_name, type: field_name, value };
    }),
  );
const shaOf = (run: number, artifact: number) => (run * 8 + artifact).toString(16).padStart(40, '0');
const artifactsOf = (run: number) =>
  steps.slice(1).flatMap((step) =>
    artifactNames.map((name, index) => ({
      ...taskRow(run, step),
      name,
      sha: shaOf(run, index),
      ds_type: 's3',
      location: `s3://bucket/${shaOf(run, index)}`,
      attempt_id: 0,
    })),
  );

function answerTo(path: string): unknown {
  if (path === '/flows') return Array.from({ length: flows }, (_, flow) => flowRow(flow));
  const [, , flow = '', kind, run, what] = path.split('/');
  if (kind === undefined) return flowRow(flowOf(flow));
  if (run === undefined) return runsOf(flowOf(flow)).map(runRow);
  if (what === undefined) return runRow(Number(run));
  return what === 'metadata' ? metadataOf(Number(run)) : artifactsOf(Number(run));
}

const server = createServer((request, response) => {
  if (request.method === 'POST') tagged += 1;
  const { pathname } = new URL(request.url ?? '/', 'http://metaflow');
  response.end(JSON.stringify(request.method === 'POST' ? {} : answerTo(pathname)));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
