import { postLineage } from '../../shared/api/lineage.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { acceptLineage } from '../../shared/use-cases/graph/openlineage/accept-lineage.ts';
import { lineageEndpoint } from './lineage-endpoint.ts';

export const handler = apiHandler(postLineage, {}, async ({ body: event, raw: { headers }, now }) =>
  (await acceptLineage(lineageEndpoint, { headers, event, now })) ? {} : { status: 200 },
);
