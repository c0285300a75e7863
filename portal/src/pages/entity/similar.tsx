import { useSimilar } from '../../api/enrichment-queries.ts';
import type { SimilarAnswer } from '../../api/types.ts';
import { refParts } from '../../format/entity-uri.ts';
import { percentText } from '../../format/number.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { Part } from './part.tsx';
import { RefLink } from './quality.tsx';

const shownReasons = 5;

/** What uses the same as it, how much of it, and what that is. */
export function SimilarPart({ uri }: { readonly uri: string }) {
  const similar = useSimilar(uri);
  return (
    <Part title="Similar entities">
      {similar.isError ? (
        <ProblemNotice what="Similar entities" error={similar.error} onRetry={() => void similar.refetch()} />
      ) : (
        similar.data && <Found answer={similar.data} />
      )}
    </Part>
  );
}

function Found({ answer: { similar, recommended } }: { readonly answer: SimilarAnswer }) {
  if (similar.length === 0) return <p className="muted">Nothing of its type uses the same.</p>;
  return (
    <>
      <Table
        caption="Entities that use the same"
        heads={['What', 'Similarity', 'Because both use']}
        rows={similar.map(({ shared, ...row }) => ({ ...row, because: shared }))}
      />
      {recommended.length > 0 && (
        <>
          <h3 className="recommended">What similar ones use and it does not</h3>
          <Table
            caption="What similar ones use and it does not"
            heads={['What', 'Share of the similarity', 'Because it is used by']}
            rows={recommended.map(({ usedBy, ...row }) => ({ ...row, because: usedBy }))}
          />
        </>
      )}
    </>
  );
}

type Row = {
  readonly uri: string;
  readonly name: string;
  readonly score: number;
  readonly because: readonly string[];
};

function Table(props: {
  readonly caption: string;
  readonly heads: readonly [string, string, string];
  readonly rows: readonly Row[];
}) {
  const [what, share, because] = props.heads;
  return (
    <table className="stack similar">
      <caption className="visually-hidden">{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" className="number">
            {share}
          </th>
          <th scope="col">{because}</th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.uri}>
            <th scope="row">
              <EntityLink uri={row.uri} type={refParts(row.uri).type} name={row.name} isRow />
            </th>
            <td className="number" data-label={share}>
              {percentText(row.score)}
            </td>
            <td data-label={because}>
              <Because uris={row.because} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Because({ uris }: { readonly uris: readonly string[] }) {
  return (
    <span className="links">
      {uris.slice(0, shownReasons).map((uri) => (
        <RefLink key={uri} uri={uri} />
      ))}
      {uris.length > shownReasons && <span className="muted"> and {uris.length - shownReasons} more</span>}
    </span>
  );
}
