import { AsyncLocalStorage } from 'node:async_hooks';

// Ambient, because every log line and every commit bears the id and no use case decides anything by it (ADR 0012).
const current = new AsyncLocalStorage<string>();

/** Runs the work under an id that its logs and commits bear; 1 to 128 characters of `\w . : -`, others become `-`. */
export function withCorrelation<T>(correlationId: string, work: () => T): T {
  return current.run(correlationId.replace(/[^\w.:-]/g, '-').slice(0, 128), work);
}

/** Undefined outside `withCorrelation`. */
export function currentCorrelationId(): string | undefined {
  return current.getStore();
}
