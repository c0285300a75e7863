import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { keyOfFunction } from '../../local/edge/callers.ts';
import type { TemplateTransform } from '../../local/template/load-template.ts';
import { createNeptuneClient } from '../../shared/adapters/neptune/neptune-client.ts';
import { createNeptuneGraphDatabase } from '../../shared/adapters/neptune/neptune-graph-database.ts';
import { boot, type Running } from '../e2e/boot.ts';
import { registeredAt } from '../e2e/late-basic.ts';
import { everyRole } from '../mutation/customer.ts';

// Virtual time stands still all along, so no schedule runs: whatever becomes visible does so by the log and its hints.
const clicks = 'aip://dataset/catalog/clicks';
const ranking = 'aip://dataset/catalog/ranking';
const edge = { from: ranking, to: clicks, type: 'derivedFrom' };

type Body = Readonly<Record<string, unknown>>;
type Named = { readonly uri: string };
type Edges = { readonly edges: readonly { readonly node: Named }[] };

let running: Running;
let headers: Readonly<Record<string, string>>;
let projector = '';

/** Neptune is open to functions in its network only, so that the test looks as the one that fills it. */
const findProjector: TemplateTransform = (template, stackName) => {
  for (const [id, { Properties }] of Object.entries(template.Resources))
    if (Object(Properties).Description === 'functions/graph/project-changes.ts') projector = `${stackName}-${id}`;
  return template;
};

beforeAll(async () => {
  running = await boot(registeredAt, { templateTransform: findProjector });
  headers = { authorization: `Bearer ${await running.cloud.token(everyRole)}` };
  expect(projector).not.toBe('');
  vi.stubEnv('AWS_ACCESS_KEY_ID', keyOfFunction(projector));
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await running?.end();
});

async function ask(path: string, sent: RequestInit = {}): Promise<Body> {
  const response = await fetch(running.cloud.apiUrl + path, { ...sent, headers: { ...headers, ...sent.headers } });
  const body = (await response.json()) as Body;
  expect(response.ok, `${path}: ${response.status} ${JSON.stringify(body)}`).toBe(true);
  return body;
}

const importDelta = (lines: readonly unknown[]) =>
  ask('/v1/graph/import?provider=catalog&mode=delta', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });

async function fromGraphql(selection: string): Promise<Readonly<Record<string, Edges>>> {
  const query = `{ entity(uri: "${clicks}") { ${selection} } }`;
  const answer = await ask('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (answer.data as { readonly entity: Readonly<Record<string, Edges>> }).entity;
}

const isAmong = (items: unknown) => (items as readonly Named[]).some(({ uri }) => uri === ranking);
const neptune = () =>
  createNeptuneGraphDatabase(
    createNeptuneClient({ endpoint: running.cloud.sdkEnvironment().AWS_ENDPOINT_URL_DYNAMODB ?? '' }),
  );

/** Whether the edge shows there. */
const places: Readonly<Record<string, () => Promise<boolean>>> = {
  REST: async () => isAmong((await ask(`/v1/entities/${encodeURIComponent(clicks)}/impact`)).items),
  GraphQL: async () => {
    const both = await fromGraphql('impact { edges { node { uri } } } relations { edges { node { uri } } }');
    const shown = ['impact', 'relations'].map((name) => isAmong(both[name]?.edges.map(({ node }) => node)));
    expect(new Set(shown).size).toBe(1);
    return shown[0]!;
  },
  // By the name of what it is made from.
  search: async () => isAmong((await ask('/v1/search?q=clickstream')).items),
  Neptune: async () => isAmong(await neptune().reach({ root: clicks, direction: 'downstream', depth: 10 })),
};

/** Seconds of real time from the import until each place shows the edge, or no longer does; until the cloud has settled. */
async function follow(lines: readonly unknown[], isShown: boolean): Promise<Readonly<Record<string, string>>> {
  const start = performance.now();
  let isSettled = false;
  const seconds: Record<string, string> = {};
  await importDelta(lines);
  const settling = running.cloud.pump().finally(() => {
    isSettled = true;
  });
  const watched = Object.entries(places).map(async ([name, look]) => {
    for (let isLast = false; !isLast; ) {
      isLast = isSettled;
      if ((await look()) !== isShown) continue;
      seconds[name] = ((performance.now() - start) / 1_000).toFixed(2);
      return;
    }
  });
  await Promise.all([settling, ...watched]);
  return seconds;
}

const shownIn = async () => {
  const shown: Record<string, boolean> = {};
  for (const [name, look] of Object.entries(places)) shown[name] = await look();
  return shown;
};
const everywhere = (isShown: boolean) => Object.fromEntries(Object.keys(places).map((name) => [name, isShown]));

it('an imported edge shows in REST, GraphQL, search and Neptune, and is gone from all when a delta ends it', async () => {
  const before = running.cloud.now();
  await importDelta([
    { entity: { uri: clicks, name: 'clickstream' } },
    { entity: { uri: ranking, name: 'homepage order' } },
  ]);
  await running.cloud.pump();
  expect(await shownIn()).toEqual(everywhere(false));

  const appeared = await follow([{ edge }], true);
  expect(await shownIn()).toEqual(everywhere(true));
  const gone = await follow([{ retire: edge }], false);
  expect(await shownIn()).toEqual(everywhere(false));

  process.stdout.write(`seconds from the import: shown ${JSON.stringify(appeared)}, gone ${JSON.stringify(gone)}\n`);
  expect(Object.keys(gone).toSorted()).toEqual(Object.keys(places).toSorted());
  expect(running.cloud.now()).toBe(before);
});
