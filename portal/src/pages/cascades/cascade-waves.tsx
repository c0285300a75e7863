import { Link } from 'wouter';
import type { Cascade, CascadeMember } from '../../api/types.ts';
import { countedText, figureText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { State } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';
import { costText, memberReason, memberStates } from './cascade-words.ts';

/** The waves in order, each with its retrains: state, why, start, cost. */
export function CascadeWaves({ cascade: { members, plan } }: { readonly cascade: Cascade }) {
  const waves = [...Map.groupBy(members, ({ wave }) => wave)].toSorted(([a], [b]) => a - b);
  return waves.map(([wave, own]) => {
    const planned = plan?.waves.find((each) => each.wave === wave);
    return (
      <section key={wave} className="part wave" aria-labelledby={`wave-${wave}`}>
        <h2 id={`wave-${wave}`}>
          Wave {wave}{' '}
          <span className="muted">
            {countedText(own.length, 'model')}
            {planned && `, ${costText(planned.cost)}`}
            {planned?.startsAt !== undefined && `, planned from ${momentText(planned.startsAt)}`}
          </span>
        </h2>
        <table className="stack">
          <caption className="visually-hidden">{`Retrains of wave ${wave}`}</caption>
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Model</th>
              <th scope="col">Owner</th>
              <th scope="col" className="number">
                Tier
              </th>
              <th scope="col">Why</th>
              <th scope="col">Start</th>
              <th scope="col" className="number">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {own.map((member) => (
              <Row key={member.modelId} member={member} members={members} />
            ))}
          </tbody>
        </table>
      </section>
    );
  });
}

function Row({ member, members }: { readonly member: CascadeMember; readonly members: readonly CascadeMember[] }) {
  const { modelId, team, tier, status, cost, companionOf, batch } = member;
  const { kind, word } = memberStates[status];
  return (
    <tr>
      <td>
        <State kind={kind}>{word}</State>
      </td>
      <th scope="row">
        <Link href={`/models/${encodeURIComponent(modelId)}#journeys`} data-row="">
          {modelId}
        </Link>
        {companionOf !== undefined && (
          <span className="muted small" title="It follows every new version at once, without a cooldown">
            companion of {companionOf}
          </span>
        )}
      </th>
      <td data-label="Owner">{team}</td>
      <td className="number" data-label="Tier">
        {tier}
      </td>
      <td className="why">
        {memberReason(member, members)}
        {batch !== undefined && <span className="muted small">batch {batch}</span>}
      </td>
      <td data-label="Start">
        <Start member={member} />
      </td>
      <td className="number" data-label="Cost">
        {cost === null ? <span className="muted">not known</span> : `${figureText(cost)} USD`}
      </td>
    </tr>
  );
}

/** When it began, else when it is planned to. */
function Start({ member: { requestedAt, startsAt, status } }: { readonly member: CascadeMember }) {
  if (requestedAt !== undefined) return <Moment at={requestedAt} />;
  if (startsAt === undefined || status === 'skipped') return '–';
  return (
    <span className="muted">
      planned <Moment at={startsAt} />
    </span>
  );
}
