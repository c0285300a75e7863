import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InvocationResult } from '../types.ts';
import { startRuntimeApi } from './runtime-api.ts';

export type SandboxSettings = {
  readonly functionName: string;
  readonly functionArn: string;
  /** Directory of the bundle. */
  readonly codeDirectory: string;
  /** `index.handler` */
  readonly handler: string;
  readonly timeoutMilliseconds: number;
  readonly memoryMegabytes: number;
  readonly logFormat: string;
  /** All that the function sees of an environment, besides what Lambda itself sets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
};

/** One process that runs a function, one invocation at a time. */
export interface Sandbox {
  /** Ends the process when the function does not answer in time. */
  invoke(requestId: string, payload: string): Promise<InvocationResult>;
  /** False when the process has ended or is about to. */
  isAlive(): boolean;
  /** Kills the process and resolves when it is gone. */
  stop(): Promise<void>;
}

// As in Lambda, loading the code has a limit of its own and does not count as the function's time. Lambda's 10 s would
// fail functions for nothing on a machine that starts forty of them on two cores.
const initTimeoutMilliseconds = 60_000;

const bootstrap = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));

/** Starts the process; it loads the function at once and then waits for invocations. */
export async function startSandbox(settings: SandboxSettings): Promise<Sandbox> {
  let current: { readonly requestId: string; readonly resolve: (result: InvocationResult) => void } | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let isAlive = true;

  function finish(result: InvocationResult): void {
    clearTimeout(deadline);
    current?.resolve(result);
    current = undefined;
  }

  function endAfter(milliseconds: number): void {
    clearTimeout(deadline);
    deadline = setTimeout(() => {
      const seconds = (milliseconds / 1000).toFixed(2);
      fail('Sandbox.Timedout', `Task timed out after ${seconds} seconds`);
    }, milliseconds);
  }

  function fail(errorType: string, message: string): void {
    isAlive = false;
    finish({ ok: false, errorType, errorMessage: `RequestId: ${current?.requestId} Error: ${message}` });
    child.kill('SIGKILL');
  }

  const api = await startRuntimeApi({
    onTaken: () => endAfter(settings.timeoutMilliseconds),
    onAnswer: (requestId, result) => {
      if (requestId === current?.requestId) finish(result);
    },
    onInitError: (result) => {
      isAlive = false;
      finish(result);
    },
  });
  const child = startProcess(settings, api.address);
  const ended = new Promise<void>((resolve) => {
    const onEnd = (how: string) => {
      api.close();
      fail('Runtime.ExitError', `Runtime exited with error: ${how}`);
      resolve();
    };
    child.once('exit', (code, signal) => onEnd(signal === null ? `exit status ${code}` : `signal: ${signal}`));
    child.once('error', (error) => onEnd(error.message));
  });

  return {
    isAlive: () => isAlive,
    invoke(requestId, payload) {
      const { functionArn, timeoutMilliseconds } = settings;
      return new Promise((resolve) => {
        current = { requestId, resolve };
        endAfter(initTimeoutMilliseconds);
        api.offer({ requestId, functionArn, payload, timeoutMilliseconds });
      });
    },
    async stop() {
      isAlive = false;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function startProcess(settings: SandboxSettings, runtimeApi: string): ChildProcess {
  mkdirSync(path.dirname(settings.logFile), { recursive: true });
  const log = openSync(settings.logFile, 'a');
  const child = spawn(process.execPath, [`--max-old-space-size=${settings.memoryMegabytes}`, bootstrap], {
    cwd: settings.codeDirectory,
    // Out of reach of the terminal's Ctrl-C, so that work under way can be finished.
    detached: true,
    stdio: ['pipe', log, log],
    env: { ...settings.environment, ...lambdaEnvironment(settings, runtimeApi) },
  });
  closeSync(log);
  // The function's process closes its end when it dies; that is seen as its exit.
  child.stdin?.on('error', () => undefined);
  return child;
}

function lambdaEnvironment(settings: SandboxSettings, runtimeApi: string): Record<string, string> {
  return {
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: settings.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: settings.codeDirectory,
    TZ: ':UTC',
    _HANDLER: settings.handler,
  };
}
