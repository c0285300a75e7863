import { useState } from 'react';
import type { EntityAnswer } from '../../api/graph-types.ts';
import { countText } from '../../format/number.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { isCurrent } from './relation-groups.ts';
import { panelsOf } from './views.ts';

const shownFirst = 8;
type PanelProps = ReturnType<typeof panelsOf>[number];

/** What readers of such an entity ask first. */
export function Panels({ answer: { entity, relations, asOf } }: { readonly answer: EntityAnswer }) {
  const panels = panelsOf(
    entity.type,
    relations.filter((relation) => isCurrent(relation, asOf)),
  );
  if (panels.length === 0) return null;
  return (
    <div className="panels">
      {panels.map((panel) => (
        <Panel key={panel.title} {...panel} />
      ))}
    </div>
  );
}

function Panel({ title, none, relations }: PanelProps) {
  const [isWhole, setWhole] = useState(false);
  return (
    <section className="panel" aria-label={title}>
      <h2>
        {title} {relations.length > 0 && <span className="muted">{countText(relations.length)}</span>}
      </h2>
      {relations.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul>
          {relations.slice(0, isWhole ? undefined : shownFirst).map(({ uri, entityType, name }) => (
            <li key={uri}>
              <EntityLink uri={uri} type={entityType} name={name} />
            </li>
          ))}
        </ul>
      )}
      {relations.length > shownFirst && (
        <button type="button" className="button quiet small" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${countText(relations.length)}`}
        </button>
      )}
    </section>
  );
}
