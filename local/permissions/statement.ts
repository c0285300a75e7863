import * as z from 'zod';
import { compileCondition, type RequestContext } from './condition.ts';
import { compileWildcards, type Pattern } from './pattern.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const principals = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'] })),
  z.strictObject({ AWS: texts.optional(), Service: texts.optional() }),
]);

/** `NotAction`, `NotResource` and `NotPrincipal` are refused as unknown keys. */
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts.default(['*']),
  Principal: principals.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export const documentSchema = z.object({
  Statement: z.preprocess((value) => [value].flat(), z.array(statementSchema)),
});
export type RawStatement = z.output<typeof statementSchema>;

/** One action pattern on one resource pattern, which `holder` (a role or a resource's policy) allows or denies. */
export type Grant = { readonly holder: string; readonly action: string; readonly resource: string };

/** Whoever calls: a role's ARN, the account's root, or a service such as `events.amazonaws.com`. */
export type Principal = string;

export type Statement = {
  readonly effect: 'Allow' | 'Deny';
  /** The grant of this statement that covers the request; undefined when none does. */
  match(principal: Principal, action: string, resource: string, context: RequestContext): Grant | undefined;
  readonly grants: readonly Grant[];
};

type Compiled = { readonly grant: Grant; readonly isAction: Pattern; readonly isResource: Pattern };

/** Throws an Error naming a condition that is not emulated. */
export function compileStatement(holder: string, raw: RawStatement): Statement {
  const isCondition = compileCondition(raw.Condition);
  const isPrincipal = compilePrincipals(raw.Principal);
  const compiled = raw.Action.flatMap((action) =>
    raw.Resource.map((resource): Compiled => {
      const grant = { holder, action, resource };
      return { grant, isAction: compileWildcards(action, true), isResource: compileWildcards(resource) };
    }),
  );
  return {
    effect: raw.Effect,
    grants: compiled.map(({ grant }) => grant),
    match(principal, action, resource, context) {
      const found = compiled.find(({ isAction, isResource }) => isAction(action) && isResource(resource));
      return found !== undefined && isPrincipal(principal) && isCondition(context) ? found.grant : undefined;
    },
  };
}

/** A role's own statements name nobody: they hold for the role. */
function compilePrincipals(raw: RawStatement['Principal']): Pattern {
  if (raw === undefined) return () => true;
  const { AWS = [], Service = [] } = raw as { readonly AWS?: readonly string[]; readonly Service?: readonly string[] };
  const named = [...AWS, ...Service];
  return (principal) => named.some((name) => (name === '*' ? principal.startsWith('arn:') : name === principal));
}
