import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

export function eventBridge(): EventBridgeClient {
  return new EventBridgeClient({});
}
