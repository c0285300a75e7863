import type { Incoming, Outgoing } from '../http/both-versions.ts';
import type { ServiceRequest } from './action.ts';
import type { ActionsOf } from './service-actions.ts';

/** A call that was allowed, on its way to what answers it. */
export type AllowedCall = ServiceRequest & {
  readonly request: Incoming;
  /** Empty for S3, whose bodies stream. */
  readonly body: Buffer;
  /** The access key. */
  readonly caller: string;
  readonly contentType: string;
};
export type Backend = (call: AllowedCall, response: Outgoing) => Promise<void> | void;

/** A service by the name that signatures give it. */
export type EdgeService = {
  /** Of `X-Amz-Target: <prefix>.<operation>`; none for services without that header. */
  readonly targetPrefixes: readonly string[];
  readonly actionsOf: ActionsOf;
  readonly backend: Backend;
};
