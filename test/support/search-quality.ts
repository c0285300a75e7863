import type { SearchDocument } from '../../shared/domain/graph/search/search-document.ts';
import type { SearchIndex } from '../../shared/ports/search-index.ts';
import { mistyped, pick, randomOf } from './made-up-entities.ts';

export type Asked = {
  /** Share of the questions after which the entity was among the first. */
  readonly foundRatio: number;
  /** In the order of the questions, of this process's processor time. */
  readonly milliseconds: readonly number[];
  readonly missed: readonly string[];
};

/** Asks for entities by name; `first`: among how many hits one has to be. Of one name any entity will do. */
export async function askByName(
  index: SearchIndex,
  documents: readonly Pick<SearchDocument, 'name'>[],
  {
    count,
    first,
    seed,
    as,
  }: { readonly count: number; readonly first: number; readonly seed: number; readonly as: 'written' | 'mistyped' },
): Promise<Asked> {
  const random = randomOf(seed);
  const milliseconds: number[] = [];
  const missed: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const { name } = pick(documents, random);
    const text = as === 'written' ? name : mistyped(name, random);
    const before = process.cpuUsage();
    const { hits } = await index.search({ text, limit: 20 });
    const { user, system } = process.cpuUsage(before);
    milliseconds.push((user + system) / 1_000);
    if (!hits.slice(0, first).some((hit) => hit.document.name === name)) missed.push(`${text} for ${name}`);
  }
  return { foundRatio: 1 - missed.length / count, milliseconds, missed };
}
