import { openApiDocument } from '../../shared/api/openapi.ts';
import { getOpenApi } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';

const document = openApiDocument();

export const handler = apiHandler(getOpenApi, {}, async () => ({ body: document }));
