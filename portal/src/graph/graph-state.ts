import { useMemo, useState } from 'react';
import { layoutGraph } from './graph-layout.ts';
import { lineageOf } from './lineage-model.ts';
import { firstView, visibleGraph } from './visible-graph.ts';

type Given = Parameters<typeof lineageOf>;

/** What is known, what of it is drawn, and where; with what a reader can do to it. */
export function useGraphState(root: Given[0], upstream: Given[1], downstream: Given[2]) {
  const [view, setView] = useState(firstView);
  const { uri, type, name } = root;
  const lineage = useMemo(
    () => lineageOf({ uri, type, name }, upstream, downstream),
    [uri, type, name, upstream, downstream],
  );
  const graph = useMemo(() => visibleGraph(lineage, view), [lineage, view]);
  const positions = useMemo(() => layoutGraph(graph), [graph]);
  return {
    lineage,
    graph,
    positions,
    view,
    toggle: (id: string) => setView((current) => ({ ...current, toggled: flipped(current.toggled, id) })),
    setAllOpen: (isAllOpen: boolean) => setView((current) => ({ ...current, isAllOpen, toggled: new Set() })),
    toggleType: (hidden: string) =>
      setView((current) => ({ ...current, hiddenTypes: flipped(current.hiddenTypes, hidden) })),
  };
}

export type GraphState = ReturnType<typeof useGraphState>;

function flipped(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return set.has(id) ? new Set([...set].filter((other) => other !== id)) : new Set([...set, id]);
}
