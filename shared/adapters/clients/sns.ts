import { SNSClient } from '@aws-sdk/client-sns';

export function sns(): SNSClient {
  return new SNSClient({});
}
