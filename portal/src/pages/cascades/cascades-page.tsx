import { Link, useSearchParams } from 'wouter';
import { type CascadesQuery, useCascades } from '../../api/cascade-queries.ts';
import type { Cascade } from '../../api/types.ts';
import { countedText } from '../../format/number.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { Ago } from '../../parts/when.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { cascadeState, costText, progressText } from './cascade-words.ts';
import '../../styles/cascades.css';

/** What follows promotions: cascades under way and ended ones, or all of one model. */
export function CascadesPage() {
  const [parameters] = useSearchParams();
  const modelId = parameters.get('modelId') ?? undefined;
  const title = modelId === undefined ? 'Cascades' : `Cascades of ${modelId}`;
  usePageTitle(title);
  return (
    <>
      <p className="crumbs small">
        <Link href="/retraining-queue">Retrain queue</Link> <span className="muted">/</span>
        {modelId !== undefined && (
          <>
            {' '}
            <Link href="/cascades">Cascades</Link> <span className="muted">/</span>{' '}
            <Link href={`/models/${encodeURIComponent(modelId)}`}>{modelId}</Link>
          </>
        )}
      </p>
      <div className="page-head">
        <h1>{title}</h1>
        <p className="muted">When a version is promoted, the models that depend on it are retrained in waves.</p>
      </div>
      {modelId === undefined ? (
        <>
          <Section query={{ status: 'open' }} title="Under way" />
          <Section query={{ status: 'ended' }} title="Ended" />
        </>
      ) : (
        <Section query={{ modelId }} title="Promotions" />
      )}
    </>
  );
}

const plan = 'POST /v1/retraining-plans {"modelIds": ["<model>"]}';

function Section({ query, title }: { readonly query: CascadesQuery; readonly title: string }) {
  const cascades = useCascades(query);
  const items = cascades.data?.pages.flatMap((page) => page.items);
  const id = `cascades-${title.toLowerCase().replace(' ', '-')}`;
  return (
    <section className="cascades" aria-labelledby={id}>
      <h2 id={id}>
        {title} {items && <span className="muted">{cascades.hasNextPage ? `${items.length}+` : items.length}</span>}
      </h2>
      {cascades.isError && (
        <ProblemNotice what="Cascades" error={cascades.error} onRetry={() => void cascades.refetch()} />
      )}
      {cascades.isPending && <Skeleton label={`Loading cascades: ${title.toLowerCase()}`} />}
      {items?.length === 0 && (
        <Empty title="None" {...(title !== 'Ended' && { command: plan })}>
          A promotion opens one.{title !== 'Ended' && ' What one would retrain can be asked before:'}
        </Empty>
      )}
      {items && items.length > 0 && <CascadeTable items={items} />}
      {cascades.hasNextPage && (
        <button type="button" className="button more" onClick={() => void cascades.fetchNextPage()}>
          Load more
        </button>
      )}
    </section>
  );
}

function CascadeTable({ items }: { readonly items: readonly Cascade[] }) {
  return (
    <table className="stack">
      <caption className="visually-hidden">{countedText(items.length, 'cascade')}</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Promoted</th>
          <th scope="col">Owner</th>
          <th scope="col">When</th>
          <th scope="col">Retrains</th>
          <th scope="col">Cost</th>
        </tr>
      </thead>
      <tbody>
        {items.map((cascade) => (
          <Row key={cascade.cascadeId} cascade={cascade} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ cascade }: { readonly cascade: Cascade }) {
  const { cascadeId, modelId, version, team, promotedAt, members, plan: planned, stop } = cascade;
  const { kind, word } = cascadeState(cascade);
  return (
    <tr>
      <td title={stop && `${stop.by}: ${stop.reason}`}>
        <State kind={kind}>{word}</State>
      </td>
      <th scope="row">
        <Link href={`/cascades/${encodeURIComponent(cascadeId)}`} data-row="">
          {modelId} version {version}
        </Link>
      </th>
      <td data-label="Owner">{team}</td>
      <td data-label="Promoted" className="nowrap">
        <Ago at={promotedAt} />
      </td>
      <td data-label="Retrains">{progressText(members)}</td>
      <td data-label="Cost">{planned ? costText(planned.cost) : '–'}</td>
    </tr>
  );
}
