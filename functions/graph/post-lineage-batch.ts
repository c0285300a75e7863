import { postLineageBatch } from '../../shared/api/lineage.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { acceptLineageBatch } from '../../shared/use-cases/graph/openlineage/accept-lineage.ts';
import { lineageEndpoint } from './lineage-endpoint.ts';

export const handler = apiHandler(postLineageBatch, {}, async ({ body: events, raw: { headers }, now }) => {
  const report = await acceptLineageBatch(lineageEndpoint, { headers, events, now });
  return report === undefined ? { status: 204 } : { body: report };
});
