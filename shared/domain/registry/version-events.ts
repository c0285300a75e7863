import type { Instant } from '../time.ts';
import type { ModelVersion, VersionStatus } from './model.ts';

type Of<T extends string, D> = { readonly type: T; readonly schemaVersion: 1; readonly modelId: string } & Readonly<D>;

export type VersionEvent =
  | Of<'VersionRegistered', { version: ModelVersion }>
  | Of<'VersionStatusChanged', { version: number; status: VersionStatus }>;

/** State after an event that occurred `at`. Throws when a stream does not begin with its registration. */
export function evolveVersion(state: ModelVersion | undefined, event: VersionEvent, at: Instant): ModelVersion {
  if (event.type === 'VersionRegistered') return event.version;
  if (state === undefined) throw new Error(`${event.type} before VersionRegistered`);
  return { ...state, status: event.status, ...(event.status === 'champion' && { deployedAt: at }) };
}
