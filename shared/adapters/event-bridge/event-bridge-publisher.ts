import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSource } from '../../names.ts';
import { traceHeader } from '../../observability/trace-header.ts';
import type { EventPublisher } from '../../ports/event-publisher.ts';
import { callDependency } from '../dependency-error.ts';

/** Onto one bus, under the project's source. */
export function createEventBridgePublisher({
  client,
  busName,
}: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): EventPublisher {
  return {
    publish: (events) =>
      callDependency('EventBridge', async () => {
        const TraceHeader = traceHeader();
        const Entries = events.map(({ detailType, detail, time }) => ({
          EventBusName: busName,
          Source: eventSource,
          DetailType: detailType,
          Detail: JSON.stringify(detail),
          Time: new Date(time),
          ...(TraceHeader !== undefined && { TraceHeader }),
        }));
        const answer = await client.send(new PutEventsCommand({ Entries }));
        return (answer.Entries ?? []).flatMap(({ ErrorCode }, index) => (ErrorCode === undefined ? [] : [index]));
      }),
  };
}
