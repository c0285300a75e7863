import { type Edge, MarkerType, type Node, Position, ReactFlow, useReactFlow } from '@xyflow/react';
import { type KeyboardEvent, type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { registeredModelId } from '../format/entity-uri.ts';
import { nodeSize, type Position as Place } from './graph-layout.ts';
import { GraphNode, type GraphNodeData } from './graph-node.tsx';
import type { GraphState } from './graph-state.ts';
import { useModelVerdicts } from './model-verdicts.ts';
import type { VisibleNode } from './visible-graph.ts';
import { type ArrowKey, firstViewport, neighbourOf, pathThrough } from './walk-graph.ts';
import '@xyflow/react/dist/base.css';

/** Pixels between what is shown and the edge of the window. */
const margin = 24;
const nodeTypes = { graph: GraphNode };
const marker = { type: MarkerType.ArrowClosed, color: 'var(--line-strong)', width: 16, height: 16 } as const;
const handles = [
  { type: 'target', position: Position.Left, x: 0, y: nodeSize.height / 2, width: 1, height: 1 },
  { type: 'source', position: Position.Right, x: nodeSize.width, y: nodeSize.height / 2, width: 1, height: 1 },
] as const;

/** The picture: what stands outside of the window is not in the document. Arrows walk it, + and − open and close. */
export function GraphCanvas({ state, asOf }: { readonly state: GraphState; readonly asOf: string | undefined }) {
  const { graph, positions, lineage } = state;
  const [active, setActive] = useState<string>();
  const [stop, setStop] = useState<{ readonly id: string; readonly takesFocus: boolean }>();
  const flow = useReactFlow();
  const host = useRef<HTMLDivElement>(null);
  const toggle = useToggleInPlace(state, host);
  const verdicts = useModelVerdicts();
  const isDrawn = stop !== undefined && positions.has(stop.id);
  const stopId = isDrawn ? stop.id : lineage.root.uri;

  const go = useCallback(
    (id: string) => {
      const at = positions.get(id);
      const size = host.current;
      if (at === undefined || size === null) return;
      const { x, y, zoom } = flow.getViewport();
      const [left, top] = [at.x * zoom + x, at.y * zoom + y];
      const isInside =
        left >= 0 &&
        top >= 0 &&
        left + nodeSize.width * zoom <= size.clientWidth &&
        top + nodeSize.height * zoom <= size.clientHeight;
      if (!isInside)
        void flow.setCenter(at.x + nodeSize.width / 2, at.y + nodeSize.height / 2, { zoom: Math.max(zoom, 0.7) });
      setStop({ id, takesFocus: true });
    },
    [flow, positions],
  );

  const lit = useMemo(() => (active === undefined ? undefined : pathThrough(graph, active)), [graph, active]);
  const nodes = useMemo(() => {
    const keyDown = (visible: VisibleNode) => (event: KeyboardEvent) => {
      const next = event.key.startsWith('Arrow')
        ? neighbourOf(positions, visible.id, event.key as ArrowKey)
        : undefined;
      const toggles = (event.key === '+' && !visible.isOpen) || (event.key === '-' && visible.isOpen);
      if (event.key.startsWith('Arrow') || toggles) event.preventDefault();
      if (next !== undefined) go(next);
      if (toggles && visible.behind > 0) toggle(visible.id);
    };
    return graph.nodes.map((visible): Node<GraphNodeData> => {
      const { id } = visible;
      return {
        id,
        type: 'graph',
        position: { ...(positions.get(id) ?? { x: 0, y: 0 }) },
        ...nodeSize,
        handles: [...handles],
        ...(lit !== undefined && { className: lit.has(id) ? 'lit' : 'dim' }),
        data: {
          visible,
          asOf,
          verdict: verdicts.get(registeredModelId(id) ?? ''),
          isStop: id === stopId,
          takesFocus: isDrawn && stop.takesFocus && id === stopId,
          onToggle: () => toggle(id),
          onKeyDown: keyDown(visible),
          onFocus: () => {
            setActive(id);
            setStop({ id, takesFocus: false });
          },
          onBlur: () => setActive(undefined),
        },
      };
    });
  }, [graph, positions, lit, asOf, verdicts, stopId, isDrawn, stop, go, toggle]);

  const edges = useMemo(() => {
    const names = new Map(graph.nodes.map((node) => [node.id, nameOf(node)]));
    const hops = new Map(graph.nodes.map((node) => [node.id, node.hops]));
    return graph.edges.map(({ id, source, target, isIndirect }): Edge => {
      const state = lit === undefined ? '' : lit.has(source) && lit.has(target) ? 'lit' : 'dim';
      return {
        id,
        source,
        target,
        // What runs against the order of the columns stands back until it is asked for.
        className: `${isIndirect ? 'indirect' : ''} ${(hops.get(source) ?? 0) < (hops.get(target) ?? 0) ? '' : 'back'} ${state}`,
        markerEnd: marker,
        ariaLabel: `${names.get(target)} depends on ${names.get(source)}`,
      };
    });
  }, [graph, lit]);

  return (
    <div className="graph-canvas" ref={host}>
      <ReactFlow
        aria-label="Lineage: what it depends on to the left, what depends on it to the right"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        minZoom={0.1}
        maxZoom={1.5}
        onInit={() => void flow.setViewport(viewportIn(host.current, positions))}
        onNodeMouseEnter={(_, { id }) => setActive(id)}
        onNodeMouseLeave={() => setActive(undefined)}
      />
      <div className="graph-zoom">
        <button type="button" className="button" aria-label="Larger" onClick={() => void flow.zoomIn()}>
          +
        </button>
        <button type="button" className="button" aria-label="Smaller" onClick={() => void flow.zoomOut()}>
          −
        </button>
        <button type="button" className="button" onClick={() => void flow.fitView({ padding: 0.05 })}>
          Fit
        </button>
        <button type="button" className="button" onClick={() => go(lineage.root.uri)}>
          Centre
        </button>
      </div>
    </div>
  );
}

function viewportIn(host: HTMLElement | null, positions: ReadonlyMap<string, Place>) {
  const size = { width: host?.clientWidth ?? 0, height: host?.clientHeight ?? 0 };
  return firstViewport(positions, nodeSize, size);
}

function nameOf(visible: VisibleNode): string {
  return visible.kind === 'entity' ? visible.node.name : `${visible.members.length} ${visible.type}`;
}

/** What one opens or closes stays where it is on the screen while the others make room, unless what it shows were out of sight. */
function useToggleInPlace(state: GraphState, host: RefObject<HTMLElement | null>): (id: string) => void {
  const { graph, positions, toggle } = state;
  const flow = useReactFlow();
  const held = useRef<{ readonly id: string; readonly at: Place }>(undefined);
  const now = useRef(positions);
  useLayoutEffect(() => {
    now.current = positions;
    const { id = '', at: before } = held.current ?? {};
    const after = positions.get(id);
    held.current = undefined;
    if (before === undefined || after === undefined) return;
    const { x, y, zoom } = flow.getViewport();
    const left = x + (before.x - after.x) * zoom;
    const shown = positions.get(graph.nodes.find(({ parent }) => parent === id)?.id ?? '') ?? after;
    const [begin, end] = [shown.x * zoom + left, (shown.x + nodeSize.width) * zoom + left];
    const beyond = Math.max(0, end + margin - (host.current?.clientWidth ?? end));
    const by = begin < margin ? margin - begin : -beyond;
    void flow.setViewport({ x: left + by, y: y + (before.y - after.y) * zoom, zoom });
  }, [graph, positions, flow, host]);
  return useCallback(
    (id: string) => {
      const at = now.current.get(id);
      held.current = at === undefined ? undefined : { id, at };
      toggle(id);
    },
    [toggle],
  );
}
