import type { Contribution } from '../contribution.ts';
import type { EntityUri } from '../entity-ref.ts';
import type { StatedEdge, Statement } from '../provider-contribution.ts';
import type { ImportLine } from './import-line.ts';

/** What the provider said before; `known` only that it said something. */
export type GroupLine = ImportLine | { readonly kind: 'known'; readonly subject: EntityUri };

/** Of one subject at most; an item of the table holds all of them. */
const maximumEdges = 5_000;

type Said = {
  description: Statement['description'];
  readonly edges: Map<string, StatedEdge>;
  isRetired: boolean;
  isSaid: boolean;
};

export type Merged = {
  readonly statements: readonly Statement[];
  readonly retired: readonly EntityUri[];
  /** Subjects with more edges than are kept. */
  readonly overfull: readonly EntityUri[];
};

/**
 * One statement for each subject of the lines, which come in their order: the later of two that contradict each other
 * counts. `previous` gives what the provider said that still holds and the lines are added to; without it what they do
 * not say ends.
 */
export function mergeLines(
  lines: Iterable<GroupLine>,
  previous: ((subject: EntityUri) => Contribution | undefined) | undefined,
): Merged {
  const subjects = new Map<EntityUri, Said>();
  for (const line of lines) {
    const said = subjects.get(line.subject) ?? before(previous?.(line.subject));
    subjects.set(line.subject, said);
    add(said, line);
  }
  const all = [...subjects];
  const stated = all.filter(([, { isSaid, isRetired }]) => isSaid && !isRetired);
  return {
    statements: stated.map(([subject, said]) => statementOf(subject, said)),
    // Who is only known was not said again.
    retired: all.flatMap(([subject, { isSaid, isRetired }]) => (isRetired || !isSaid ? [subject] : [])),
    overfull: stated.flatMap(([subject, { edges }]) => (edges.size > maximumEdges ? [subject] : [])),
  };
}

function add(said: Said, line: GroupLine): void {
  if (line.kind === 'known') return;
  said.isSaid = true;
  said.isRetired = line.kind === 'retire';
  if (line.kind === 'entity') said.description = line.description;
  else if (line.kind === 'edge') said.edges.set(keyOf(line.edge), line.edge);
  else if (line.kind === 'end') said.edges.delete(keyOf(line.edge));
  else {
    said.description = undefined;
    said.edges.clear();
  }
}

function before(previous: Contribution | undefined): Said {
  const entity = previous?.entities.find(({ removedAt }) => removedAt === undefined);
  const open = previous?.claims.filter(({ validTo }) => validTo === undefined) ?? [];
  const edges = open.map(
    ({ type, to, provenance, evidence, confidence }): StatedEdge => ({
      type,
      to,
      provenance,
      ...(evidence !== undefined && { evidence }),
      ...(confidence !== undefined && { confidence }),
    }),
  );
  return {
    description: entity && {
      name: entity.name,
      description: entity.description,
      tags: entity.tags,
      attributes: entity.attributes,
    },
    edges: new Map(edges.map((edge) => [keyOf(edge), edge])),
    isRetired: false,
    isSaid: false,
  };
}

function statementOf(subject: EntityUri, { description, edges }: Said): Statement {
  const stated = [...edges.values()].slice(0, maximumEdges);
  return { subject, ...(description !== undefined && { description }), edges: stated };
}

function keyOf({ type, to }: Pick<StatedEdge, 'type' | 'to'>): string {
  return `${type} ${to}`;
}
