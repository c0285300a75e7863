import type { Reached } from '../../api/graph-types.ts';
import { csvOf } from '../../format/csv.ts';
import { refParts } from '../../format/entity-uri.ts';

export type Exported = {
  readonly root: string;
  /** The moment it is of; undefined is the present. */
  readonly asOf: string | undefined;
  readonly items: readonly Reached[];
};

/** One row for each entity, nearest first. */
export function impactCsv({ items }: Exported): string {
  return csvOf(
    ['hops', 'type', 'platform', 'name', 'uri', 'path'],
    items.map(({ depth, type, uri, name, path }) => [depth, type, refParts(uri).platform, name, uri, path.join(' > ')]),
  );
}

export function impactJson({ root, asOf, items }: Exported): string {
  return `${JSON.stringify({ root, ...(asOf !== undefined && { asOf }), total: items.length, items }, null, 2)}\n`;
}

/** `impact-flights-3m.csv`, of characters that every file system takes. */
export function fileName(root: string, extension: 'csv' | 'json'): string {
  const name = refParts(root)
    .id.replace(/[^\p{L}\p{N}.-]+/gu, '-')
    .replace(/^[.-]+/, '')
    .slice(-80);
  return `impact-${name || 'entity'}.${extension}`;
}
