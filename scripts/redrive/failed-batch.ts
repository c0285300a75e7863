import { z } from 'zod';

const messageSchema = z.looseObject({
  requestContext: z.looseObject({ condition: z.string() }),
  KinesisBatchInfo: z.looseObject({
    shardId: z.string(),
    startSequenceNumber: z.string().regex(/^\d+$/),
    endSequenceNumber: z.string().regex(/^\d+$/),
    approximateArrivalOfFirstRecord: z.string(),
    approximateArrivalOfLastRecord: z.string(),
    batchSize: z.int().min(1),
  }),
});

/** Where records are that a stream's consumer gave up. Sequence numbers count both ends in. */
export type FailedBatch = z.infer<typeof messageSchema>['KinesisBatchInfo'];

/**
 * What Lambda puts into a stream mapping's failure queue (Lambda developer guide, discarded batches). Throws an Error on
 * anything else.
 */
export function readFailedBatch(body: string): FailedBatch {
  const message = messageSchema.safeParse(parse(body));
  if (message.success) return message.data.KinesisBatchInfo;
  throw new Error(`no failed batch of a stream: ${z.prettifyError(message.error)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
