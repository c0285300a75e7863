import { Link } from 'wouter';
import { useEntityTypes } from '../../api/graph-queries.ts';
import type { EntityAnswer } from '../../api/graph-types.ts';
import { type EntityTab, entityPath, refParts, registeredModelId } from '../../format/entity-uri.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { RecordState } from '../../parts/record-state.tsx';
import { TypeMark } from '../../parts/type-mark.tsx';

const tabs: readonly { readonly tab: EntityTab | undefined; readonly title: string }[] = [
  { tab: undefined, title: 'Entity' },
  { tab: 'lineage', title: 'Lineage' },
  { tab: 'impact', title: 'Impact' },
];

/** What stands above all pages of an entity; without an answer yet what its URI says. */
export function EntityHead(props: {
  readonly uri: string;
  readonly tab?: EntityTab;
  readonly asOf?: string | undefined;
  readonly answer: EntityAnswer | undefined;
}) {
  const { uri, tab, asOf, answer } = props;
  const { type, id, platform } = refParts(uri);
  const { title, plural, domain } = useEntityTypes().of(type);
  const modelId = registeredModelId(uri);
  return (
    <>
      <p className="crumbs small">
        <Link href="/search">Explore</Link> <span className="muted">/</span>{' '}
        <Link href={`/search?${new URLSearchParams({ type })}`}>{plural}</Link>
      </p>
      <div className="page-head entity-head">
        <TypeMark domain={domain} />
        <h1>{answer?.entity.name ?? id}</h1>
        <p className="muted facts">
          <span>{title}</span>
          <span>on {platform}</span>
          {answer && <Owners answer={answer} />}
          {answer && (
            <span>
              <RecordState state={answer.entity.state} />
            </span>
          )}
          {modelId !== undefined && (
            <span>
              <Link href={`/models/${encodeURIComponent(modelId)}`}>health of the model</Link>
            </span>
          )}
        </p>
      </div>
      <nav className="tabs" aria-label="Pages of this entity">
        {tabs.map(({ tab: other, title: words }) => (
          <Link key={words} href={entityPath(uri, other, { asOf })} aria-current={other === tab ? 'page' : undefined}>
            {words}
          </Link>
        ))}
      </nav>
    </>
  );
}

function Owners({ answer: { relations, asOf } }: { readonly answer: EntityAnswer }) {
  const owners = relations.filter(({ type, direction, validTo }) => {
    return type === 'ownedBy' && direction === 'out' && (validTo === undefined || validTo > asOf);
  });
  if (owners.length === 0) return <span>no owner</span>;
  return (
    <span className="links">
      owned by{' '}
      {owners.map(({ uri, entityType, name }) => (
        <EntityLink key={uri} uri={uri} type={entityType} name={name} />
      ))}
    </span>
  );
}
