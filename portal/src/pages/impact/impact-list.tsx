import { useEntityTypes } from '../../api/graph-queries.ts';
import type { Reached } from '../../api/graph-types.ts';
import { refParts } from '../../format/entity-uri.ts';
import { EntityLink } from '../../parts/entity-link.tsx';

/** Who is affected, nearest first, each with the shortest way on which it is. */
export function ImpactList({ items }: { readonly items: readonly Reached[] }) {
  const types = useEntityTypes();
  const names = new Map(items.map(({ uri, name }) => [uri, name]));
  return (
    <table className="stack impact-list">
      <caption className="visually-hidden">What depends on it, nearest first</caption>
      <thead>
        <tr>
          <th scope="col" className="number">
            Hops
          </th>
          <th scope="col">What</th>
          <th scope="col">Type</th>
          <th scope="col">Through</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ uri, type, name, depth, path }) => (
          <tr key={uri}>
            <td className="number" data-label="Hops">
              {depth}
            </td>
            <th scope="row">
              <EntityLink uri={uri} type={type} name={name} isRow />
            </th>
            <td>{types.of(type).title}</td>
            <td className="muted sentence">
              {path.length <= 2
                ? 'directly'
                : path
                    .slice(1, -1)
                    .map((step) => names.get(step) ?? refParts(step).id)
                    .join(' → ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
