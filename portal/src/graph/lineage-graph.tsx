import { ReactFlowProvider } from '@xyflow/react';
import { useEntityTypes } from '../api/graph-queries.ts';
import type { DependencyEdge, Reached } from '../api/graph-types.ts';
import { GraphCanvas } from './graph-canvas.tsx';
import { GraphList } from './graph-list.tsx';
import { type GraphState, useGraphState } from './graph-state.ts';

export type Walked = { readonly items: readonly Reached[]; readonly edges?: readonly DependencyEdge[] };

/** Upstream to the left, downstream to the right; the same in words beside it. */
export function LineageGraph(props: {
  readonly root: Pick<Reached, 'uri' | 'type' | 'name'>;
  /** Stable while nothing changes. */
  readonly upstream: Walked;
  readonly downstream: Walked;
  readonly asOf: string | undefined;
}) {
  const { root, upstream, downstream, asOf } = props;
  const state = useGraphState(root, upstream, downstream);
  return (
    <div className="lineage">
      <GraphTools state={state} />
      <div className="lineage-both">
        <ReactFlowProvider>
          <GraphCanvas state={state} asOf={asOf} />
        </ReactFlowProvider>
        <GraphList lineage={state.lineage} hiddenTypes={state.view.hiddenTypes} asOf={asOf} />
      </div>
    </div>
  );
}

function GraphTools({ state }: { readonly state: GraphState }) {
  const { lineage, view, toggleType, setAllOpen } = state;
  const types = useEntityTypes();
  const counts = [...Map.groupBy(lineage.nodes, ({ type }) => type)].toSorted(([, a], [, b]) => b.length - a.length);
  return (
    <div className="graph-tools">
      <fieldset className="filters">
        <legend className="visually-hidden">Types that are shown</legend>
        {counts.map(([type, nodes]) => (
          <button
            key={type}
            type="button"
            className="chip"
            aria-pressed={!view.hiddenTypes.has(type)}
            onClick={() => toggleType(type)}
          >
            {types.of(type).plural} <span className="muted">{nodes.length}</span>
          </button>
        ))}
      </fieldset>
      <div className="buttons">
        <button type="button" className="button" onClick={() => setAllOpen(true)}>
          Expand all
        </button>
        <button type="button" className="button" onClick={() => setAllOpen(false)}>
          Two hops
        </button>
      </div>
    </div>
  );
}
