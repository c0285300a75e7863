import type { DatabaseSync } from 'node:sqlite';

/** The part of the journal this engine needs. */
export type Journal = { readonly db: DatabaseSync; transaction<T>(work: () => T): T };

export type TaskResult =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: string; readonly cause: string };

/** Moments by which a task must have answered or given a sign of life. */
export type Deadlines = {
  readonly timeoutAt?: number;
  readonly heartbeatAt?: number;
  readonly heartbeatMillis?: number;
};

export type Phase =
  | { readonly kind: 'ready' }
  | { readonly kind: 'asleep'; readonly until: number; readonly after: 'wait' | 'retry' }
  /** Invoked, or about to be; after a restart it is invoked again. A token may be answered already. */
  | ({ readonly kind: 'calling' } & Deadlines)
  | ({ readonly kind: 'awaiting-token' } & Deadlines)
  | { readonly kind: 'answered'; readonly result: TaskResult }
  | {
      readonly kind: 'ended';
      readonly at: number;
      readonly output?: unknown;
      readonly error?: string;
      readonly cause?: string;
    };

/** Everything that is needed to go on after a crash. */
export type Execution = {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly input: unknown;
  readonly startedAt: number;
  readonly timeoutAt?: number;
  readonly state: string;
  readonly stateInput: unknown;
  readonly enteredAt: number;
  /** Number of states entered so far. */
  readonly visit: number;
  /** Retries of the current state, by retrier. */
  readonly retries: readonly number[];
  readonly phase: Phase;
};

export type HistoryEvent = { readonly type: string; readonly details?: Readonly<Record<string, unknown>> };

const schema = `
  CREATE TABLE IF NOT EXISTS workflow_executions (
    arn TEXT PRIMARY KEY, machine TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, wake INTEGER, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS workflow_executions_by_wake ON workflow_executions (wake) WHERE wake IS NOT NULL;
  CREATE INDEX IF NOT EXISTS workflow_executions_by_end ON workflow_executions (ended) WHERE ended IS NOT NULL;
  CREATE TABLE IF NOT EXISTS workflow_history (
    arn TEXT NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (arn, id)) WITHOUT ROWID;`;

/** 0 when the execution can go on now, undefined when only an answer or nothing at all brings it on. */
export function wakeAt({ phase, timeoutAt }: Execution): number | undefined {
  const earliest = (...times: readonly (number | undefined)[]) => {
    const known = times.filter((time) => time !== undefined);
    return known.length > 0 ? Math.min(...known) : undefined;
  };
  switch (phase.kind) {
    case 'ended':
      return undefined;
    case 'asleep':
      return earliest(phase.until, timeoutAt);
    case 'awaiting-token':
      return earliest(phase.timeoutAt, phase.heartbeatAt, timeoutAt);
    case 'ready':
    case 'calling':
    case 'answered':
      return 0;
  }
}

export type ExecutionStore = ReturnType<typeof createExecutionStore>;

/** Executions and their history in the journal. */
export function createExecutionStore(journal: Journal) {
  const { db } = journal;
  db.exec(schema);
  const put = db.prepare(
    'INSERT OR REPLACE INTO workflow_executions (arn, machine, status, started, ended, wake, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const one = db.prepare('SELECT body FROM workflow_executions WHERE arn = ?');
  const due = db.prepare('SELECT arn FROM workflow_executions WHERE wake <= ? ORDER BY wake, started, arn');
  const next = db.prepare('SELECT MIN(wake) AS wake FROM workflow_executions WHERE wake IS NOT NULL');
  const list = db.prepare(
    `SELECT body FROM workflow_executions WHERE machine = ? AND (? IS NULL OR status = ?) ORDER BY started DESC, arn DESC`,
  );
  const record = db.prepare(
    'INSERT INTO workflow_history SELECT ?1, COALESCE(MAX(id), 0) + 1, ?2, ?3 FROM workflow_history WHERE arn = ?1',
  );
  const history = db.prepare('SELECT id, at, event FROM workflow_history WHERE arn = ? ORDER BY id');
  const forgetHistory = db.prepare(
    'DELETE FROM workflow_history WHERE arn IN (SELECT arn FROM workflow_executions WHERE ended < ?)',
  );
  const forget = db.prepare('DELETE FROM workflow_executions WHERE ended < ?');
  const decode = (row: unknown): Execution => JSON.parse((row as { body: string }).body);

  return {
    get(arn: string): Execution | undefined {
      const row = one.get(arn);
      return row && decode(row);
    },
    save(execution: Execution, at: number, events: readonly HistoryEvent[] = []): Execution {
      const { arn, machineArn, status, startedAt, phase } = execution;
      const ended = phase.kind === 'ended' ? phase.at : null;
      journal.transaction(() => {
        put.run(arn, machineArn, status, startedAt, ended, wakeAt(execution) ?? null, JSON.stringify(execution));
        for (const event of events) record.run(arn, at, JSON.stringify(event));
      });
      return execution;
    },
    due: (now: number): string[] => due.all(now).map((row) => String(row.arn)),
    nextWakeAt: (): number | undefined => (next.get() as { wake: number | null }).wake ?? undefined,
    list: (machineArn: string, status: string | undefined): readonly Execution[] =>
      list.all(machineArn, status ?? null, status ?? null).map(decode),
    history: (arn: string) =>
      history.all(arn).map((row) => ({
        id: Number(row.id),
        at: Number(row.at),
        event: JSON.parse(String(row.event)) as HistoryEvent,
      })),
    /** Drops executions that ended before this moment. */
    forget(before: number): void {
      forgetHistory.run(before);
      forget.run(before);
    },
  };
}
