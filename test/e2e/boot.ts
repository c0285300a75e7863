import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootCloud, type Cloud, type CloudOptions } from '../../local/cloud.ts';
import { createCustomer, everyRole } from '../mutation/customer.ts';

const assembly = fileURLToPath(new URL('../../cdk.out', import.meta.url));

/** An empty folder of this run; the caller removes it. */
export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'runway-e2e-'));
}

export type Running = Awaited<ReturnType<typeof boot>>;

type Transform = NonNullable<CloudOptions['templateTransform']>;

/** Looks at a graph in which nothing happens: every five minutes of virtual weeks they only take time. */
export const looksAtGraph = /(GraphCompaction|Enrichment|Reconcile|SearchMaintenance)Schedule/;

/** For tests that let weeks pass; alarms on lateness then go off. */
export const withPatientGraph: Transform = (template) => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) =>
      resource.Type === 'AWS::Scheduler::Schedule' && looksAtGraph.test(id)
        ? [id, { ...resource, Properties: { ...resource.Properties, ScheduleExpression: 'rate(6 hours)' } }]
        : [id, resource],
    ),
  ),
});

/** The cloud under a virtual clock, with a customer who has every role in team `flights`. `end` leaves nothing behind. */
export async function boot(start: string, options: Pick<CloudOptions, 'templateTransform' | 'fault'> = {}) {
  const dataDir = temporaryFolder();
  const log: string[] = [];
  const clock = { mode: 'virtual', start } as const;
  const cloud = await bootCloud({
    assembly,
    dataDir,
    clock,
    log: (line) => void log.push(line),
    ...options,
  });
  const { apiUrl, outputs } = cloud;
  const customer = createCustomer({
    apiUrl,
    outputs,
    environment: cloud.sdkEnvironment(),
    token: await cloud.token(everyRole),
  });
  async function end(): Promise<void> {
    customer.close();
    await cloud.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  return { cloud, customer, dataDir, log, end, now: () => Date.parse(cloud.now()), later: later(cloud) };
}

function later(cloud: Cloud) {
  return (minutes: number) => cloud.advanceTo(new Date(Date.parse(cloud.now()) + minutes * 60_000).toISOString());
}

type Status = {
  readonly queues: Readonly<Record<string, { readonly visible: number; readonly inFlight: number }>>;
  readonly runningExecutions: Readonly<Record<string, readonly string[]>>;
};

/** What the cloud says of itself. */
export async function statusOf({ cloud }: Running): Promise<Status> {
  return (await (await fetch(`${cloud.apiUrl}/_local/status`)).json()) as Status;
}
