import * as z from '../domain/zod.ts';
import type { OperationId } from '../routes.ts';

/** What a use case returns may be readonly all the way down; zod's inferred types are not. */
export type DeepReadonly<T> = T extends readonly (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** One route's contract: what it accepts and answers. Feeds the handler, the OpenAPI document and the tests. */
export type Operation<P = unknown, Q = unknown, B = unknown, R = unknown> = {
  readonly id: OperationId;
  readonly summary: string;
  readonly params: z.ZodType<P>;
  readonly query: z.ZodType<Q>;
  /** Absent: the route takes no JSON body. */
  readonly body?: z.ZodType<B>;
  /** Media type of a body that the handler reads itself. */
  readonly rawBody?: string;
  readonly response: z.ZodType<R>;
  /** Of success. */
  readonly status: number;
  readonly maxBodyBytes: number;
  /** @default false */
  readonly takesGzip?: boolean;
  /** Of the body's nesting. @default 32 */
  readonly maxDepth?: number;
  /** Codes of the problems the route itself can answer with, e.g. `unknown-model`. */
  readonly errors: readonly string[];
};

const none = z.strictObject({});
type None = typeof none;
type NoBody = z.ZodType<undefined>;

type OperationDefinition<P, Q, B, R> = {
  readonly id: OperationId;
  readonly summary: string;
  /** @default none */
  readonly params?: P;
  /** Every value arrives as text. @default none: any query parameter is refused */
  readonly query?: Q;
  readonly body?: B;
  /** Media type of a body that is no JSON, for the document; the handler reads it from `raw`. */
  readonly rawBody?: string;
  readonly response: R;
  /** @default 200 */
  readonly status?: number;
  /** @default 262144 (256 KiB) */
  readonly maxBodyBytes?: number;
  readonly takesGzip?: boolean;
  readonly maxDepth?: number;
  readonly errors?: readonly string[];
};

/** Declares a route's contract; the types of the schemas flow into its handler. */
export function operation<
  R extends z.ZodType,
  P extends z.ZodType = None,
  Q extends z.ZodType = None,
  B extends z.ZodType = NoBody,
>(definition: OperationDefinition<P, Q, B, R>): Operation<z.output<P>, z.output<Q>, z.output<B>, z.output<R>> {
  const { id, summary, body, rawBody, response, status = 200, maxBodyBytes = 262_144, errors = [] } = definition;
  const { takesGzip, maxDepth } = definition;
  // The defaults are only taken when the type parameters are their own defaults too.
  const params = (definition.params ?? none) as z.ZodType<z.output<P>>;
  const query = (definition.query ?? none) as z.ZodType<z.output<Q>>;
  const contract = {
    id,
    summary,
    params,
    query,
    response: response as z.ZodType<z.output<R>>,
    status,
    maxBodyBytes,
    errors,
    ...(takesGzip !== undefined && { takesGzip }),
    ...(maxDepth !== undefined && { maxDepth }),
    ...(rawBody !== undefined && { rawBody }),
  };
  return body === undefined ? contract : { ...contract, body: body as z.ZodType<z.output<B>> };
}
