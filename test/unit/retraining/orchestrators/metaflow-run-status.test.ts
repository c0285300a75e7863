import { describe, expect, it } from 'vitest';
import {
  type MetaflowMetadata,
  metaflowRunStatus,
  newestOf,
} from '../../../../shared/adapters/orchestrators/metaflow-run-status.ts';
import recorded from '../../../contracts/orchestrators/fixtures/metaflow-recorded.json' with { type: 'json' };

const started = recorded.metadata[0]?.ts_epoch ?? 0;
const at = (minutes: number) => new Date(started + minutes * 60_000).toISOString();
const run = { run_number: 'argo-x', ts_epoch: started, last_heartbeat_ts: Math.ceil(started / 1_000) };
const rowsOf = (flow: string, step: string): readonly MetaflowMetadata[] =>
  recorded.metadata.filter(({ flow_id, step_name }) => flow_id === flow && step_name === step);
const attempt = (number: number, field_name: string, value: string): MetaflowMetadata => ({
  field_name,
  value,
  ts_epoch: started + number * 60_000,
  tags: [`attempt_id:${number}`],
});

describe('the status of a recorded run', () => {
  it('is succeeded when its end step has succeeded', () => {
    expect(metaflowRunStatus(run, rowsOf('RankerTrainFlow', 'end'), at(60))).toMatchObject({ state: 'succeeded' });
  });

  it('follows the end step that the run names, where the metadata service would report a failure', () => {
    expect(newestOf(rowsOf('CustomEndFlow', '_parameters'), 'end_step')?.value).toBe('publish');
    expect(metaflowRunStatus(run, rowsOf('CustomEndFlow', 'publish'), at(60)).state).toBe('succeeded');
    expect(metaflowRunStatus(run, rowsOf('CustomEndFlow', 'end'), at(60)).state).toBe('failed');
  });

  it('is failed six minutes after the last heartbeat when the end step was not reached, and no sooner', () => {
    const rows = rowsOf('RankerFailFlow', 'end');
    expect(rows).toEqual([]);
    expect(metaflowRunStatus(run, rows, at(6)).state).toBe('running');
    expect(metaflowRunStatus(run, rows, at(7))).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('heartbeat'),
    });
  });
});

describe('the status of a run whose end step fails', () => {
  const failed = [attempt(0, 'attempt', '0'), attempt(0, 'attempt_ok', 'False')];

  it('is running while a retry may follow, and failed when none does', () => {
    expect(metaflowRunStatus(run, failed, at(1)).state).toBe('running');
    expect(metaflowRunStatus(run, failed, at(10))).toMatchObject({
      state: 'failed',
      endedAt: new Date(run.last_heartbeat_ts * 1_000).toISOString(),
    });
  });

  it('is that of the newest attempt', () => {
    const retried = [...failed, attempt(1, 'attempt', '1')];
    const beating = { ...run, last_heartbeat_ts: Math.floor(Date.parse(at(9)) / 1_000) };
    expect(metaflowRunStatus(beating, retried, at(10)).state).toBe('running');
    expect(metaflowRunStatus(run, [...retried, attempt(1, 'attempt_ok', 'True')], at(10)).state).toBe('succeeded');
    expect(
      metaflowRunStatus(run, [attempt(1, 'attempt_ok', 'False'), attempt(0, 'attempt_ok', 'True')], at(10)).state,
    ).toBe('failed');
  });

  it('stays running without any sign of life to go by', () => {
    expect(metaflowRunStatus({ ...run, last_heartbeat_ts: null }, [], at(600)).state).toBe('running');
  });
});
