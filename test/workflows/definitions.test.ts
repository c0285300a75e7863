import { readdirSync, readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ErrorName } from '../../shared/domain/errors.ts';
import { backgroundFunctions, workflows } from '../../shared/names.ts';

const folder = new URL('../../state-machines/', import.meta.url);
const files = readdirSync(folder);
const definitionSchema = z.looseObject({
  Comment: z.string(),
  StartAt: z.string(),
  States: z.record(z.string(), z.looseObject({ Type: z.string(), Comment: z.string().optional() })),
});

function read(file: string) {
  const text = readFileSync(new URL(file, folder), 'utf8');
  return { text, definition: definitionSchema.parse(JSON.parse(text)) };
}

function errorNames(text: string): readonly string[] {
  return [...text.matchAll(/"ErrorEquals":\s*\[([^\]]*)\]/g)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/"([^"]+)"/g)].map((name) => name[1] ?? ''),
  );
}

// One entry per name of the closed list that a workflow matches, so that a renamed error breaks the types here.
const known: readonly ErrorName[] = ['VersionConflict', 'DependencyUnavailable', 'NobodyAwaited'];
const ofServices = /^((States|Lambda|StepFunctions)\.\w+|Sandbox\.Timedout|Runtime\.ExitError)$/;

it('has one definition per workflow', () => {
  expect(files.toSorted()).toEqual(
    Object.values(workflows)
      .map((name) => `${name}.asl.json`)
      .toSorted(),
  );
});

describe.each(files)('%s', (file) => {
  const { text, definition } = read(file);

  it('is valid', () => {
    const { isValid, errorsText } = validate(
      JSON.parse(text.replace(/\$\{\w+\}/g, 'arn:aws:lambda:eu-west-1:123456789012:function:any')),
    );
    expect(isValid ? '' : errorsText('; ')).toBe('');
  });

  it('begins with a comment for people', () => {
    expect(Object.keys(definition)[0]).toBe('Comment');
    expect(definition.Comment.length).toBeGreaterThan(80);
  });

  it('matches only errors that exist', () => {
    expect(errorNames(text).length).toBeGreaterThan(0);
    expect(errorNames(text).filter((name) => !ofServices.test(name) && !known.some((each) => each === name))).toEqual(
      [],
    );
  });

  it('calls only functions that exist', () => {
    const placeholders = [...text.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? '');
    const names = [...Object.keys(backgroundFunctions), ...Object.keys(workflows).map((name) => `${name}Arn`)];
    expect(placeholders.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('uses nothing but JSONPath tasks, choices, waits and ends', () => {
    expect(text).not.toMatch(/QueryLanguage|"Assign"|"Arguments"|"Output"|\{%|ItemReader|ItemBatcher|Heartbeat/);
    const types = new Set(Object.values(definition.States).map(({ Type }) => Type));
    expect([...types].filter((type) => !['Task', 'Choice', 'Wait', 'Succeed', 'Fail'].includes(type))).toEqual([]);
  });

  it('gives every function its moment from the execution', () => {
    for (const state of Object.values(definition.States)) {
      if (typeof state.Resource !== 'string' || !state.Resource.includes('lambda')) continue;
      expect(JSON.stringify(state.Parameters)).toContain('"now.$":"$$.State.EnteredTime"');
    }
  });
});

describe('roll-out-version', () => {
  const { States } = read('roll-out-version.asl.json').definition;

  it('rolls back from every task that cannot go on', () => {
    const tasks = Object.entries(States).filter(([, { Type }]) => Type === 'Task');
    for (const [name, { Catch }] of tasks) {
      if (name.startsWith('RollBack')) continue;
      // Waiting for a person ends in a look, whoever or whatever ends it.
      const looks = { ErrorEquals: ['States.Timeout', 'NobodyAwaited'], ResultPath: null, Next: 'JudgeStep' };
      expect(Catch).toEqual([
        ...(name === 'AwaitPerson' ? [looks] : []),
        { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'RollBackAfterError' },
      ]);
    }
    expect(tasks.length).toBeGreaterThan(6);
  });

  it('rolls back when a function names a move that nobody knows', () => {
    expect(States.NextMove?.Default).toBe('RollBack');
  });
});

it('every background function of retraining and rollout is called by a workflow, but for those that a queue or a schedule calls', () => {
  const all = files.map((file) => read(file).text).join();
  const tasks = Object.entries(backgroundFunctions).filter(([, path]) => /^(retraining|rollout)\//.test(path));
  expect(tasks.flatMap(([name]) => (all.includes(`\${${name}}`) ? [] : [name]))).toEqual([
    'decideRetrains',
    'dispatchRetrains',
    'watchRuns',
    'advanceCascades',
    'takeExternalEvents',
  ]);
});
