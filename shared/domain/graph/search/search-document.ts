import { fnv1a } from '../../ground-truth/fnv1a.ts';
import type { EntityRecord, RecordState } from '../entity-record.ts';
import { type EntityUri, parseEntityRef } from '../entity-ref.ts';
import type { EntityType } from '../entity-types.ts';

export type NamedUri = { readonly uri: EntityUri; readonly name: string };

/** What an entity is found by, of all who describe it or claim an edge of it. */
export type SearchDocument = {
  readonly uri: EntityUri;
  readonly type: EntityType;
  readonly platform: string;
  readonly name: string;
  /** Of the URI, where the name is another. */
  readonly id?: string;
  readonly description?: string;
  /** People and teams that own it at present, by URI. */
  readonly owners: readonly NamedUri[];
  readonly tags: readonly string[];
  /** Names of what it has an edge to or from at present, owners aside; of many the first by URI. */
  readonly related: readonly string[];
  readonly state: RecordState;
  /** How many entities it owns at present; of people and teams. */
  readonly owned?: number;
};

export type Relations = Pick<SearchDocument, 'owners' | 'related'> & { readonly owned: number };

/** Characters of a description that are searched. */
const searchedDescription = 2_000;

export function documentOf(record: EntityRecord, { owners, related, owned }: Relations): SearchDocument {
  const { uri, type, name, description, tags, state } = record;
  const { platform, id } = parseEntityRef(uri);
  return {
    uri,
    type,
    platform,
    name,
    ...(id !== name && { id }),
    ...(description !== undefined && { description: description.slice(0, searchedDescription) }),
    owners,
    tags,
    related,
    state,
    ...((type === 'person' || type === 'team') && { owned }),
  };
}

/** Of a document as JSON: the same for the same document, and for hardly any other: 64 bits. */
export function digestOf(json: string): string {
  return [json, `${json.length} ${json}`].map((each) => fnv1a(each).toString(36)).join('.');
}
