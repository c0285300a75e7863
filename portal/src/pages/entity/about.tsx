import type { EntityRecord } from '../../api/graph-types.ts';
import { countText } from '../../format/number.ts';
import { Ago } from '../../parts/when.tsx';

type Value = EntityRecord['attributes'][string];

/** What providers say of it, who they are, and how fresh that is. */
export function AboutSection({ entity }: { readonly entity: EntityRecord }) {
  const attributes = Object.entries(entity.attributes);
  return (
    <div className="about-entity">
      <dl className="pairs">
        <Pair name="URI">
          <code>{entity.uri}</code>
        </Pair>
        {attributes.map(([name, value]) => (
          <Pair key={name} name={attributeText(name)}>
            <AttributeValue value={value} />
          </Pair>
        ))}
      </dl>
      <dl className="pairs">
        <Pair name="Described">
          {entity.sources.length === 0 ? 'by nobody: others only refer to it' : <Sources sources={entity.sources} />}
        </Pair>
        <Pair name="Last enriched">{entity.enrichedAt === undefined ? 'not yet' : <Ago at={entity.enrichedAt} />}</Pair>
        {entity.removedAt !== undefined && (
          <Pair name="Removed">
            <Ago at={entity.removedAt} />
          </Pair>
        )}
        {entity.tags.length > 0 && (
          <Pair name="Tags">
            <span className="tags">
              {entity.tags.map((tag) => (
                <code key={tag} className="tag">
                  {tag}
                </code>
              ))}
            </span>
          </Pair>
        )}
      </dl>
    </div>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className="pair">
      <dt className="muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Sources({ sources }: { readonly sources: EntityRecord['sources'] }) {
  return (
    <ul>
      {sources.map(({ provider, hydratedAt, removedAt }) => (
        <li key={provider}>
          by {provider}
          {hydratedAt !== undefined && (
            <>
              , <Ago at={hydratedAt} />
            </>
          )}
          {removedAt !== undefined && (
            <>
              , removed there <Ago at={removedAt} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** An address becomes a link only when a browser would fetch it over the web. */
function AttributeValue({ value }: { readonly value: Value }) {
  if (typeof value === 'number') return countOrFigure(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'string') return value.join(', ');
  if (!/^https?:\/\/[^\s]+$/.test(value)) return <span className="value">{value}</span>;
  return (
    <a href={value} rel="noreferrer noopener" target="_blank" className="value">
      {value}
    </a>
  );
}

function countOrFigure(value: number): string {
  return Number.isInteger(value) ? countText(value) : String(value);
}

/** `columnCount` as `Column count`. */
function attributeText(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').replace(/(?<=[a-z\d])(?=[A-Z])/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
