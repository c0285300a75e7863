import { createHash } from 'node:crypto';
import type { EntityUri } from '../entity-ref.ts';

/**
 * What a listing named, eight bytes of a digest each and eight of what distinguished its state: a hundred thousand take
 * 1.6 MB. Two subjects of ten million share their bytes with a probability of 3 in a million; then one that is gone stays.
 */
export type ListedPage = readonly { readonly subject: EntityUri; readonly version?: string | undefined }[];

export type KnownListing = {
  has(subject: EntityUri): boolean;
  /** Whether it was listed in the same state. */
  hasVersion(subject: EntityUri, version: string): boolean;
};

const entryBytes = 16;
const noVersion = 0n;

export function packListedPage(page: ListedPage): Uint8Array {
  const bytes = Buffer.alloc(page.length * entryBytes);
  for (const [index, { subject, version }] of page.entries()) {
    bytes.writeBigUInt64BE(digestOf(subject), index * entryBytes);
    bytes.writeBigUInt64BE(version === undefined ? noVersion : digestOf(version), index * entryBytes + 8);
  }
  return bytes;
}

/** Later pages count where a subject is on several. */
export function knownListing(pages: Iterable<Uint8Array>): KnownListing {
  const versions = new Map<bigint, bigint>();
  for (const page of pages) {
    const bytes = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
    for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes)
      versions.set(bytes.readBigUInt64BE(at), bytes.readBigUInt64BE(at + 8));
  }
  return {
    has: (subject) => versions.has(digestOf(subject)),
    hasVersion: (subject, version) => versions.get(digestOf(subject)) === digestOf(version),
  };
}

function digestOf(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigUInt64BE(0);
}
