import { Link } from 'wouter';
import { useEntityTypes } from '../../api/graph-queries.ts';
import type { SearchHit } from '../../api/graph-types.ts';
import { entityPath } from '../../format/entity-uri.ts';
import { countText } from '../../format/number.ts';
import { RecordState } from '../../parts/record-state.tsx';
import { TypeMark } from '../../parts/type-mark.tsx';
import { marked } from './marked.tsx';

const shownTags = 6;

/** What was found: what it is, whose, and whether it is described, only mentioned, or gone. */
export function Hit({ hit }: { readonly hit: SearchHit }) {
  const { uri, type, platform, name, description, owners, owned, tags, state } = hit;
  const { title, domain } = useEntityTypes().of(type);
  const isUsual = state === 'hydrated' || state === 'enriched';
  return (
    <li className="hit">
      <div className="hit-head">
        <TypeMark domain={domain} />
        <h2>
          <Link href={entityPath(uri)} data-row="" title={uri} className={`hit-name ${state}`}>
            {marked(hit, 'name', name)}
          </Link>
        </h2>
        <span className="muted">{title}</span>
        {!isUsual && <RecordState state={state} />}
      </div>
      {description !== undefined && <p className="hit-text">{marked(hit, 'description', description)}</p>}
      <p className="muted small facts">
        <span>{owners.length === 0 ? 'no owner' : owners.map((owner) => owner.name).join(', ')}</span>
        <span>on {platform}</span>
        {owned !== undefined && <span>owns {countText(owned)}</span>}
        {tags.length > 0 && (
          <span className="tags">
            {tags.slice(0, shownTags).map((tag) => (
              <code key={tag} className="tag">
                {tag}
              </code>
            ))}
            {tags.length > shownTags && ` and ${tags.length - shownTags} more`}
          </span>
        )}
      </p>
    </li>
  );
}
