import type { Reached } from '../../../portal/src/api/graph-types.ts';

export const root = { uri: 'aip://dataset/test/root', type: 'dataset', name: 'root' } as const;

/** Something reached over `way`, which names the ones between it and the root. */
export function reached(id: string, way: readonly string[] = [], type = 'dataset'): Reached {
  const uriOf = (name: string) => `aip://${name.includes(':') ? name.replace(':', '/test/') : `dataset/test/${name}`}`;
  const uri = `aip://${type}/test/${id}`;
  return { uri, type, name: id, depth: way.length + 1, path: [root.uri, ...way.map(uriOf), uri] };
}

/** `count` entities in a tree below the root, `fan` below each, nearest first. */
export function tree(count: number, fan: number): readonly Reached[] {
  const items: Reached[] = [];
  for (let index = 0; index < count; index++) {
    const parent = index < fan ? undefined : items[Math.floor(index / fan) - 1];
    const uri = `aip://${index % 3 === 0 ? 'pipeline' : 'dataset'}/test/n${index}`;
    const path = [...(parent?.path ?? [root.uri]), uri];
    items.push({
      uri,
      type: index % 3 === 0 ? 'pipeline' : 'dataset',
      name: `n${index}`,
      depth: path.length - 1,
      path,
    });
  }
  return items;
}
