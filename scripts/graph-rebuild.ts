import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRunwayClient } from '../sdk/client.ts';
import { progressLine, rebuildGraph } from './rebuild-graph.ts';

const usage = `npm run graph:rebuild -- --url <api> [--token <token>]

Reads every stream into the graph again and shows how far it is. The token needs the role admin; it is taken from
RUNWAY_TOKEN when it is not given, and asked of the embedded cloud when the API is on this machine.`;

const { values } = parseArgs({
  options: { url: { type: 'string' }, token: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help === true || values.url === undefined) {
  console.log(usage);
  process.exit(values.help === true ? 0 : 2);
}
const baseUrl = values.url.replace(/\/+$/, '');
const token = values.token ?? process.env.RUNWAY_TOKEN ?? (await localToken());
const client = createRunwayClient({ baseUrl, token: () => token });
let shown = '';
const rebuild = await rebuildGraph({
  client,
  wait: () => delay(1_000),
  onProgress(progress) {
    const line = progressLine(progress);
    if (line !== shown) console.log(line);
    shown = line;
  },
});
process.exitCode = rebuild.status === 'succeeded' ? 0 : 1;

async function localToken(): Promise<string> {
  if (!['127.0.0.1', 'localhost'].includes(new URL(baseUrl).hostname))
    throw new Error('no token: give --token or set RUNWAY_TOKEN');
  const body = JSON.stringify({ sub: 'graph-rebuild', groups: ['admin'] });
  const answer = await fetch(`${baseUrl}/_local/token`, { method: 'POST', body });
  const { token: given } = (await answer.json()) as { readonly token: string };
  return given;
}
