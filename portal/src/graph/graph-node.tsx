import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { useEntityTypes } from '../api/graph-queries.ts';
import type { FleetRow } from '../api/types.ts';
import { entityPath } from '../format/entity-uri.ts';
import { verdictWords } from '../format/words.ts';
import { kindOf } from '../parts/state.tsx';
import { TypeMark } from '../parts/type-mark.tsx';
import { hopsText } from './lineage-model.ts';
import type { VisibleNode } from './visible-graph.ts';

export type GraphNodeData = {
  readonly visible: VisibleNode;
  readonly asOf: string | undefined;
  /** Of a model in Runway's registry. */
  readonly verdict: FleetRow['verdict'] | undefined;
  /** Tab stops at one node; arrows lead to the others. */
  readonly isStop: boolean;
  /** The keys lead here, so the focus has to follow as soon as it is drawn. */
  readonly takesFocus: boolean;
  readonly onToggle: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
};

/** An entity, or many of a kind as one. */
export function GraphNode({ data }: NodeProps<Node<GraphNodeData>>) {
  const { visible, isStop, takesFocus, verdict, onToggle, ...events } = data;
  const { onKeyDown, onFocus, onBlur } = events;
  const stop = useRef<HTMLAnchorElement & HTMLButtonElement>(null);
  useEffect(() => {
    if (takesFocus) stop.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const common = { ref: stop, tabIndex: isStop ? 0 : -1, onKeyDown, onFocus, onBlur };
  const side = visible.hops < 0 ? 'upstream' : visible.hops > 0 ? 'downstream' : 'root';
  return (
    <div className={`graph-node ${side} ${verdict === undefined ? '' : kindOf(verdict)}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      {visible.kind === 'entity' ? (
        <EntityLabel visible={visible} asOf={data.asOf} verdict={verdict} common={common} />
      ) : (
        <GroupLabel visible={visible} common={common} onToggle={onToggle} />
      )}
      {visible.kind === 'entity' && visible.behind > 0 && side !== 'root' && (
        <button
          type="button"
          className="graph-toggle"
          tabIndex={-1}
          aria-expanded={visible.isOpen}
          aria-label={`${visible.isOpen ? 'Hide' : 'Show'} ${visible.behind} behind ${visible.node.name}`}
          onClick={onToggle}
        >
          {visible.isOpen ? '−' : `+${visible.behind}`}
        </button>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

type Of<Kind> = Extract<VisibleNode, { readonly kind: Kind }>;
type Common = {
  readonly ref: React.RefObject<(HTMLAnchorElement & HTMLButtonElement) | null>;
  readonly tabIndex: number;
} & Pick<GraphNodeData, 'onKeyDown' | 'onFocus' | 'onBlur'>;

function EntityLabel(props: {
  readonly visible: Of<'entity'>;
  readonly asOf: string | undefined;
  readonly verdict: GraphNodeData['verdict'];
  readonly common: Common;
}) {
  const { visible, asOf, verdict, common } = props;
  const { uri, type, name } = visible.node;
  const { title, domain } = useEntityTypes().of(type);
  const behind = visible.behind > 0 && !visible.isOpen ? `, ${visible.behind} more behind it` : '';
  return (
    <Link
      {...common}
      href={entityPath(uri, 'lineage', { asOf })}
      draggable={false}
      className="graph-label"
      title={`${name}\n${uri}`}
      aria-current={visible.hops === 0 ? 'true' : undefined}
    >
      <span className="graph-name">{name}</span>
      <span className="graph-type">
        <TypeMark domain={domain} />
        {title}
        {verdict !== undefined && <b className={`state ${kindOf(verdict)}`}>{verdictWords[verdict]}</b>}
      </span>
      <span className="visually-hidden">{` ${hopsText(visible.hops)}${behind}`}</span>
    </Link>
  );
}

function GroupLabel(props: { readonly visible: Of<'group'>; readonly common: Common; readonly onToggle: () => void }) {
  const { visible, common, onToggle } = props;
  const types = useEntityTypes();
  const { domain } = types.of(visible.type);
  const examples = visible.members.slice(0, 3).map(({ name }) => name);
  return (
    <button
      {...common}
      type="button"
      className="graph-label group"
      aria-expanded={visible.isOpen}
      title={`${examples.join(', ')} …`}
      onClick={onToggle}
    >
      <span className="graph-name">{types.counted(visible.type, visible.members.length)}</span>
      <span className="graph-type">
        <TypeMark domain={domain} />
        {visible.isOpen ? 'put together' : 'show one by one'}
      </span>
      <span className="visually-hidden">{` ${hopsText(visible.hops)}`}</span>
    </button>
  );
}
