import { describe, expect, it } from 'vitest';
import { RunwayError } from '../../../shared/domain/errors.ts';
import { z } from '../../../shared/domain/zod.ts';
import { currentCorrelationId } from '../../../shared/observability/correlation.ts';
import { scheduledHandler } from '../../../shared/runtime/scheduled-handler.ts';
import { taskHandler } from '../../../shared/runtime/task-handler.ts';

const schema = z.strictObject({ rolloutId: z.string(), step: z.number().int() });

describe('a workflow task', () => {
  it('gets its input and the execution’s time', async () => {
    const handler = taskHandler(schema, async (input) => input);
    expect(await handler({ rolloutId: 'm-o1', step: 2, now: '2001-01-22T06:00:00Z' })).toEqual({
      rolloutId: 'm-o1',
      step: 2,
      now: '2001-01-22T06:00:00.000Z',
    });
  });

  it('works under the correlation id of its workflow', async () => {
    const handler = taskHandler(schema, async () => currentCorrelationId());
    const payload = { rolloutId: 'm-o1', step: 2, now: '2001-01-22T06:00:00Z', correlationId: 'req-7' };
    expect(await handler(payload)).toBe('req-7');
  });

  it.each([
    { rolloutId: 'm-o1', step: 2 },
    { rolloutId: 'm-o1', step: '2', now: '2001-01-22T06:00:00Z' },
    { rolloutId: 'm-o1', step: 2, colour: 'red', now: '2001-01-22T06:00:00Z' },
    null,
  ])('refuses the payload %j', async (payload) => {
    await expect(taskHandler(schema, async () => 'done')(payload)).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('fails with the literal name that the workflow matches', async () => {
    const handler = taskHandler(schema, () =>
      Promise.reject(new RunwayError('VersionConflict', 'version-conflict', 'moved')),
    );
    await expect(handler({ rolloutId: 'm-o1', step: 2, now: '2001-01-22T06:00:00Z' })).rejects.toMatchObject({
      name: 'VersionConflict',
    });
  });
});

describe('a scheduled function', () => {
  it('takes the scheduled time as now', async () => {
    const seen: string[] = [];
    await scheduledHandler(async ({ now }) => void seen.push(now))({ scheduledTime: '2001-01-22T06:00:00Z' });
    expect(seen).toEqual(['2001-01-22T06:00:00.000Z']);
  });

  it('works under an id made from that time', async () => {
    const seen: (string | undefined)[] = [];
    await scheduledHandler(async () => void seen.push(currentCorrelationId()))({
      scheduledTime: '2001-01-22T06:00:00Z',
    });
    expect(seen).toEqual(['schedule:2001-01-22T06:00:00.000Z']);
  });

  it('refuses to guess a time it was not given', async () => {
    const handler = scheduledHandler(async () => {});
    await expect(handler({ scheduledTime: '<aws.scheduler.scheduled-time>' })).rejects.toMatchObject({
      name: 'InvalidRequest',
    });
  });
});
