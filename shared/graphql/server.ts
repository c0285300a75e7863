import { type DocumentNode, execute, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import type { GraphContext } from './builder.ts';
import { type AnsweredError, answeredError, refusals } from './errors.ts';
import { queryCost } from './query-cost.ts';
import { queryLimits } from './query-limits.ts';

export type GraphQuery = {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
};

export type GraphAnswer = {
  /** 400 when nothing was answered. */
  readonly status: 200 | 400;
  readonly body: {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly errors?: readonly AnsweredError[];
  };
};

export type ServerOptions = {
  readonly schema: GraphQLSchema;
  /** Is told of every error that Runway did not throw on purpose. */
  readonly onUnexpected: (error: unknown) => void;
};

type Found = { readonly document: DocumentNode } | { readonly errors: readonly unknown[] };

/** Answers queries within `queryLimits`, which are checked before anything else is done with a query. */
export function createGraphServer({ schema, onUnexpected }: ServerOptions) {
  const answered = (errors: readonly unknown[]) => errors.map((error) => answeredError(error, onUnexpected));

  return async (query: GraphQuery, contextValue: GraphContext): Promise<GraphAnswer> => {
    const found = documentOf(schema, query);
    if ('errors' in found) return { status: 400, body: { errors: answered(found.errors) } };
    const { variables: variableValues, operationName } = query;
    const result = await execute({ schema, contextValue, variableValues, operationName, ...found });
    return answerOf(result.data, result.errors === undefined ? undefined : answered(result.errors));
  };
}

function documentOf(schema: GraphQLSchema, { query, variables }: GraphQuery): Found {
  try {
    const document = parse(query, { maxTokens: queryLimits.tokens });
    // Before the language's own rules, some of which take quadratic time.
    const beyond = excesses(schema, document, variables ?? {});
    const errors = beyond.length > 0 ? beyond : validate(schema, document);
    return errors.length > 0 ? { errors } : { document };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [withCode(error, 'malformed-query')] };
    throw error;
  }
}

function answerOf(data: GraphAnswer['body']['data'], errors: readonly AnsweredError[] | undefined): GraphAnswer {
  const refusal = errors?.find(({ extensions }) => refusals.includes(extensions.code));
  if (refusal !== undefined) return { status: 400, body: { errors: [refusal] } };
  const body = { ...(data !== undefined && { data }), ...(errors !== undefined && { errors }) };
  if (data === undefined) return { status: 400, body };
  if (Buffer.byteLength(JSON.stringify(body)) <= queryLimits.answerBytes) return { status: 200, body };
  const message = `the answer is larger than ${queryLimits.answerBytes} bytes; ask for less at once`;
  return { status: 400, body: { errors: [{ message, extensions: { code: 'answer-too-large' } }] } };
}

function excesses(schema: GraphQLSchema, document: DocumentNode, variables: Readonly<Record<string, unknown>>) {
  const cost = queryCost(schema, document, variables);
  const limited = [
    ['depth', 'query-too-deep'],
    ['aliases', 'too-many-aliases'],
    ['complexity', 'query-too-complex'],
  ] as const;
  return limited
    .filter(([figure]) => !(cost[figure] <= queryLimits[figure]))
    .map(([figure, code]) => {
      const message = `the query's ${figure} is ${cost[figure]}, at most ${queryLimits[figure]} is answered`;
      return new GraphQLError(message, { extensions: { code } });
    });
}

function withCode({ message, source, positions }: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(message, { source, positions, extensions: { code } });
}
