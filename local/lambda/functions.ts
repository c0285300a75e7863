import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as z from 'zod';
import { keyOfFunction } from '../edge/callers.ts';
import { functionNameOf } from '../services/arn.ts';
import type { Functions, InvocationResult, ResolvedResource } from '../types.ts';
import { type Sandbox, type SandboxSettings, startSandbox } from './sandbox.ts';

export interface FunctionRuntime extends Functions {
  /** Invocations of it that can be under way at once; 0 for a function that is not there. */
  concurrencyOf(functionName: string): number;
  /** Whether no function has anything to do. */
  isIdle(): boolean;
  /** Ends every process; what was under way or waits fails. */
  stop(): Promise<void>;
}

export type FunctionOptions = {
  /** Resources of type `AWS::Lambda::Function`. */
  readonly functions: readonly ResolvedResource[];
  readonly assetPath: (objectKey: string) => string;
  /** Endpoints and the like, the same for every function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logDirectory: string;
  /** Processes per function at most, unless it reserves fewer; started only when invocations wait. @default 1 */
  readonly maximumConcurrency?: number | undefined;
};

const functionProperties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).default({ Variables: {} }),
  Handler: z.string(),
  LoggingConfig: z.object({ LogFormat: z.string().default('Text') }).default({ LogFormat: 'Text' }),
  MemorySize: z.number().default(128),
  ReservedConcurrentExecutions: z.number().min(1, 'none at all is not emulated').default(Number.POSITIVE_INFINITY),
  Timeout: z.number().default(3),
});

/** Synchronous invocations may carry at most this. */
export const maximumPayloadBytes = 6_291_456;

/** The template's functions, each in processes of its own that start with the first invocation. */
export function createFunctions(options: FunctionOptions): FunctionRuntime {
  const { maximumConcurrency = 1 } = options;
  const pools = new Map(
    options.functions.map((resource) => [
      resource.physicalName,
      createPool(readSettings(resource, options), Math.min(maximumConcurrency, reservedBy(resource))),
    ]),
  );
  return {
    concurrencyOf: (functionName) => pools.get(functionNameOf(functionName))?.size ?? 0,
    async invoke(functionName, event) {
      const pool = pools.get(functionNameOf(functionName));
      if (pool === undefined) {
        return {
          ok: false,
          errorType: 'ResourceNotFoundException',
          errorMessage: `Function not found: ${functionName}`,
        };
      }
      const payload = JSON.stringify(event ?? null);
      if (Buffer.byteLength(payload) > maximumPayloadBytes) {
        const errorMessage = `Request must be smaller than ${maximumPayloadBytes} bytes for the InvokeFunction operation`;
        return { ok: false, errorType: 'RequestTooLargeException', errorMessage };
      }
      return pool.invoke(payload);
    },
    isIdle: () => [...pools.values()].every((pool) => pool.isIdle()),
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}

function reservedBy(resource: ResolvedResource): number {
  return functionProperties.parse(resource.properties).ReservedConcurrentExecutions;
}

function readSettings(resource: ResolvedResource, options: FunctionOptions): SandboxSettings {
  const { Code, Environment, Handler, LoggingConfig, MemorySize, Timeout } = functionProperties.parse(
    resource.properties,
  );
  return {
    functionName: resource.physicalName,
    functionArn: resource.arn,
    codeDirectory: options.assetPath(Code.S3Key),
    handler: Handler,
    timeoutMilliseconds: Timeout * 1000,
    memoryMegabytes: MemorySize,
    logFormat: LoggingConfig.LogFormat,
    environment: { ...options.environment, ...credentialsOf(resource.physicalName), ...Environment.Variables },
    logFile: path.join(options.logDirectory, `${resource.physicalName}.log`),
  };
}

/** A key of its own for each function, so that a service knows who calls. */
function credentialsOf(functionName: string): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: keyOfFunction(functionName), AWS_SECRET_ACCESS_KEY: 'local', AWS_SESSION_TOKEN: 'local' };
}

interface Pool {
  /** Processes at most. */
  readonly size: number;
  invoke(payload: string): Promise<InvocationResult>;
  isIdle(): boolean;
  stop(): Promise<void>;
}

type Waiting = { readonly payload: string; readonly resolve: (result: InvocationResult) => void };

/** Serves invocations first come, first served, by the idle process that started first: what it remembers is used again. */
function createPool(settings: SandboxSettings, size: number): Pool {
  const waiting: Waiting[] = [];
  const sandboxes = new Set<Promise<Sandbox>>();
  const idle = new Set<Promise<Sandbox>>();
  let isStopped = false;

  function dispatch(): void {
    while (waiting.length > 0) {
      const sandbox = [...sandboxes].find((each) => idle.has(each)) ?? grow();
      const next = sandbox && waiting.shift();
      if (sandbox === undefined || next === undefined) return;
      idle.delete(sandbox);
      void serve(sandbox, next);
    }
  }

  function grow(): Promise<Sandbox> | undefined {
    if (isStopped || sandboxes.size >= size) return undefined;
    const sandbox = startSandbox(settings);
    sandboxes.add(sandbox);
    return sandbox;
  }

  async function serve(starting: Promise<Sandbox>, next: Waiting): Promise<void> {
    const sandbox = await starting;
    if (sandbox.isAlive()) next.resolve(await sandbox.invoke(randomUUID(), next.payload));
    // It died while nobody used it: the invocation deserves a fresh one.
    else waiting.unshift(next);
    if (sandbox.isAlive()) idle.add(starting);
    else sandboxes.delete(starting);
    dispatch();
  }

  return {
    size,
    invoke: (payload) =>
      isStopped
        ? Promise.resolve(stopping)
        : new Promise((resolve) => {
            waiting.push({ payload, resolve });
            dispatch();
          }),
    isIdle: () => waiting.length === 0 && idle.size === sandboxes.size,
    async stop() {
      isStopped = true;
      for (const { resolve } of waiting.splice(0)) resolve(stopping);
      await Promise.all([...sandboxes].map(async (sandbox) => (await sandbox).stop()));
    },
  };
}

const stopping: InvocationResult = {
  ok: false,
  errorType: 'ServiceException',
  errorMessage: 'the embedded cloud is stopping',
};
