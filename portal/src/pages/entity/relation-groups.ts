import type { Relation } from '../../api/graph-types.ts';
import { edgeWords } from '../../format/edge-words.ts';

export type RelationGroup = {
  readonly key: string;
  /** `Consumed by` */
  readonly title: string;
  readonly relations: readonly Relation[];
};

/** Whether it holds at the moment that the answer is of. */
export function isCurrent({ validTo }: Relation, asOf: string): boolean {
  return validTo === undefined || validTo > asOf;
}

/** By what they mean and which way they point; what the entity depends on comes first, ended ones last within a group. */
export function groupRelations(relations: readonly Relation[]): readonly RelationGroup[] {
  const groups = new Map<string, Relation[]>();
  for (const relation of relations) {
    const key = `${relation.direction} ${relation.type}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [relation]);
    else group.push(relation);
  }
  return [...groups]
    .map(([key, of]) => ({ key, title: titleOf(of[0]), relations: of.toSorted(byEndAndName) }))
    .toSorted((a, b) => rank(a.key) - rank(b.key) || a.title.localeCompare(b.title, 'en'));
}

function titleOf(relation: Relation | undefined): string {
  return relation === undefined ? '' : edgeWords(relation.type, relation.direction);
}

function rank(key: string): number {
  return key.startsWith('out') ? 0 : 1;
}

function byEndAndName(a: Relation, b: Relation): number {
  return (
    Number(a.validTo !== undefined) - Number(b.validTo !== undefined) ||
    a.entityType.localeCompare(b.entityType, 'en') ||
    a.name.localeCompare(b.name, 'en', { numeric: true })
  );
}
