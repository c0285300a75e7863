import type { EntityUri } from '../entity-ref.ts';
import type { SearchDocument } from './search-document.ts';
import { normalized } from './tokens.ts';

/** What is not given does not matter. */
export type SearchFilters = {
  /** Any of them. */
  readonly types?: readonly string[] | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  /** Any of them, by URI or by name. */
  readonly owners?: readonly (EntityUri | string)[] | undefined;
  /** Any of them. */
  readonly platforms?: readonly string[] | undefined;
  /** @default without what is gone */
  readonly tombstones?: 'included' | 'excluded' | undefined;
};

export function createFilter(filters: SearchFilters): (document: SearchDocument) => boolean {
  const { types, tags, owners, platforms, tombstones } = filters;
  const ownerNames = owners?.map(normalized);
  return (document) =>
    (tombstones === 'included' || document.state !== 'tombstone') &&
    (types?.includes(document.type) ?? true) &&
    (platforms?.includes(document.platform) ?? true) &&
    (tags?.every((tag) => document.tags.includes(tag)) ?? true) &&
    (owners === undefined ||
      document.owners.some(({ uri, name }) => owners.includes(uri) || ownerNames?.includes(normalized(name))));
}
