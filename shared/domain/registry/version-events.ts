import type { Instant } from '../time.ts';
import type { ModelVersion, VersionStatus } from './model.ts';

type Of<T extends string, D> = { readonly type: T; readonly schemaVersion: 1; readonly modelId: string } & Readonly<D>;

export type VersionEvent =
  | Of<'VersionRegistered', { version: ModelVersion }>
  | Of<'VersionStatusChanged', { version: number; status: VersionStatus }>
  | Of<'BaselineBuilt', { version: number }>
  | Of<'BaselineFailed', { version: number; reason: string }>;

/** State after an event that occurred `at`. Throws when a stream does not begin with its registration. */
export function evolveVersion(state: ModelVersion | undefined, event: VersionEvent, at: Instant): ModelVersion {
  if (event.type === 'VersionRegistered') return event.version;
  if (state === undefined) throw new Error(`${event.type} before VersionRegistered`);
  switch (event.type) {
    case 'VersionStatusChanged':
      return { ...state, status: event.status, ...(event.status === 'champion' && { deployedAt: at }) };
    case 'BaselineBuilt':
      return { ...state, baselineStatus: { status: 'ready' } };
    case 'BaselineFailed':
      return { ...state, baselineStatus: { status: 'failed', reason: event.reason } };
  }
}
