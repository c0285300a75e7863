import { hourMillis, type Instant, toMillis } from '../../time.ts';
import { type ProviderId, providerIdPattern } from '../provider-contribution.ts';
import type { ImportMode } from './import-line.ts';

/**
 * One provider's mutation, brought in as lines. `open` takes parts, `splitting` sorts their lines by subject, `listing`
 * adds what the provider said before, `writing` makes the statements.
 */
export type GraphImport = {
  readonly importId: string;
  readonly provider: ProviderId;
  readonly mode: ImportMode;
  readonly status: 'open' | 'splitting' | 'listing' | 'writing' | 'succeeded' | 'failed';
  /** Where it goes on when it is committed again. */
  readonly failedIn?: 'splitting' | 'listing' | 'writing';
  readonly startedBy: string;
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
  /** When it was committed: from then on what it says holds. */
  readonly committedAt?: Instant;
  readonly endedAt?: Instant;
  /** Grows when an import that failed is committed again. */
  readonly attempt: number;
  /** Grows with every write. */
  readonly revision: number;
  readonly parts: number;
  /** Sets of subjects that are written one after the other, so that one at a time is in memory. */
  readonly groups: number;
  /** How many units of the present status are done: parts, pages or groups. */
  readonly done: number;
  /** Pages of what the provider said before. */
  readonly pages: number;
  readonly lines: number;
  readonly entities: number;
  readonly edges: number;
  readonly rejected: number;
  /** The first hundred. */
  readonly errors: readonly LineError[];
  /** Subjects whose statement changed, did not, and that the provider no longer has. */
  readonly changed: number;
  readonly same: number;
  readonly retired: number;
};

export type LineError = { readonly part?: number; readonly line?: number; readonly reason: string };

/** Their statements come from elsewhere. */
const reservedProviders: readonly ProviderId[] = ['registry', 'override', 'enrichment', 'openlineage', 'metaflow'];

export const shownErrors = 100;
export const maximumParts = 100;
/** Unpacked, of all parts together. */
export const maximumImportBytes = 1_000_000_000;
/** Unpacked, of the lines about the subjects that are in memory together. */
const groupBytes = 8_000_000;

export function isImportProvider(provider: ProviderId): boolean {
  return providerIdPattern.test(provider) && !reservedProviders.includes(provider);
}

/** `number` is the import's among those of the provider, from 1. */
export function importIdOf(provider: ProviderId, number: number): string {
  return `${provider}-i${number}`;
}

export function groupCount(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / groupBytes));
}

/**
 * Whether what the provider no longer says ends: only of a full import all of whose lines could be read, for a line that
 * could not be may have been about any subject.
 */
export function endsUnsaid({ mode, rejected }: GraphImport): boolean {
  return mode === 'full' && rejected === 0;
}

export function isImporting<I extends GraphImport>(
  given: I,
): given is I & { readonly status: 'splitting' | 'listing' | 'writing' } {
  return given.status === 'splitting' || given.status === 'listing' || given.status === 'writing';
}

/** A step takes minutes at most: after an hour without one, whoever took them is gone. */
export function isAbandoned({ updatedAt }: GraphImport, now: Instant): boolean {
  return toMillis(now) - toMillis(updatedAt) > hourMillis;
}
