import { SFNClient } from '@aws-sdk/client-sfn';

export function stepFunctions(): SFNClient {
  return new SFNClient({});
}
