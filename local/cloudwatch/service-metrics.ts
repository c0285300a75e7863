import path from 'node:path';
import * as z from 'zod';
import type { HttpHandler } from '../http/server.ts';
import { functionNameOf, parseArn } from '../services/arn.ts';
import type { QueueGauge } from '../services/message-store.ts';
import type { Clock, Functions, InvocationResult } from '../types.ts';
import type { Measure } from './cloudwatch.ts';
import { type LogTail, openLogTail, readEmbeddedMetrics } from './embedded-metrics.ts';
import { minuteMilliseconds } from './metric-store.ts';

export interface MeasuredFunctions extends Functions {
  /** Closes the logs. */
  stop(): void;
}

const eventSchema = z.object({ Records: z.array(z.unknown()) });
const recordSchema = z.union([
  z.object({ kinesis: z.object({ approximateArrivalTimestamp: z.number() }) }),
  z.object({ dynamodb: z.object({ ApproximateCreationDateTime: z.number() }) }),
]);

/** Measures every call as Lambda does, and takes in what the function measured itself from its log. */
export function measureFunctions(
  functions: Functions,
  { measure, clock, logDirectory }: { measure: Measure; clock: Clock; logDirectory: string },
): MeasuredFunctions {
  const tails = new Map<string, LogTail>();

  function tailOf(name: string): LogTail {
    const tail = tails.get(name) ?? openLogTail(path.join(logDirectory, `${name}.log`));
    tails.set(name, tail);
    return tail;
  }

  function report(name: string, result: InvocationResult, milliseconds: number): void {
    const lambda = (metric: string, value: number) =>
      measure({ namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName: name } }, value);
    lambda('Invocations', 1);
    lambda('Errors', result.ok ? 0 : 1);
    lambda('Throttles', 0);
    lambda('Duration', milliseconds);
    for (const { metric, value } of readEmbeddedMetrics(tailOf(name).newLines())) measure(metric, value);
  }

  return {
    async invoke(functionName, event) {
      const name = functionNameOf(functionName);
      // Opened before the call: what earlier runs wrote is old.
      tailOf(name);
      const age = iteratorAge(event, clock.now());
      if (age !== undefined)
        measure({ namespace: 'AWS/Lambda', name: 'IteratorAge', dimensions: { FunctionName: name } }, age);
      const start = performance.now();
      const result = await functions.invoke(functionName, event);
      report(name, result, performance.now() - start);
      return result;
    },
    stop() {
      for (const tail of tails.values()) tail.close();
    },
  };
}

/** Age in ms of a stream batch's last record; undefined for other events. */
function iteratorAge(event: unknown, now: number): number | undefined {
  const last = recordSchema.safeParse(eventSchema.safeParse(event).data?.Records.at(-1)).data;
  if (last === undefined) return undefined;
  const seconds =
    'kinesis' in last ? last.kinesis.approximateArrivalTimestamp : last.dynamodb.ApproximateCreationDateTime;
  return Math.max(0, now - seconds * 1_000);
}

/** Measures every answer as API Gateway does for an HTTP API. */
export function measureApi(handler: HttpHandler, apiId: string, measure: Measure): HttpHandler {
  return async (request) => {
    const start = performance.now();
    let status = 500;
    try {
      const response = await handler(request);
      status = response.status;
      return response;
    } finally {
      const api = (name: string, value: number) =>
        measure({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId: apiId } }, value);
      api('Count', 1);
      api('4xx', status >= 400 && status < 500 ? 1 : 0);
      api('5xx', status >= 500 ? 1 : 0);
      api('Latency', performance.now() - start);
    }
  };
}

const endings = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
} as const;

/** Counts how executions end, as Step Functions does. */
export function measureExecutions(measure: Measure) {
  return (machineArn: string, status: keyof typeof endings): void =>
    measure({ namespace: 'AWS/States', name: endings[status], dimensions: { StateMachineArn: machineArn } }, 1);
}

/** Reads queues off at the end of each minute. A queue that has become empty reports it once and then falls silent. */
export function queueGauges(gaugesAt: (time: number) => readonly QueueGauge[]) {
  let busy: ReadonlySet<string> = new Set();
  return (minutes: readonly number[], measure: Measure): void => {
    for (const minute of minutes) {
      const end = minute + minuteMilliseconds;
      const gauges = gaugesAt(end - 1);
      if (gauges.length === 0 && busy.size === 0) return;
      const found = new Map(gauges.map((gauge) => [parseArn(gauge.queueArn).resource, gauge]));
      for (const QueueName of new Set([...busy, ...found.keys()])) {
        const { visible = 0, oldestSentAt = end } = found.get(QueueName) ?? {};
        const sqs = (name: string, value: number) =>
          measure({ namespace: 'AWS/SQS', name, dimensions: { QueueName } }, value, minute);
        sqs('ApproximateNumberOfMessagesVisible', visible);
        sqs('ApproximateAgeOfOldestMessage', (end - oldestSentAt) / 1_000);
      }
      busy = new Set(found.keys());
    }
  };
}

/** Counts requests to put records since it was asked last. */
export function putCounter(puts: () => number, streamName: string | undefined, measure: Measure) {
  let seen = puts();
  return (): void => {
    const now = puts();
    if (now === seen || streamName === undefined) return;
    measure({ namespace: 'AWS/Kinesis', name: 'IncomingRecords', dimensions: { StreamName: streamName } }, now - seen);
    seen = now;
  };
}
