import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

type Answer = { readonly response?: { readonly headers?: Readonly<Record<string, string>> } };

/** Bytes of the answers, and how many there were; counts on while the client is used. */
export function countBytes(client: DynamoDBDocumentClient): { readonly bytes: number; readonly calls: number } {
  const received = { bytes: 0, calls: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result as Answer;
      received.bytes += Number(response?.headers?.['content-length'] ?? 0);
      received.calls += 1;
      return result;
    },
    { step: 'deserialize', name: 'countBytes', priority: 'low' },
  );
  return received;
}
