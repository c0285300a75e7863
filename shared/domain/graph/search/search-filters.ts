import type { EntityUri } from '../entity-ref.ts';

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
  /** Whether the reader may see what a team owns; undefined asks for what no team owns. @default everything */
  readonly mayRead?: ((team: string | undefined) => boolean) | undefined;
  /** @default without what is gone */
  readonly tombstones?: 'included' | 'excluded' | undefined;
};
