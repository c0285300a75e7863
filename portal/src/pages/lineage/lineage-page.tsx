import { useMemo } from 'react';
import { useEntity, useWalk } from '../../api/graph-queries.ts';
import type { WalkAnswer } from '../../api/graph-types.ts';
import { refParts } from '../../format/entity-uri.ts';
import { countedText, countText } from '../../format/number.ts';
import { LineageGraph } from '../../graph/lineage-graph.tsx';
import { TimeSlider, useAsOf } from '../../parts/as-of.tsx';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { firstKnown } from '../entity/changes.ts';
import { EntityHead } from '../entity/entity-head.tsx';
import '../../styles/model.css';
import '../../styles/graph.css';

/** Each way; more than that nobody reads as a picture. */
const mostNodes = 500;

/** Where an entity comes from and where it goes, as a picture and in words. */
export function LineagePage({ uri }: { readonly uri: string }) {
  const { asOf } = useAsOf();
  const query = { limit: mostNodes, asOf, edges: true } as const;
  const entity = useEntity(uri, asOf);
  const upstream = useWalk(uri, 'lineage', query);
  const downstream = useWalk(uri, 'impact', query);
  const name = entity.data?.entity.name ?? refParts(uri).id;
  usePageTitle(`Lineage of ${name}`);
  const walks = [upstream, downstream] as const;
  const failed = walks.find(({ isError }) => isError);
  const [above, below] = walks.map(({ data }) => data?.pages[0]);
  return (
    <>
      <EntityHead uri={uri} tab="lineage" asOf={asOf} answer={entity.data} />
      <TimeSlider since={firstKnown(entity.data)} />
      {failed && (
        <ProblemNotice
          what={`The lineage of ${name}`}
          error={failed.error}
          onRetry={() => {
            for (const walk of walks) void walk.refetch();
          }}
        />
      )}
      {!failed && (above === undefined || below === undefined) && <Skeleton lines={9} label="Loading the lineage" />}
      {above && below && <Picture uri={uri} name={name} asOf={asOf} above={above} below={below} />}
    </>
  );
}

function Picture(props: {
  readonly uri: string;
  readonly name: string;
  readonly asOf: string | undefined;
  readonly above: WalkAnswer;
  readonly below: WalkAnswer;
}) {
  const { uri, name, asOf, above, below } = props;
  const root = useMemo(() => ({ uri, type: refParts(uri).type, name }), [uri, name]);
  if (above.total + below.total === 0)
    return (
      <Empty title={`Nothing is known to be connected with ${name}`}>
        What reads it, makes it or serves it appears here as soon as a provider says so
        {asOf !== undefined && '; move the slider to now to see what is known at present'}.
      </Empty>
    );
  return (
    <>
      <p className="impact-text">{lineageText(above, below)}</p>
      <LineageGraph root={root} upstream={above} downstream={below} asOf={asOf} />
    </>
  );
}

/** `Depends on 12 entities; 3 depend on it.`, and what of them is not drawn. */
function lineageText(above: WalkAnswer, below: WalkAnswer): string {
  const left = above.total - above.items.length + (below.total - below.items.length);
  return [
    `Depends on ${countedText(above.total, 'entity', 'entities')}; ${countText(below.total)} ${below.total === 1 ? 'depends' : 'depend'} on it.`,
    ...(left > 0 ? [`${countText(left)} of the furthest are not drawn: ask from somewhere nearer to them.`] : []),
    ...(above.cycles.length > 0 ? ['Some depend on each other in a circle; those stand upstream.'] : []),
  ].join(' ');
}
