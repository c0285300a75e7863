import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as z from 'zod';
import { createCatalog } from '../athena/catalog.ts';
import { createObjects } from '../athena/objects.ts';
import { QueryFailure, type QueryOutcome, runStatement } from '../athena/run-query.ts';
import { parseStatement } from '../athena/statement.ts';
import type { Journal } from '../journal.ts';
import {
  type Clock,
  type Guard,
  type JsonService,
  type ResolvedResource,
  ServiceError,
  type WorkSource,
} from '../types.ts';
import { parseInput, parseProperties } from './properties.ts';

export type AthenaOptions = {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Resources of type `AWS::Glue::Table` and `AWS::Athena::WorkGroup`. */
  readonly tables: readonly ResolvedResource[];
  readonly workGroups: readonly ResolvedResource[];
  readonly s3Endpoint: string;
  readonly dataDir: string;
  /** A query reads and writes with the rights of who asked for it. */
  readonly guard: Guard;
  /** The role behind an access key; undefined for the account's root. */
  readonly roleOf: (accessKey: string) => string | undefined;
};

type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
type Execution = {
  readonly id: string;
  readonly sql: string;
  readonly database: string;
  readonly workGroup: string;
  readonly role: string | null;
  readonly state: State;
  readonly reason?: string;
  readonly submittedAt: number;
  readonly outcome?: QueryOutcome;
};

const code = 'InvalidRequestException';
const startSchema = z.object({
  QueryString: z.string().min(1).max(262_144),
  ClientRequestToken: z.string().min(32).max(128).optional(),
  QueryExecutionContext: z.object({ Database: z.string() }),
  WorkGroup: z.string(),
});
const workGroupProperties = z.object({
  WorkGroupConfiguration: z.object({ ResultConfiguration: z.object({ OutputLocation: z.string() }) }),
});
const idSchema = z.object({ QueryExecutionId: z.string() });

/** Athena on DuckDB: queries over the tables of the template, kept in the journal. What a restart interrupts has failed. */
export function createAthena(options: AthenaOptions) {
  const { journal, clock, guard } = options;
  const { db } = journal;
  db.exec('CREATE TABLE IF NOT EXISTS athena_queries (id TEXT PRIMARY KEY, token TEXT UNIQUE, body TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO athena_queries (id, token, body) VALUES (?, ?, ?)');
  const update = db.prepare('UPDATE athena_queries SET body = ? WHERE id = ?');
  const byId = db.prepare('SELECT body FROM athena_queries WHERE id = ?');
  const byToken = db.prepare('SELECT body FROM athena_queries WHERE token = ?');
  const every = db.prepare('SELECT body FROM athena_queries');
  const decode = (row: unknown) => JSON.parse((row as { readonly body: string }).body) as Execution;
  const save = (execution: Execution) => void update.run(JSON.stringify(execution), execution.id);
  const catalog = createCatalog(journal, options.tables);
  const objects = createObjects(options.s3Endpoint, path.join(options.dataDir, 'athena', 'objects'));
  const running = new Set<Promise<void>>();
  let tail: Promise<void> = Promise.resolve();
  for (const execution of every.all().map(decode))
    if (execution.state === 'RUNNING' || execution.state === 'QUEUED')
      save({ ...execution, state: 'FAILED', reason: 'the engine was stopped while the query ran' });

  function find(input: unknown): Execution {
    const { QueryExecutionId } = parseInput(input, idSchema, code);
    const row = byId.get(QueryExecutionId);
    if (row === undefined) throw new ServiceError(code, `QueryExecution ${QueryExecutionId} was not found`);
    return decode(row);
  }

  function demand(role: string | null, action: string, resource: string): void {
    const refusal = role === null ? undefined : guard({ principal: role, action, resource });
    if (refusal !== undefined) throw new QueryFailure(`Insufficient permissions to execute the query. ${refusal}`);
  }

  function resultsUri(name: string): string {
    const workGroup = options.workGroups.find(({ physicalName }) => physicalName === name);
    if (workGroup === undefined) throw new QueryFailure(`WorkGroup ${name} is not found`);
    return parseProperties(workGroup, workGroupProperties).WorkGroupConfiguration.ResultConfiguration.OutputLocation;
  }

  async function run(execution: Execution): Promise<void> {
    if (find({ QueryExecutionId: execution.id }).state !== 'QUEUED') return;
    save({ ...execution, state: 'RUNNING' });
    const ended = await outcomeOf(execution);
    if (find({ QueryExecutionId: execution.id }).state === 'RUNNING') save({ ...execution, ...ended });
  }

  async function outcomeOf({
    id,
    sql,
    database,
    workGroup,
    role,
  }: Execution): Promise<Pick<Execution, 'state' | 'reason' | 'outcome'>> {
    try {
      const statement = parseStatement(sql);
      if (statement === undefined) throw new QueryFailure('FAILED: ParseException: the statement is not emulated');
      const folder = path.join(options.dataDir, 'athena', 'temporary');
      const context = {
        database,
        results: resultsUri(workGroup),
        catalog,
        objects,
        folder,
        demand: demand.bind(undefined, role),
      };
      return { state: 'SUCCEEDED', outcome: await runStatement(statement, id, context) };
    } catch (error) {
      return { state: 'FAILED', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  function start(input: unknown, caller: string): object {
    const { QueryString, ClientRequestToken, QueryExecutionContext, WorkGroup } = parseInput(input, startSchema, code);
    if (!options.workGroups.some(({ physicalName }) => physicalName === WorkGroup))
      throw new ServiceError(code, `WorkGroup ${WorkGroup} is not found`);
    const known = ClientRequestToken === undefined ? undefined : byToken.get(ClientRequestToken);
    if (known !== undefined) {
      const { id, sql } = decode(known);
      if (sql !== QueryString) throw new ServiceError(code, 'Idempotent parameters do not match');
      return { QueryExecutionId: id };
    }
    const execution: Execution = {
      id: randomUUID(),
      sql: QueryString,
      database: QueryExecutionContext.Database,
      workGroup: WorkGroup,
      role: options.roleOf(caller) ?? null,
      state: 'QUEUED',
      submittedAt: clock.now(),
    };
    insert.run(execution.id, ClientRequestToken ?? execution.id, JSON.stringify(execution));
    // One after the other: each may take all the memory there is for queries.
    const ended = tail.then(() => run(execution)).finally(() => running.delete(ended));
    tail = ended;
    running.add(ended);
    return { QueryExecutionId: execution.id };
  }

  function stop(input: unknown): object {
    const execution = find(input);
    if (execution.state === 'QUEUED' || execution.state === 'RUNNING') save({ ...execution, state: 'CANCELLED' });
    return {};
  }

  const service: JsonService = {
    targetPrefix: 'AmazonAthena',
    async handle(operation, input, caller) {
      if (operation === 'StartQueryExecution') return start(input, caller);
      if (operation === 'GetQueryExecution') return { QueryExecution: described(find(input)) };
      if (operation === 'StopQueryExecution') return stop(input);
      if (operation === 'GetQueryResults') return resultsOf(find(input));
      throw new ServiceError('UnknownOperationException', `Athena ${operation} is not emulated`);
    },
  };
  const source: WorkSource = {
    name: 'athena',
    // Time stands still while a query runs.
    async pump() {
      if (running.size === 0) return false;
      await Promise.all(running);
      return true;
    },
    nextWakeAt: () => undefined,
  };
  const close = async () => {
    await Promise.all(running);
    objects.close();
  };
  return { service, source, close };
}

function described({ id, sql, database, workGroup, state, reason, submittedAt, outcome }: Execution): object {
  const error = { ErrorCategory: 2, ErrorType: 0, Retryable: false, ErrorMessage: reason };
  return {
    QueryExecutionId: id,
    Query: sql,
    StatementType: /^\s*ALTER/i.test(sql) ? 'DDL' : 'DML',
    QueryExecutionContext: { Database: database },
    WorkGroup: workGroup,
    Status: {
      State: state,
      SubmissionDateTime: submittedAt / 1_000,
      ...(reason !== undefined && { StateChangeReason: reason, AthenaError: error }),
    },
    Statistics: { DataScannedInBytes: outcome?.scannedBytes ?? 0 },
  };
}

/** The first row of a query's results holds the names, as Athena gives them. */
function resultsOf({ state, outcome }: Execution): object {
  if (state !== 'SUCCEEDED' || outcome === undefined)
    throw new ServiceError(code, `Query has not yet finished. Current state: ${state}`);
  const row = (cells: readonly (string | null)[]) => ({
    Data: cells.map((cell) => (cell === null ? {} : { VarCharValue: cell })),
  });
  const ColumnInfo = outcome.columns.map((Name) => ({ Name, Type: 'varchar' }));
  const Rows = outcome.columns.length === 0 ? [] : [row(outcome.columns), ...outcome.rows.map(row)];
  return { ResultSet: { Rows, ResultSetMetadata: { ColumnInfo } } };
}
