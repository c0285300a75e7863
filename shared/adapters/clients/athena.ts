import { AthenaClient } from '@aws-sdk/client-athena';

export function athena(): AthenaClient {
  return new AthenaClient({});
}
