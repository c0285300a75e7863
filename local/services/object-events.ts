import * as z from 'zod';
import type { ResolvedResource } from '../types.ts';
import type { EventBridge } from './event-bridge.ts';
import { parseProperties } from './properties.ts';

export type CreatedObject = { readonly bucket: string; readonly key: string; readonly reason: string };
export type OnObject = (object: CreatedObject) => void;

const bucketProperties = z.object({
  NotificationConfiguration: z
    .object({ EventBridgeConfiguration: z.object({ EventBridgeEnabled: z.boolean().default(true) }) })
    .optional(),
});

/**
 * `Object Created` on the default bus, for buckets whose notifications go to EventBridge. Source: Amazon S3 user guide,
 * EventBridge event message structure; without size, tag and requester. One is lost when the process is killed between the
 * answer to the put and this.
 */
export function createObjectEvents(buckets: readonly ResolvedResource[], bus: EventBridge): OnObject {
  const arns = new Map(buckets.filter(announces).map(({ physicalName, arn }) => [physicalName, arn]));
  return ({ bucket, key, reason }) => {
    const resource = arns.get(bucket);
    if (resource === undefined) return;
    const detail = { version: '0', bucket: { name: bucket }, object: { key }, reason };
    bus.announce({ source: 'aws.s3', detailType: 'Object Created', resource, detail });
  };
}

function announces(bucket: ResolvedResource): boolean {
  const { NotificationConfiguration } = parseProperties(bucket, bucketProperties);
  return NotificationConfiguration?.EventBridgeConfiguration.EventBridgeEnabled === true;
}

/** The object that a request of the S3 protocol makes when it is answered with 200; undefined when it makes none. */
export function createdObject(method: string, path: string, query: string): CreatedObject | undefined {
  const [, bucket = '', ...key] = path.split('/').map(decodeURIComponent);
  const parameters = new URLSearchParams(query);
  const isPart = parameters.has('partNumber');
  const isWhole = method === 'PUT' && !isPart;
  const isCompleted = method === 'POST' && parameters.has('uploadId');
  if (key.join('/') === '' || !(isWhole || isCompleted)) return undefined;
  return { bucket, key: key.join('/'), reason: isWhole ? 'PutObject' : 'CompleteMultipartUpload' };
}
