import { useState } from 'react';
import { useEntityTypes } from '../api/graph-queries.ts';
import { countedText } from '../format/number.ts';
import { EntityLink } from '../parts/entity-link.tsx';
import { hopsText, type Lineage, type LineageNode } from './lineage-model.ts';

const openHops = 2;
const shownFirst = 40;

/** The picture in words: everything by distance, the nearest open. */
export function GraphList(props: {
  readonly lineage: Lineage;
  readonly hiddenTypes: ReadonlySet<string>;
  readonly asOf: string | undefined;
}) {
  const { lineage, hiddenTypes, asOf } = props;
  const byHops = Map.groupBy(
    lineage.nodes.filter(({ type }) => !hiddenTypes.has(type)),
    ({ hops }) => hops,
  );
  const sides = [
    { title: 'It depends on', none: 'nothing that is known', sign: -1 },
    { title: 'Depends on it', none: 'nothing that is known', sign: 1 },
  ] as const;
  return (
    <div className="graph-list">
      {sides.map(({ title, none, sign }) => {
        const levels = [...byHops].filter(([hops]) => Math.sign(hops) === sign);
        return (
          <section key={title} aria-label={title}>
            <h2>{title}</h2>
            {levels.length === 0 && <p className="muted">{none}</p>}
            {levels.map(([hops, nodes]) => (
              <Level key={hops} hops={hops} nodes={nodes} asOf={asOf} />
            ))}
          </section>
        );
      })}
    </div>
  );
}

function Level(props: {
  readonly hops: number;
  readonly nodes: readonly LineageNode[];
  readonly asOf: string | undefined;
}) {
  const { hops, nodes, asOf } = props;
  const [isOpen, setOpen] = useState(Math.abs(hops) <= openHops);
  const [shown, setShown] = useState(shownFirst);
  const types = useEntityTypes();
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {hopsText(hops)} <span className="muted">{nodes.length}</span>
      </summary>
      {isOpen && (
        <ul>
          {nodes.slice(0, shown).map(({ uri, type, name }) => (
            <li key={uri}>
              <EntityLink uri={uri} type={type} name={name} tab="lineage" view={{ asOf }} isRow />
              <span className="muted small">{types.of(type).title}</span>
            </li>
          ))}
        </ul>
      )}
      {isOpen && shown < nodes.length && (
        <button type="button" className="button quiet small" onClick={() => setShown(shown + 200)}>
          {`Show ${countedText(nodes.length - shown, 'more', 'more')}`}
        </button>
      )}
    </details>
  );
}
