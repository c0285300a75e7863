/** The seams between the parts of the embedded cloud. Times are virtual milliseconds since the epoch. */

export interface Clock {
  now(): number;
}

/** A part with asynchronous work. The pump calls every source until none had anything to do. */
export interface WorkSource {
  readonly name: string;
  /** Does what is due now; resolves to whether it did anything. */
  pump(): Promise<boolean>;
  /** Earliest future moment at which there will be work; undefined when only new input can bring any. */
  nextWakeAt(): number | undefined;
}

export type InvocationResult =
  | { readonly ok: true; readonly payload: unknown }
  /** `errorType` is the error's literal name; `Sandbox.Timedout` and `Runtime.ExitError` as in Lambda. */
  | {
      readonly ok: false;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace?: readonly string[];
    };

/** Invokes a function by its physical name and waits for the answer. */
export interface Functions {
  invoke(functionName: string, event: unknown): Promise<InvocationResult>;
}

/** An AWS service with a JSON protocol (`X-Amz-Target: <prefix>.<operation>`). */
export interface JsonService {
  readonly targetPrefix: string;
  /** Throws `ServiceError`. */
  handle(operation: string, input: Readonly<Record<string, unknown>>, caller: string): Promise<unknown>;
}

export class ServiceError extends Error {
  /** Wire name, e.g. `ExecutionAlreadyExists`. */
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
  }
}

/** What a part of the cloud is about to do for somebody. */
export type GuardedCall = {
  /** A role's ARN, or a service such as `events.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** On whose behalf a service calls. */
  readonly sourceArn?: string;
};

/** Says why a call is refused; undefined when it is allowed. */
export type Guard = (call: GuardedCall) => string | undefined;

/** A resource of the template with every intrinsic resolved to a literal. */
export type ResolvedResource = {
  readonly logicalId: string;
  readonly type: string;
  /** Name or id by which services know it (table name, queue name, function name, …). */
  readonly physicalName: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
};

/** Delivers to a target by ARN, as EventBridge and Scheduler do: Lambda (asynchronous, retried, then DLQ) or SQS. */
export interface Deliveries {
  /** Durable once it returns. */
  enqueue(delivery: {
    readonly targetArn: string;
    readonly payload: string;
    readonly deadLetterArn?: string;
    readonly maximumRetryAttempts?: number;
    readonly deduplicationId?: string;
    /** Who delivers, and needs the permission. */
    readonly by: Pick<GuardedCall, 'principal' | 'sourceArn'>;
  }): void;
}
