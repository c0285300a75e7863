import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { boot } from '../e2e/boot.ts';
import { makeCertificate } from './certificate.ts';
import { sceneHosts, startScene } from './lifecycle-scene.ts';

type Body = Readonly<Record<string, unknown>>;
export type BootedScene = Awaited<ReturnType<typeof bootScene>>;

/** The embedded cloud beside three APIs that it reads from, configured by documents. `end` leaves nothing behind. */
export async function bootScene(start = '2001-01-22T00:55:00.000Z') {
  const folder = mkdtempSync(path.join(tmpdir(), 'runway-scene-'));
  const certificate = makeCertificate(Object.values(sceneHosts));
  const scene = await startScene(certificate);
  const authority = path.join(folder, 'authority.pem');
  writeFileSync(authority, certificate.cert);
  const variables = { PROVIDER_TEST_ORIGINS: scene.testOrigins, NODE_EXTRA_CA_CERTS: authority };
  const running = await boot(start, { templateTransform: (template) => withVariables(template, variables) });
  const { cloud } = running;

  async function ask(method: string, route: string, body?: unknown): Promise<{ status: number; body: Body }> {
    const token = await cloud.token({ sub: 'root', groups: ['admin'] });
    const response = await fetch(`${cloud.apiUrl}${route}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  /** Puts a thin event on the bus, as a source would. */
  async function tell(detail: { readonly provider: string; readonly type: string; readonly id: string }) {
    const client = new EventBridgeClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'customer', secretAccessKey: 'local' },
      maxAttempts: 1,
      endpoint: cloud.sdkEnvironment().AWS_ENDPOINT_URL_EVENTBRIDGE ?? '',
    });
    const EventBusName = cloud.outputs.EventBusName;
    const entry = { EventBusName, Source: detail.provider, DetailType: 'ThinEvent', Detail: JSON.stringify(detail) };
    await client.send(new PutEventsCommand({ Entries: [entry] }));
    client.destroy();
    await running.later(2);
  }

  /** Every document of the scene, and one event that carries nothing but an id. */
  async function set(): Promise<void> {
    for (const [provider, configuration] of Object.entries(scene.configurations)) {
      const { status, body } = await ask('PUT', `/v1/providers/${provider}`, configuration);
      if (status !== 200) throw new Error(`${provider} was answered ${status} ${JSON.stringify(body)}`);
    }
    await tell({ provider: 'model-registry', type: 'model_instance_created', id: 'mi-42' });
  }

  async function end(): Promise<void> {
    await running.end();
    await scene.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { scene, running, ask, tell, set, end };
}

type Template = {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
};

const readers = ['functions/graph/hydrate-entities.ts', 'functions/graph/reconcile-providers.ts'];

/** Of the functions that read from providers. */
function withVariables<T extends Template>(template: T, variables: Readonly<Record<string, string>>): T {
  const resources = Object.entries(template.Resources).map(([id, resource]) => {
    const properties = Object(resource.Properties);
    if (!readers.includes(properties.Description)) return [id, resource];
    const Environment = { Variables: { ...properties.Environment.Variables, ...variables } };
    return [id, { ...resource, Properties: { ...properties, Environment } }];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}
