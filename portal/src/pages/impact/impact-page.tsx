import { lazy, Suspense } from 'react';
import { useSearchParams } from 'wouter';
import { useEntity, useEntityTypes, useWalk } from '../../api/graph-queries.ts';
import type { WalkAnswer } from '../../api/graph-types.ts';
import { refParts } from '../../format/entity-uri.ts';
import { countText } from '../../format/number.ts';
import { TimeSlider, useAsOf } from '../../parts/as-of.tsx';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { firstKnown } from '../entity/changes.ts';
import { EntityHead } from '../entity/entity-head.tsx';
import { ExportButtons } from './export-buttons.tsx';
import { Extent } from './extent.tsx';
import { ImpactList } from './impact-list.tsx';
import { impactText } from './impact-words.ts';
import '../../styles/model.css';
import '../../styles/graph.css';

const LineageGraph = lazy(async () => ({
  default: (await import('../../graph/lineage-graph.tsx')).LineageGraph,
}));
const pageRows = 100;

/** Who is affected when the entity changes: a list with the ways, then the picture. */
export function ImpactPage({ uri }: { readonly uri: string }) {
  const { asOf } = useAsOf();
  const [parameters, setParameters] = useSearchParams();
  const types = parameters.get('types') ?? undefined;
  const query = { limit: pageRows, asOf, types, edges: true } as const;
  const entity = useEntity(uri, asOf);
  const impact = useWalk(uri, 'impact', query);
  const name = entity.data?.entity.name ?? refParts(uri).id;
  usePageTitle(`Impact of ${name}`);
  const [first] = impact.data?.pages ?? [];
  const items = impact.data?.pages.flatMap((page) => page.items) ?? [];
  const setType = (type: string | undefined) =>
    setParameters((current) => {
      if (type === undefined) current.delete('types');
      else current.set('types', type);
      return current;
    });
  return (
    <>
      <EntityHead uri={uri} tab="impact" asOf={asOf} answer={entity.data} />
      <TimeSlider since={firstKnown(entity.data)} />
      {impact.isError && (
        <ProblemNotice what={`The impact of ${name}`} error={impact.error} onRetry={() => void impact.refetch()} />
      )}
      {impact.isPending && <Skeleton lines={9} label="Loading the impact" />}
      {first && (
        <>
          <Said answer={first} types={types} onAll={() => setType(undefined)} />
          {first.total === 0 && types === undefined ? (
            <Empty title={`Nothing depends on ${name}`}>
              Consumers appear here as soon as one is declared with the model, or a run that reads it is reported.
            </Empty>
          ) : (
            <div className="impact-page">
              <Extent answer={first} type={types} setType={setType} />
              <div>
                <ExportButtons uri={uri} query={query} total={first.total} />
                <ImpactList items={items} />
                {impact.hasNextPage && (
                  <button
                    type="button"
                    className="button more"
                    disabled={impact.isFetchingNextPage}
                    onClick={() => void impact.fetchNextPage()}
                  >
                    Show more of {countText(first.total)}
                  </button>
                )}
                {items.length > 0 && (
                  <section className="part" aria-labelledby="picture">
                    <h2 id="picture">As a graph</h2>
                    <Suspense fallback={<Skeleton label="Loading the graph" />}>
                      <LineageGraph
                        root={{ uri, type: refParts(uri).type, name }}
                        upstream={{ items: [] }}
                        downstream={{ items, edges: impact.data?.pages.flatMap((page) => page.edges ?? []) ?? [] }}
                        asOf={asOf}
                      />
                    </Suspense>
                  </section>
                )}
              </div>
            </div>
          )}
        </>
      )}
    </>
  );
}

function Said(props: { readonly answer: WalkAnswer; readonly types: string | undefined; readonly onAll: () => void }) {
  const words = useEntityTypes();
  const { answer, types, onAll } = props;
  return (
    <p className="impact-text">
      {impactText(answer)}
      {types !== undefined && (
        <>
          {' '}
          <span className="muted">
            Of these types only:{' '}
            {types
              .split(',')
              .map((type) => words.of(type).plural)
              .join(', ')}
            .
          </span>{' '}
          <button type="button" className="button quiet" onClick={onAll}>
            All types
          </button>
        </>
      )}
    </p>
  );
}
