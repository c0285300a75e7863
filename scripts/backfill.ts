import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { configOf } from './redrive/deployment.ts';

const usage = `npm run backfill -- --from 2026-01-01 --to 2026-01-31 (--outputs <file> | --local <url>)

Joins event dates again, one after the other, by the workflow of the daily join; readers see each date when it is done.
Begun again with the same dates, it goes on after the last one that is done.
  --outputs cdk-outputs.json        of AWS; the file comes from npx cdk deploy --all --outputs-file cdk-outputs.json
  --local http://127.0.0.1:4566     an embedded cloud that runs; the address of its API`;

const outputsSchema = z.object({ BatchWorkflowArn: z.string(), GroundTruthTableName: z.string() });
const environmentSchema = z.record(z.string(), z.string());
const runSchema = z.object({
  runId: z.string(),
  dates: z.array(z.string()),
  joinedDates: z.number(),
  failedDates: z.array(z.string()),
});
const pollMillis = 5_000;
const dayMillis = 86_400_000;
/** As many as one execution takes. */
const datesPerRun = 60;

type Clients = { readonly workflows: SFNClient; readonly table: DynamoDBDocumentClient };
type Outputs = z.infer<typeof outputsSchema>;

async function placeOf(outputs: string | undefined, local: string | undefined) {
  if (outputs === undefined) {
    const answer = await (await fetch(`${local}/_local/status`)).json();
    return z.object({ outputs: outputsSchema, environment: environmentSchema }).parse(answer);
  }
  const stacks = z.record(z.string(), environmentSchema).parse(JSON.parse(readFileSync(outputs, 'utf8')));
  return { outputs: outputsSchema.parse(Object.assign({}, ...Object.values(stacks))), environment: undefined };
}

function datesOf(from: string, to: string): readonly string[] {
  const count = (Date.parse(to) - Date.parse(from)) / dayMillis + 1;
  if (!(count >= 1)) throw new Error(`received ${from} to ${to}, expected two dates in their order\n\n${usage}`);
  return Array.from({ length: count }, (_, i) => new Date(Date.parse(from) + i * dayMillis).toISOString().slice(0, 10));
}

/** Dates that a backfill of the same range has not published; all of them when it has published all. */
async function leftOver(
  { table }: Clients,
  { GroundTruthTableName }: Outputs,
  prefix: string,
  dates: readonly string[],
) {
  const { Items = [] } = await table.send(
    new QueryCommand({
      TableName: GroundTruthTableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': 'batch-days', ':from': dates[0], ':to': dates.at(-1) },
    }),
  );
  const done = new Set(Items.filter(({ runId }) => String(runId).startsWith(prefix)).map(({ sk }) => String(sk)));
  const left = dates.filter((date) => !done.has(date));
  return left.length === 0 ? dates : left;
}

async function runOf({ table }: Clients, { GroundTruthTableName: TableName }: Outputs) {
  const { Item } = await table.send(new GetCommand({ TableName, Key: { pk: 'batch-runs', sk: 'latest' } }));
  return Item && runSchema.parse(JSON.parse(String(Item.run)));
}

/** Whether every date was joined. */
async function join(clients: Clients, outputs: Outputs, name: string, dates: readonly string[]): Promise<boolean> {
  const input = JSON.stringify({ range: { from: dates[0], to: dates.at(-1) } });
  const stateMachineArn = outputs.BatchWorkflowArn;
  const { executionArn } = await clients.workflows.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  let said = '';
  for (;;) {
    const { status } = await clients.workflows.send(new DescribeExecutionCommand({ executionArn }));
    const run = await runOf(clients, outputs);
    const progress =
      run?.runId === name
        ? `${run.joinedDates} dates joined, ${run.dates.length} left${run.failedDates.length > 0 ? `, failed: ${run.failedDates.join(', ')}` : ''}`
        : 'waits for another run to end';
    if (progress !== said) console.log(progress);
    said = progress;
    if (status !== 'RUNNING') return status === 'SUCCEEDED';
    await delay(pollMillis);
  }
}

async function backfill(): Promise<boolean> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { from: text, to: text, outputs: text, local: text } });
  const { from, to, outputs: file, local } = values;
  if (from === undefined || to === undefined || (file === undefined) === (local === undefined)) throw new Error(usage);
  const dates = datesOf(from, to);
  const { outputs, environment } = await placeOf(file, local);
  const clients: Clients = {
    workflows: new SFNClient(configOf('SFN', environment)),
    table: DynamoDBDocumentClient.from(new DynamoDBClient(configOf('DYNAMODB', environment))),
  };
  const prefix = `backfill-${from}-${to}-`;
  let left = await leftOver(clients, outputs, prefix, dates);
  let isWhole = true;
  while (left.length > 0) {
    const some = datesOf(left[0]!, left.at(-1)!).slice(0, datesPerRun);
    isWhole = (await join(clients, outputs, `${prefix}${Date.now()}`, some)) && isWhole;
    left = left.filter((date) => date > some.at(-1)!);
  }
  clients.workflows.destroy();
  clients.table.destroy();
  return isWhole;
}

try {
  process.exitCode = (await backfill()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
