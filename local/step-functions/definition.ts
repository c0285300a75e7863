import validate from 'asl-validator';
import * as z from 'zod';
import type { ResolvedResource } from '../types.ts';
import { compileRule } from './choice-rule.ts';
import { compileExpression } from './intrinsics.ts';
import { compilePath, compileResultPath } from './json-path.ts';
import { compileTemplate } from './payload-template.ts';

/** Turns what a compiler throws into a problem at the field's place. */
function compiled<T, R>(compile: (value: T) => R) {
  return (value: T, context: z.RefinementCtx): R => {
    try {
      return compile(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: String(error instanceof Error ? error.message : error) });
      return z.NEVER;
    }
  };
}

const path = z.string().transform(compiled(compilePath));
/** `InputPath` and `OutputPath`: null is an empty object. */
const filter = z
  .string()
  .nullable()
  .transform(compiled((text) => (text === null ? () => ({}) : compilePath(text))));
/** Null drops the result. */
const resultPath = z
  .string()
  .nullable()
  .transform(compiled((text) => (text === null ? (input: unknown) => input : compileResultPath(text))));
const template = z.unknown().transform(compiled(compileTemplate)).optional();
const expression = z.string().transform(compiled(compileExpression));
const seconds = z.int().positive().max(99_999_999);

const anyState = {
  Comment: z.string().optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  InputPath: filter.optional(),
  OutputPath: filter.optional(),
};
const transition = { Next: z.string().optional(), End: z.literal(true).optional() };
const errorNames = z.array(z.string()).min(1);

const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorNames,
  IntervalSeconds: seconds.default(1),
  BackoffRate: z.number().min(1).default(2),
  MaxAttempts: z.int().min(0).max(99_999_999).default(3),
  MaxDelaySeconds: seconds.optional(),
  JitterStrategy: z.literal('NONE').optional(),
});
const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorNames,
  Next: z.string(),
  ResultPath: resultPath.optional(),
});

/** The task resources this engine runs; a plain function ARN means the function's result without an envelope. */
const resource = z.union(
  [
    z.enum([
      'arn:aws:states:::lambda:invoke',
      'arn:aws:states:::lambda:invoke.waitForTaskToken',
      'arn:aws:states:::states:startExecution',
    ]),
    z.templateLiteral(['arn:aws:lambda:', z.string()]),
  ],
  { error: (issue) => `unsupported resource ${JSON.stringify(issue.input)}` },
);

const task = z.strictObject({
  Type: z.literal('Task'),
  ...anyState,
  ...transition,
  Resource: resource,
  Parameters: template,
  ResultSelector: template,
  ResultPath: resultPath.optional(),
  Retry: z.array(retrier).default([]),
  Catch: z.array(catcher).default([]),
  TimeoutSeconds: seconds.optional(),
  TimeoutSecondsPath: path.optional(),
  HeartbeatSeconds: seconds.optional(),
  HeartbeatSecondsPath: path.optional(),
});

const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...anyState,
  Choices: z.array(
    z.looseObject({ Next: z.string() }).transform(compiled((rule) => ({ next: rule.Next, holds: compileRule(rule) }))),
  ),
  Default: z.string().optional(),
});

const wait = z.strictObject({
  Type: z.literal('Wait'),
  ...anyState,
  ...transition,
  Seconds: z.int().min(0).max(99_999_999).optional(),
  SecondsPath: path.optional(),
  Timestamp: z.iso.datetime({ offset: true }).optional(),
  TimestampPath: path.optional(),
});

const pass = z.strictObject({
  Type: z.literal('Pass'),
  ...anyState,
  ...transition,
  Parameters: template,
  Result: z.unknown().optional(),
  ResultPath: resultPath.optional(),
});

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  Error: z.string().optional(),
  ErrorPath: expression.optional(),
  Cause: z.string().optional(),
  CausePath: expression.optional(),
});

const succeed = z.strictObject({ Type: z.literal('Succeed'), ...anyState });

const definitionSchema = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  TimeoutSeconds: seconds.optional(),
  StartAt: z.string(),
  States: z.record(
    z.string(),
    z.discriminatedUnion('Type', [task, choice, wait, pass, succeed, fail], {
      error: (issue) => `unsupported state type ${JSON.stringify(Object(issue.input).Type)}`,
    }),
  ),
});

export type Task = z.output<typeof task>;
export type Wait = z.output<typeof wait>;
export type State = z.output<typeof definitionSchema>['States'][string];
export type Definition = z.output<typeof definitionSchema>;
/** A state machine of the template, its expressions compiled. */
export type Machine = {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly definition: Definition;
};

const properties = z.object({
  RoleArn: z.string(),
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  StateMachineType: z.literal('STANDARD').optional(),
});

function place([area, state, ...field]: readonly PropertyKey[]): string {
  if (area !== 'States' || state === undefined)
    return `field ${[area, state, ...field].filter((part) => part !== undefined).join('.')}`;
  return `state ${String(state)}${field.length > 0 ? `, field ${field.join('.')}` : ''}`;
}

function problem(issue: z.core.$ZodIssue): string {
  const where = issue.code === 'unrecognized_keys' ? place([...issue.path, issue.keys.join(', ')]) : place(issue.path);
  return `${where}: ${issue.code === 'unrecognized_keys' ? 'not supported' : issue.message}`;
}

// asl-validator compiles its schemas at every call, which takes 0.2 s; a process boots the same template many times.
const valid = new Set<string>();

function structuralErrors(text: string): string {
  if (valid.has(text)) return '';
  const { isValid, errorsText } = validate(JSON.parse(text));
  if (isValid) valid.add(text);
  return isValid ? '' : errorsText('; ');
}

/** Throws, naming machine, state and field, when the definition is invalid or holds what this engine does not run. */
export function loadMachine(machine: ResolvedResource): Machine {
  const { DefinitionString, DefinitionSubstitutions: values, RoleArn } = properties.parse(machine.properties);
  const text = DefinitionString.replace(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  const parsed = definitionSchema.safeParse(JSON.parse(text));
  const problems = parsed.success ? structuralErrors(text) : parsed.error.issues.map(problem).join('; ');
  if (!parsed.success || problems !== '') throw new Error(`state machine ${machine.physicalName}, ${problems}`);
  return { arn: machine.arn, name: machine.physicalName, roleArn: RoleArn, definition: parsed.data };
}
