import { Link } from 'wouter';
import { useAttention } from '../../api/queries.ts';
import type { FleetPage, FleetRow } from '../../api/types.ts';
import { countedText } from '../../format/number.ts';
import { durationText } from '../../format/time.ts';
import { reasonText, underWayText } from '../../format/words.ts';
import { State } from '../../parts/state.tsx';

const shown = 4;

/** What is wrong now, since when, and what is being done, in one statement. */
export function Attention() {
  const { data } = useAttention();
  if (data === undefined || data.total === 0) return null;
  const atRisk = data.counts.verdict['at-risk'] ?? 0;
  const overdue = data.items.filter((row) => row.overdue);
  return (
    <section className="attention" aria-labelledby="attention">
      <h2 id="attention">
        {atRisk === 0 ? (
          // Silence is not health: what is unknown may be at risk.
          <State kind={(data.counts.verdict.unknown ?? 0) > 0 ? 'unknown' : 'healthy'}>
            No model is known to be at risk
          </State>
        ) : (
          <State kind="breach">{countedText(atRisk, 'model needs', 'models need')} attention</State>
        )}
        <span className="muted rest">{restText(data)}</span>
      </h2>
      {atRisk > 0 && (
        <ul>
          {data.items
            .filter(({ verdict }) => verdict === 'at-risk')
            .slice(0, shown)
            .map((row) => (
              <AtRisk key={row.modelId} row={row} now={data.asOf} />
            ))}
          {atRisk > shown && (
            <li>
              <Link href="/?verdict=at-risk">All {atRisk} at risk</Link>
            </li>
          )}
        </ul>
      )}
      {overdue.length > 0 && (
        <p>
          <State kind="warning">Not evaluated for twice their interval:</State>{' '}
          {overdue.slice(0, shown).map((row, index) => (
            <span key={row.modelId}>
              {index > 0 && ', '}
              <Link href={`/models/${row.modelId}`}>{row.name}</Link>
            </span>
          ))}
          {overdue.length > shown && ' and more'}
        </p>
      )}
    </section>
  );
}

function AtRisk({ row, now }: { readonly row: FleetRow; readonly now: string }) {
  const since = durationText(Date.parse(now) - Date.parse(row.verdictSince));
  const underWay = underWayText(row);
  return (
    <li>
      <Link href={`/models/${row.modelId}`}>{row.name}</Link>
      <span className="muted nowrap">
        tier {row.tier}, {row.team}, for {since}
      </span>
      <span className="why" title={row.summary}>
        {reasonText(row.summary)}
      </span>
      {underWay === undefined ? (
        <span className="muted nowrap">nothing under way</span>
      ) : (
        <State kind="progress">{underWay}</State>
      )}
    </li>
  );
}

/** `of 12; 3 unknown, 7 healthy` */
function restText({ total, counts }: FleetPage): string {
  const { unknown = 0, healthy = 0 } = counts.verdict;
  const parts = [...(unknown > 0 ? [`${unknown} unknown`] : []), `${healthy} healthy`];
  return `of ${countedText(total, 'model')}: ${parts.join(', ')}`;
}
