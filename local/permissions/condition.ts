import { compileWildcards, type Pattern } from './pattern.ts';

/** Condition keys of a request in lower case, e.g. `aws:sourcearn`. */
export type RequestContext = Readonly<Record<string, string>>;
export type Condition = (context: RequestContext) => boolean;

const operators: Readonly<Record<string, (wanted: string) => Pattern>> = {
  StringEquals: (wanted) => (value) => value === wanted,
  StringLike: (wanted) => compileWildcards(wanted),
  ArnEquals: (wanted) => compileWildcards(wanted),
  ArnLike: (wanted) => compileWildcards(wanted),
  Bool: (wanted) => (value) => value === wanted.toLowerCase(),
};

/** What the embedded cloud knows of a request. Another key would silently never hold, so it is refused. */
const knownKeys = ['aws:securetransport', 'aws:sourcearn', 'aws:sourceaccount', 's3:prefix', 's3:x-amz-acl'];

/** Throws an Error naming an operator or a key that is not emulated. */
export function compileCondition(block: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Condition {
  const tests = Object.entries(block).flatMap(([name, keys]) => {
    const operator = operators[name];
    if (operator === undefined) throw new Error(`condition operator ${name} is not emulated`);
    return Object.entries(keys).map(([key, wanted]) => {
      const known = key.toLowerCase();
      if (!knownKeys.includes(known)) throw new Error(`condition key ${key} is not emulated`);
      const patterns = [wanted].flat().map((value) => operator(String(value)));
      return (context: RequestContext) => {
        const value = context[known];
        return value !== undefined && patterns.some((matches) => matches(value));
      };
    });
  });
  return (context) => tests.every((holds) => holds(context));
}
