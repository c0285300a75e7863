import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Over HTTP/1.1: the HTTP/2 default keeps a session open between invocations and buys a single producer nothing. */
export function kinesis(): KinesisClient {
  return new KinesisClient({ requestHandler: new NodeHttpHandler() });
}
