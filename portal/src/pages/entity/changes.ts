import type { EntityAnswer } from '../../api/graph-types.ts';
import { edgeWords } from '../../format/edge-words.ts';

export type Change = {
  readonly at: string;
  /** `Consumes` */
  readonly what: string;
  readonly isEnd: boolean;
  readonly who: string;
  /** The other one of a relation; undefined of the record itself. */
  readonly other?: { readonly uri: string; readonly type: string; readonly name: string };
};

/** What became known and what ended, newest first. */
export function changesOf({ entity, relations }: EntityAnswer): readonly Change[] {
  const ofRelations = relations.flatMap((relation): readonly Change[] => {
    const { type, direction, claimant: who, uri, entityType, name, validFrom, validTo } = relation;
    const change = { what: edgeWords(type, direction), who, other: { uri, type: entityType, name } };
    return [
      { ...change, at: validFrom, isEnd: false },
      ...(validTo === undefined ? [] : [{ ...change, at: validTo, isEnd: true }]),
    ];
  });
  const ofRecord = entity.sources.flatMap(({ provider: who, hydratedAt, removedAt }): readonly Change[] => [
    ...(hydratedAt === undefined ? [] : [{ at: hydratedAt, what: 'Described', isEnd: false, who }]),
    ...(removedAt === undefined ? [] : [{ at: removedAt, what: 'Described', isEnd: true, who }]),
  ]);
  return [...ofRelations, ...ofRecord].toSorted((a, b) => (a.at < b.at ? 1 : Number(a.at > b.at) * -1));
}

/** The first moment of which anything is known. */
export function firstKnown(answer: EntityAnswer | undefined): string | undefined {
  return answer === undefined ? undefined : changesOf(answer).at(-1)?.at;
}
