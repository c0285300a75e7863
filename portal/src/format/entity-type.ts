import type { EntityTypeRow } from '../api/graph-types.ts';

export type EntityTypeWords = { readonly title: string; readonly plural: string; readonly domain?: string };

/** Words for every type, also for one that is not known: `lake-house` is a `Lake house`. */
export function entityTypesOf(rows: readonly EntityTypeRow[]) {
  const known = new Map(rows.map((row) => [row.type, row]));
  return {
    of(type: string): EntityTypeWords {
      return known.get(type) ?? unknownType(type);
    },
    /** Within a sentence. */
    word(type: string): string {
      return this.of(type).title.toLowerCase();
    },
    /** `3 datasets` */
    counted(type: string, count: number): string {
      const { title, plural } = this.of(type);
      return `${count} ${(count === 1 ? title : plural).toLowerCase()}`;
    },
  };
}

function unknownType(type: string): EntityTypeWords {
  const words = type.replaceAll('-', ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return { title, plural: `${title}s` };
}
