import type { MetricId } from './metric-store.ts';

/**
 * What the embedded cloud measures, besides what functions write in the embedded metric format. An alarm on anything else
 * says that it cannot be evaluated. `Throttles` is always 0: calls wait for a free process here.
 */
const measured: Readonly<Record<string, readonly string[]>> = {
  'AWS/ApiGateway': ['Count', '4xx', '5xx', 'Latency'],
  // Counts requests to put records, each of which holds at least one.
  'AWS/Kinesis': ['IncomingRecords'],
  'AWS/Lambda': ['Invocations', 'Errors', 'Throttles', 'Duration', 'IteratorAge'],
  'AWS/SQS': ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  'AWS/States': ['ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'],
};

export function isMeasured({ namespace, name }: MetricId): boolean {
  return !namespace.startsWith('AWS/') || measured[namespace]?.includes(name) === true;
}
