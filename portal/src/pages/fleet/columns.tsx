import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { FleetRow } from '../../api/types.ts';
import { scoreText } from '../../format/number.ts';
import { lifecycleWords, reasonText, underWayText, verdictWords } from '../../format/words.ts';
import { HealthStrip } from '../../parts/health-strip.tsx';
import { kindOf, State } from '../../parts/state.tsx';
import { Ago } from '../../parts/when.tsx';

export type FleetColumn = {
  readonly id: string;
  readonly head: string;
  /** Said of the head on hover. */
  readonly meaning: string;
  /** Of the API, the first direction that a click gives. */
  readonly sort?: { readonly first: string; readonly second?: string };
  readonly cell: (row: FleetRow, now: string) => ReactNode;
};

export const columns: readonly FleetColumn[] = [
  {
    id: 'verdict',
    head: 'Verdict',
    meaning: 'Of the latest scheduled evaluation. Sorted by what needs attention first.',
    sort: { first: 'attention' },
    cell: ({ verdict }) => <State kind={kindOf(verdict)}>{verdictWords[verdict]}</State>,
  },
  {
    id: 'model',
    head: 'Model',
    meaning: 'Its id',
    sort: { first: 'name', second: '-name' },
    cell: ({ modelId, name }) => (
      <Link href={`/models/${modelId}`} data-row="" className="model-link">
        {name}
      </Link>
    ),
  },
  {
    id: 'team',
    head: 'Team',
    meaning: 'The team that owns it',
    sort: { first: 'team' },
    cell: ({ team }) => <span title={team}>{team}</span>,
  },
  {
    id: 'tier',
    head: 'Tier',
    meaning: '1 is the most important',
    sort: { first: 'tier' },
    cell: ({ tier }) => tier,
  },
  {
    id: 'why',
    head: 'Why',
    meaning: 'The reason of the verdict, in one sentence',
    cell: ({ summary }) => <span title={summary}>{reasonText(summary)}</span>,
  },
  {
    id: 'now',
    head: 'State',
    meaning: 'Where it stands in its life, and what Runway is doing',
    cell: (row) => {
      const underWay = underWayText(row);
      if (underWay !== undefined) return <State kind="progress">{underWay}</State>;
      return <span className="muted">{lifecycleWords[row.lifecycle]}</span>;
    },
  },
  {
    id: 'staleness',
    head: 'Staleness',
    meaning: '0 fresh to 1 stale: the weighted mean of its signals',
    sort: { first: '-stalenessScore', second: 'stalenessScore' },
    cell: ({ stalenessScore }) => <Staleness score={stalenessScore} />,
  },
  {
    id: 'confidence',
    head: 'Confidence',
    meaning: 'How much was seen; the reason on hover',
    cell: ({ confidence }) => <Confidence confidence={confidence} />,
  },
  {
    id: 'evaluated',
    head: 'Evaluated',
    meaning: 'The last scheduled evaluation',
    sort: { first: '-lastEvaluatedAt', second: 'lastEvaluatedAt' },
    cell: ({ lastEvaluatedAt, overdue }) => (
      <span className={overdue ? 'state warning' : undefined}>
        {lastEvaluatedAt === null ? <span className="muted">never</span> : <Ago at={lastEvaluatedAt} />}
        {overdue && ', late'}
      </span>
    ),
  },
  {
    id: 'days',
    head: '30 days',
    meaning: 'The worst trusted verdict of each UTC day; a gap where nothing was known',
    cell: ({ days }, now) => <HealthStrip days={days} now={now} />,
  },
];

function Staleness({ score }: { readonly score: number | null }) {
  if (score === null) return <span className="muted">–</span>;
  return (
    <span>
      {scoreText(score)}
      <span className="meter" aria-hidden="true">
        <i ref={(bar) => void bar?.style.setProperty('width', `${Math.round(score * 100)}%`)} />
      </span>
    </span>
  );
}

function Confidence({ confidence }: { readonly confidence: FleetRow['confidence'] }) {
  if (confidence === null) return <span className="muted">–</span>;
  const reason = confidence.reasons.join('; ') || 'every signal was measured on enough rows';
  return (
    <span title={reason} className={confidence.level === 'high' ? undefined : 'muted'}>
      {confidence.level}
      <span className="visually-hidden">: {reason}</span>
    </span>
  );
}
