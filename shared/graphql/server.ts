import { type DocumentNode, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import * as z from '../domain/zod.ts';
import type { GraphContext } from './builder.ts';
import { type AnsweredError, answeredError, maskedError, refusals } from './errors.ts';
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

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.unknown()).optional(),
});

/** Answers queries within `queryLimits`, which are checked before anything else is done with a query. */
export function createGraphServer({ schema, onUnexpected }: ServerOptions) {
  // The gateway has done what HTTP asks for; what reaches the library is always one query as JSON.
  const yoga = createYoga<GraphContext>({
    schema,
    plugins: [withinLimits(schema)],
    maskedErrors: { maskError: (error) => maskedError(error, onUnexpected) },
    // A remembered validation would stand in for the limits, which depend on the variables too.
    parserAndValidationCache: false,
    batching: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    logging: false,
    fetchAPI: { Request, Response, Headers, URL, TextEncoder, TextDecoder, ReadableStream },
  });
  return async (query: GraphQuery, context: GraphContext): Promise<GraphAnswer> => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const body = JSON.stringify({ ...query, variables: query.variables ?? {} });
    const response = await yoga.fetch('http://runway/graphql', { method: 'POST', headers, body }, context);
    return answerOf(await response.text());
  };
}

function answerOf(text: string): GraphAnswer {
  if (Buffer.byteLength(text) > queryLimits.answerBytes)
    return refused({
      message: `the answer is larger than ${queryLimits.answerBytes} bytes; ask for less at once`,
      extensions: { code: 'answer-too-large' },
    });
  const { data, errors: given } = answerSchema.parse(JSON.parse(text));
  const errors = given?.map((error) => answeredError(error, data !== undefined));
  const refusal = errors?.find(({ extensions }) => refusals.includes(extensions.code));
  if (refusal !== undefined) return refused(refusal);
  if (data === undefined) return { status: 400, body: { errors: errors ?? [] } };
  return { status: 200, body: { data, ...(errors !== undefined && { errors }) } };
}

function refused(error: AnsweredError): GraphAnswer {
  return { status: 400, body: { errors: [error] } };
}

function withinLimits(schema: GraphQLSchema): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parse(source, { ...options, maxTokens: queryLimits.tokens }));
    },
    // Before the library's own rules, some of which take quadratic time.
    onValidate({ params, context, setResult }) {
      const variables = z.object({ params: z.object({ variables: z.record(z.string(), z.unknown()).nullish() }) });
      const errors = excesses(schema, params.documentAST, variables.parse(context).params.variables ?? {});
      if (errors.length > 0) setResult(errors);
    },
  };
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
    .map(
      ([figure, code]) =>
        new GraphQLError(`the query's ${figure} is ${cost[figure]}, at most ${queryLimits[figure]} is answered`, {
          extensions: { code },
        }),
    );
}
