import { createHash } from 'node:crypto';
import { type AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import type { QueryEngine } from '../../ports/query-engine.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: AthenaClient; readonly workGroup: string; readonly database: string };

/** Athena's limit of a statement. */
const maximumBytes = 262_144;

/** Throws a RangeError for a statement that Athena would refuse for its length: about 2,000 models. */
export function createAthenaQueryEngine({ client, workGroup, database }: Options): QueryEngine {
  return {
    start: (sql) =>
      callDependency('Athena', async () => {
        const bytes = Buffer.byteLength(sql);
        if (bytes > maximumBytes)
          throw new RangeError(`received a statement of ${bytes} bytes, expected at most ${maximumBytes}`);
        const { QueryExecutionId } = await client.send(
          new StartQueryExecutionCommand({
            QueryString: sql,
            ClientRequestToken: createHash('sha256').update(sql).digest('hex'),
            QueryExecutionContext: { Database: database },
            WorkGroup: workGroup,
          }),
        );
        if (QueryExecutionId === undefined) throw new Error('received no id of a query');
        return QueryExecutionId;
      }),
    status: (queryId) =>
      callDependency('Athena', async () => {
        const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: queryId }));
        const { State, StateChangeReason = '' } = QueryExecution?.Status ?? {};
        if (State === 'SUCCEEDED')
          return { status: 'succeeded', scannedBytes: QueryExecution?.Statistics?.DataScannedInBytes ?? 0 };
        if (State === 'FAILED' || State === 'CANCELLED')
          return { status: 'failed', reason: `${State}: ${StateChangeReason}` };
        return { status: 'running' };
      }),
  };
}
