import type { Execution } from './store.ts';

/** Names one attempt of one visit to a state; the same after a restart, so that an answer given before it still counts. */
export function taskToken({ arn, visit, retries }: Pick<Execution, 'arn' | 'visit' | 'retries'>): string {
  return Buffer.from(JSON.stringify([arn, visit, retries.reduce((sum, count) => sum + count, 0)])).toString(
    'base64url',
  );
}

/** The execution a token belongs to; undefined when it is no token. */
export function executionOfToken(token: string): string | undefined {
  try {
    const [arn]: unknown[] = JSON.parse(Buffer.from(token, 'base64url').toString());
    return typeof arn === 'string' ? arn : undefined;
  } catch {
    return undefined;
  }
}
