import { account, region } from '../template/identities.ts';
import { ServiceError } from '../types.ts';

/** What a request needs to be allowed to do. */
export type Action = {
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case. */
  readonly context?: Readonly<Record<string, string>>;
};

/** A request as the mapping to actions sees it; `input` is the parsed body of a JSON protocol. */
export type ServiceRequest = {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
};

export const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;

/** A text of the request; a request without it is refused by name, never let through. */
export function textOf(input: unknown, field: string): string {
  const value = (input as Readonly<Record<string, unknown>> | undefined)?.[field];
  if (typeof value !== 'string') throw new ServiceError('ValidationException', `${field} is missing`);
  return value;
}

export function listOf(input: unknown, field: string): readonly unknown[] {
  const value = (input as Readonly<Record<string, unknown>> | undefined)?.[field];
  if (!Array.isArray(value)) throw new ServiceError('ValidationException', `${field} is not a list`);
  return value;
}
