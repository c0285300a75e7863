import { listEntityTypes as contract } from '../../shared/api/entities.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { listEntityTypes } from '../../shared/use-cases/graph/list-entity-types.ts';

const body = listEntityTypes();

export const handler = apiHandler(contract, {}, async () => ({ body }));
