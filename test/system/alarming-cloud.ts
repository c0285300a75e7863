import { fileURLToPath } from 'node:url';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ListQueuesCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { bootCloud, type CloudOptions } from '../../local/cloud.ts';
import { account, region } from '../../local/template/identities.ts';
import { createWorld, start } from '../mutation/world.ts';

const assembly = fileURLToPath(new URL('../../cdk.out', import.meta.url));

type Alarms = {
  readonly alarms: readonly { readonly description: string; readonly state: string; readonly reason: string }[];
  readonly messages: readonly { readonly message: string }[];
};
type Transform = NonNullable<CloudOptions['templateTransform']>;
type Resources = ReturnType<Transform>['Resources'];

/** A cloud that may lack something, on data that may have a past, from `since` where it has none; and what a person who watches its alarms does. */
export async function bootAlarming(dataDir: string, templateTransform?: Transform, since: string = start) {
  const clock = { mode: 'virtual', start: since } as const;
  const cloud = await bootCloud({ assembly, dataDir, clock, ...(templateTransform && { templateTransform }) });
  const world = await createWorld(cloud, 'late-live');
  const environment = cloud.sdkEnvironment();
  const at = (service: string) => ({
    region,
    credentials: { accessKeyId: 'customer', secretAccessKey: 'local' },
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
  });
  const sqs = new SQSClient(at('SQS'));
  const workflows = new SFNClient(at('SFN'));

  async function queueUrl(name: string): Promise<string> {
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    // Logical ids end in eight digits of a hash.
    const found = QueueUrls.find((url) => url.slice(0, -8).endsWith(name));
    if (found === undefined) throw new Error(`no queue ${name} among ${QueueUrls}`);
    return found;
  }
  const read = async () => (await (await fetch(`${cloud.apiUrl}/_local/alarms`)).json()) as Alarms;

  return {
    cloud,
    world,
    advance: world.advance,
    /** `Join stopped`, `Function failing: health/get-health`, … of all alarms in a state. */
    async inState(state: string): Promise<readonly string[]> {
      const { alarms } = await read();
      return [
        ...new Set(alarms.filter((alarm) => alarm.state === state).map(({ description }) => titleOf(description))),
      ];
    },
    async reasonsOf(state: string): Promise<readonly string[]> {
      const { alarms } = await read();
      return [...new Set(alarms.filter((alarm) => alarm.state === state).map(({ reason }) => reason))].toSorted();
    },
    /** `ALARM Join stopped`, … as they were sent. */
    async notifications(): Promise<readonly string[]> {
      const { messages } = await read();
      return messages
        .map(({ message }) => JSON.parse(message) as { NewStateValue: string; AlarmDescription: string })
        .map(({ NewStateValue, AlarmDescription }) => `${NewStateValue} ${titleOf(AlarmDescription)}`);
    },
    async sendMessage(queue: string, MessageBody: string): Promise<void> {
      await sqs.send(new SendMessageCommand({ QueueUrl: await queueUrl(queue), MessageBody }));
    },
    async purge(queue: string): Promise<void> {
      await sqs.send(new PurgeQueueCommand({ QueueUrl: await queueUrl(queue) }));
    },
    /** Starts an execution with an input that its first state cannot use. */
    async failWorkflow(name: string): Promise<void> {
      const status = (await (await fetch(`${cloud.apiUrl}/_local/status`)).json()) as {
        readonly runningExecutions: Readonly<Record<string, unknown>>;
      };
      const machine = Object.keys(status.runningExecutions).find((id) => id.startsWith(name));
      const stateMachineArn = `arn:aws:states:${region}:${account}:stateMachine:Runway-dev-Service-${machine}`;
      await workflows.send(new StartExecutionCommand({ stateMachineArn, input: '{}' }));
    },
    async end(): Promise<void> {
      for (const client of [sqs, workflows]) client.destroy();
      world.close();
      await cloud.stop();
    },
  };
}

export type AlarmingCloud = Awaited<ReturnType<typeof bootAlarming>>;

/** `Function failing: health/get-health, ticket, see …` → `Function failing: health/get-health`. */
function titleOf(description: string): string {
  return description.replace(/[:,] (page|ticket), see .*$/, '');
}

/** Changes properties of the resources whose logical ids match. */
export function withFaults(
  faults: readonly { readonly id: RegExp; readonly type: string; readonly change: object }[],
): Transform {
  return (template) => {
    const resources: Resources = Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) => {
        const hit = faults.find((fault) => fault.type === resource.Type && fault.id.test(id));
        return [
          id,
          hit === undefined ? resource : { ...resource, Properties: { ...resource.Properties, ...hit.change } },
        ];
      }),
    );
    return { ...template, Resources: resources };
  };
}
