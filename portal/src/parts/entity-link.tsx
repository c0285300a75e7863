import { Link } from 'wouter';
import { useEntityTypes } from '../api/graph-queries.ts';
import { type EntityTab, type EntityView, entityPath } from '../format/entity-uri.ts';
import { TypeMark } from './type-mark.tsx';

/** An entity's sign and name; its type in words for who does not see the sign, and for everyone on hover. */
export function EntityLink(props: {
  readonly uri: string;
  readonly type: string;
  readonly name: string;
  readonly tab?: EntityTab;
  readonly view?: EntityView;
  /** `j` and `k` stop at it. */
  readonly isRow?: boolean;
}) {
  const { uri, type, name, tab, view, isRow = false } = props;
  const { title, domain } = useEntityTypes().of(type);
  return (
    <Link
      href={entityPath(uri, tab, view)}
      className="entity-link"
      title={`${title} ${uri}`}
      {...(isRow && { 'data-row': '' })}
    >
      <TypeMark domain={domain} />
      <span className="visually-hidden">{title} </span>
      <span className="entity-name">{name}</span>
    </Link>
  );
}
