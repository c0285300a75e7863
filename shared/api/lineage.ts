import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

/** Nested columns and query plans nest deeper than anything else that is sent. */
const maxDepth = 64;
const event = z.looseObject({}).meta({
  description: 'RunEvent, DatasetEvent or JobEvent of OpenLineage 2-0-2; older ones and what Marquez takes, too',
});

export const postLineage = operation({
  id: 'postLineage',
  summary:
    'Tell what a run, a job or a dataset did, as an OpenLineage event, with a lineage key as bearer token or X-API-Key. Answers 201 when the event is kept, 200 when its type means nothing here; the graph follows within seconds.',
  body: event,
  response: z.unknown().meta({ description: 'empty' }),
  status: 201,
  maxBodyBytes: 2_097_152,
  takesGzip: true,
  maxDepth,
  errors: ['lineage-not-authorized', 'lineage-namespace-not-allowed', 'invalid-lineage-event', 'overloaded'],
});

export const postLineageBatch = operation({
  id: 'postLineageBatch',
  summary:
    'Tell the same of up to 1,000 events. Answers 204 when all are kept, or 200 and which are not; one that is refused holds none of the others back.',
  body: z.array(z.unknown()).max(1_000),
  response: z
    .object({
      status: z.enum(['success', 'partial_success']),
      summary: z.object({
        received: z.number(),
        successful: z.number(),
        failed: z.number(),
        retriable: z.number(),
        non_retriable: z.number(),
      }),
      failed_events: z.array(z.object({ index: z.number(), reason: z.string(), retriable: z.boolean() })),
    })
    .meta({ id: 'LineageBatchReport' }),
  maxBodyBytes: 4_194_304,
  takesGzip: true,
  maxDepth,
  errors: ['lineage-not-authorized', 'overloaded'],
});
